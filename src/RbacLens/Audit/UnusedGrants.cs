using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Findings about grants that nobody used within the window of the log.</summary>
public static class UnusedGrants
{
    static readonly TimeSpan LongEnough = TimeSpan.FromDays(30);

    /// <summary>What these findings are instances of.</summary>
    public static Policy Policy { get; } = new()
    {
        Id = "unused-grant",
        Area = "audit",
        Title = "Grants what nobody used",
        Why = "A grant that nobody uses helps nobody but an intruder. The audit log shows no request that this binding allowed, nor one that it would have "
            + "allowed had another binding not been asked first. That holds within the log's window and no further: what runs once a quarter needs a longer log.",
        Fix = "Ask its owner, then remove the binding; where some rules are used, rbac-lens audit suggest prints what would be enough.",
        References = [new("NIST", "AC-6(7)"), new(null, "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review")],
        Needs = ["ClusterRoleBinding", "RoleBinding", "AuditEvent"],
        Match = new Match.Elsewhere(),
    };

    /// <summary>One finding for each binding of the cluster that the log proves unused; what ships with Kubernetes is marked as stock.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="usage">What the log says.</param>
    /// <param name="findings">The other findings: what is dangerous and unused should go first.</param>
    /// <param name="stock">What ships.</param>
    public static ImmutableArray<Finding> Findings(Snapshot cluster, Usage usage, IEnumerable<Finding> findings, Stock stock)
    {
        if (usage.Requests == 0 || usage.From is null)
            return [];
        var authorizer = new Authorizer(cluster.Roles, cluster.Bindings);
        var byTarget = cluster.Bindings.ToDictionary(binding => (binding.Kind, binding.Scope, binding.Name));
        var worst = findings.SelectMany(finding => finding.Grants.Select(grant => (grant.Binding, finding.Severity)))
            .GroupBy(entry => (entry.Binding.Kind, entry.Binding.Scope, entry.Binding.Name))
            .ToDictionary(binding => binding.Key, binding => binding.Max(entry => entry.Severity));
        return
        [
            .. from unused in usage.Bindings
               where unused is { Used.Requests: 0, AlsoAllowed: 0, IsObservable: true }
               let binding = byTarget.GetValueOrDefault((unused.Kind, unused.Scope, unused.Name))
               where binding is not null
               let role = authorizer.Resolve(binding)
               where role is { Rules.Count: > 0 } && binding.Subjects.Length > 0
               let carried = worst.TryGetValue((binding.Kind, binding.Scope, binding.Name), out var severity) ? severity : (Severity?)null
               select new Finding(Policy, new(binding.Kind, binding.Scope.Namespace, binding.Name), [binding.Scope], SeverityOf(usage, carried, binding.Created), Because(usage, binding, carried))
               {
                   Grants = [.. binding.Subjects.Select(subject => new Grant(subject, binding, role, [.. Enumerable.Range(0, role.Rules.Count)]))],
                   IsStock = binding.Subjects.All(subject => stock.Ships(binding, subject)),
                   Usage = default(UseCount),
               },
        ];
    }

    // A short window proves little, so it is only worth knowing.
    internal static Severity SeverityOf(Usage usage, Severity? carried, DateTimeOffset? made = null) => (SpanSince(usage, made) >= LongEnough, carried >= Severity.High) switch
    {
        (true, true) => Severity.Medium,
        (true, false) or (false, true) => Severity.Low,
        _ => Severity.Info,
    };

    static string Because(Usage usage, Binding binding, Severity? carried) =>
        $"none of its subjects ({string.Join(", ", binding.Subjects)}) used it {Window(usage, binding.Created)}"
        + (carried >= Severity.High ? "; it carries a finding that is worse" : "");

    /// <summary>The time that is spoken of: <c>between … and …, 12 days</c>; of what was made later, <c>between …, when it was made, and …, 2 days</c>.</summary>
    internal static string Window(Usage usage, DateTimeOffset? made = null) => made > usage.From
        ? $"between {Time(made)}, when it was made, and {Time(usage.To)}, {Span(SpanSince(usage, made))}"
        : $"between {Time(usage.From)} and {Time(usage.To)}, {Span(usage.Span)}";

    static TimeSpan SpanSince(Usage usage, DateTimeOffset? made) => made > usage.From ? usage.To - made ?? TimeSpan.Zero : usage.Span;

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown time";

    static string Span(TimeSpan span) =>
        span.TotalDays >= 2 ? $"{(int)span.TotalDays} days" : span.TotalHours >= 2 ? $"{(int)span.TotalHours} hours" : span.TotalMinutes >= 2 ? $"{(int)span.TotalMinutes} minutes" : "1 minute";
}
