using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Findings about service accounts whose tokens are mounted and that asked nothing within the window of the log.</summary>
public static class UnusedTokens
{
    const int Shown = 5;

    /// <summary>What these findings are instances of.</summary>
    public static Policy Policy { get; } = new()
    {
        Id = "unused-token",
        Area = "audit",
        Title = "Has its token mounted and never uses it",
        Why = "A token that no program uses still serves whoever gets into the container. The audit log shows no request by this account, not even a refused "
            + "one. That holds within the log's window and no further, and what shows the token to something else than the API server leaves no trace there.",
        Fix = "Set automountServiceAccountToken: false on the account or in the pods that are named, and watch what they do.",
        References = [new("CIS", "5.1.6"), new("NIST", "AC-6(7)"), new(null, "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting")],
        Needs = ["Pod", "ServiceAccount", "AuditEvent"],
        Match = new Match.Elsewhere(),
    };

    /// <summary>One finding for each account that the log proves idle.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="usage">What the log says.</param>
    /// <param name="findings">The other findings: what is dangerous and unused should go first.</param>
    public static ImmutableArray<Finding> Findings(Snapshot cluster, Usage usage, IEnumerable<Finding> findings)
    {
        if (usage.Requests == 0 || usage.From is null)
            return [];
        var authorizer = new Authorizer(cluster.Roles, cluster.Bindings);
        var worst = findings.GroupBy(finding => finding.About).ToDictionary(about => about.Key, about => about.Max(finding => finding.Severity));
        var made = Made(cluster);
        return
        [
            .. from account in usage.Accounts
               where account is { Used.Requests: 0, IsObservable: true }
               let about = Target.Of(account.Account)
               let since = made.GetValueOrDefault(account.Account)
               let carried = worst.TryGetValue(about, out var severity) ? severity : (Severity?)null
               select new Finding(Policy, about, [new Scope(account.Account.Namespace)], UnusedGrants.SeverityOf(usage, carried, since), Because(usage, account, since, carried))
               {
                   Grants = [.. authorizer.PermissionsOf(Identity.Of(account.Account)).Grants.Where(grant => grant.Subject.Canonical == account.Account)],
                   Usage = default(UseCount),
               },
        ];
    }

    /// <summary>When accounts were made, as far as that is known.</summary>
    internal static Dictionary<Subject.ServiceAccount, DateTimeOffset?> Made(Snapshot cluster) =>
        cluster.Accounts.Where(account => account.Created is not null).DistinctBy(account => account.Subject).ToDictionary(account => account.Subject, account => account.Created);

    static string Because(Usage usage, AccountUsage account, DateTimeOffset? made, Severity? carried)
    {
        var more = account.MountedIn.Length > Shown ? $" and {account.MountedIn.Length - Shown} more" : "";
        return $"its token is mounted in {string.Join(", ", account.MountedIn.Take(Shown))}{more}, and it asked nothing {UnusedGrants.Window(usage, made)}"
            + (carried >= Severity.High ? "; it carries a finding that is worse" : "");
    }
}
