using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Where a way starts, and why: for a role that is bound first, the hit that binds it and the role.</summary>
/// <param name="From">The waypoint's number.</param>
/// <param name="Hit">What allows it.</param>
/// <param name="Rewritten">The role; null without one.</param>
sealed record Beginning(int From, Hit Hit, Rewritten? Rewritten = null)
{
    /// <summary>The role that is bound first.</summary>
    public Role? Role => Rewritten?.Role;

    /// <summary>Whether it is impersonation, by the older verb or the constrained ones.</summary>
    public bool IsImpersonation { get; } = Impersonates(Hit.Case);

    static bool Impersonates(Case @case)
    {
        foreach (var question in @case.All)
            foreach (var verb in question.Verbs.AsSpan())
                if (verb.StartsWith("impersonate", StringComparison.Ordinal))
                    return true;
        return false;
    }
}

/// <summary>Puts ways that are requests into the graph, and knows what all of them are asked for: where, by whom, and which is the plainer story.</summary>
sealed class Ways(EscalationGraph graph, Landscape landscape)
{
    /// <summary>Adds a way.</summary>
    /// <param name="source">Where it starts.</param>
    /// <param name="hit">What is used: the source's own hit, or what a role allows that was bound first.</param>
    /// <param name="to">Where it leads.</param>
    /// <param name="namespace">Where it is used; null to have the hit say it.</param>
    /// <param name="isEscape">Whether it goes through a container that is not separated from its node.</param>
    public void Request(Beginning source, Hit hit, Waypoint to, string? @namespace = null, bool isEscape = false) =>
        graph.Add(new Edge(source.From, graph.Add(IsImpersonation(hit) && CanBeBorrowed(to) ? new Waypoint.Borrowed(to) : to), EdgeKind.Request)
        {
            IsImpersonation = source.IsImpersonation,
            Hit = source.Hit,
            Then = ReferenceEquals(hit, source.Hit) ? null : hit,
            Rewritten = source.Rewritten,
            Namespace = @namespace ?? (hit.Scope.IsCluster ? HomeOf(hit.Case.Controller) : hit.Scope.Namespace),
            Rank = RankOf(source, hit, to, isEscape),
            IsEscape = isEscape,
        });

    // Reading and asking before entering, entering before creating, and what a controller does in the end.
    static int RankOf(Beginning source, Hit hit, Waypoint to, bool isEscape)
    {
        var reaches = hit.Case.Reaches;
        var rank = hit.Policy.Match is Match.Requests { IsEverything: true } ? hit.Scope.IsCluster ? 0 : 9
            : !Installations.IsPlain(hit.Case) ? 14
            : reaches.HasFlag(Reach.Host) ? reaches.HasFlag(Reach.Pods) ? 3 : 5
            : to is Waypoint.RefilledSecretsOf or Waypoint.RefilledSecret ? 8
            : reaches is Reach.Secrets or (Reach.Secrets | Reach.RefilledSecrets) or Reach.Users ? 1
            : reaches is Reach.Accounts && hit.Case.Named == NamedObjects.Accounts ? hit.Case.All[0].Verbs.Lists("impersonate") ? 2 : 1
            : reaches is Reach.Pods or Reach.PodTokens ? 2
            : reaches is Reach.Roles or Reach.OwnRoles or Reach.Certificates ? 3
            : reaches is Reach.Nodes or Reach.NodeIdentities ? hit.Case.All.Length > 1 ? 14 : 3
            : hit.Case.All.Length > 1 ? 4
            : 7;
        return rank + (isEscape ? 8 : 0) + (source.Role is null ? 0 : 2);
    }

    /// <summary>Where a hit works. Creating works anywhere; changing wants something that is there.</summary>
    public ImmutableArray<(Scope Scope, string? Namespace)> Places(Hit hit)
    {
        if (!WantsWorkload(hit))
            return [(hit.Scope, null)];
        return
        [
            .. from scope in hit.Scope.IsCluster ? landscape.NamespacesWithWorkloads : [hit.Scope.Namespace]
               where Asking.Requests(hit, new(scope) { Workload = plural => landscape.Running.WorkloadOf(plural, scope, hit.Names) }) is not null
               select (new Scope(scope), (string?)scope),
        ];
    }

    static bool WantsWorkload(Hit hit)
    {
        foreach (var question in hit.Case.All)
            if (RunningPods.AreWorkloads(question.Resources) && IsOnlyChanged(hit, question))
                return true;
        return false;
    }

    static bool IsOnlyChanged(Hit hit, Question question) =>
        !hit.Case.MakesByApply(question) && !Asking.Allows(hit, question, "create") && !hit.Names.Any(name => Asking.Makes(hit, question, name));

    /// <summary>Where what a controller is told has to be written; null for anywhere.</summary>
    public static string? HomeOf(Controller controller, Subject.ServiceAccount account) => controller.WatchesAll ? null : account.Namespace;

    /// <summary>The same of the first account that it has.</summary>
    public string? HomeOf(Controller? controller) => controller is not null && landscape.AccountsOf(controller) is [var first, ..] ? HomeOf(controller, first) : null;

    /// <summary>Whether a hit lets its holder act as others, without what they log in with. What constrained impersonation reaches is got in their name, and held.</summary>
    public static bool IsImpersonation(Hit hit) => hit.Case.All.Any(question => question.Verbs.Lists("impersonate"));

    static bool CanBeBorrowed(Waypoint waypoint) =>
        waypoint is Waypoint.Identity or Waypoint.AccountsOf or Waypoint.MissingAccountsOf or Waypoint.Users or Waypoint.Groups or Waypoint.NodeIdentities;
}
