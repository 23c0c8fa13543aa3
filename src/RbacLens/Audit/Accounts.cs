using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What roles and accounts of the cluster are worth; knows nothing where there is no cluster to join with.</summary>
sealed class Accounts(Snapshot? cluster, Authorizer? authorizer)
{
    static readonly AccessRequest Everything = new AccessRequest.Resource("*", "*", "*", Name: Question.AnyName);

    readonly Dictionary<(Identity User, Subject.ServiceAccount Account), bool> exceeds = [];

    /// <summary>The accounts of a namespace, or the one of a name, that may do what this identity may not.</summary>
    public IEnumerable<Subject.ServiceAccount> MorePowerful(Identity user, string @namespace, string? name)
    {
        if (cluster is null || authorizer is null || user.Groups.Contains(WellKnown.Masters))
            return [];
        return from account in cluster.Accounts
               where account.Namespace == @namespace && (name is null || account.Name == name)
               where Exceeds(user, account.Subject)
               orderby account.Name
               select account.Subject;
    }

    /// <summary>Whether a deed binds to, or writes, a role that allows everything, as far as its body or the cluster says.</summary>
    public bool GiveEverything(Deed deed) =>
        deed.Request is AccessRequest.Resource { ApiGroup: "rbac.authorization.k8s.io" } && deed.Body is not { Touches: < Part.Rights }
        && (WritesEverything(deed) || (RoleOf(deed) is { } role && (role is { Kind: "ClusterRole", Name: "cluster-admin" } || AllowsEverything(RulesOf(role, deed.Namespace)))));

    /// <summary>The binding that a deed is about, as it is today; null where it is not known, or gone.</summary>
    public Binding? BindingToday(Deed deed) => deed.Request is AccessRequest.Resource { Plural: "clusterrolebindings" or "rolebindings", Verb: "create" or "update" or "patch" } asked
        ? cluster?.Bindings.FirstOrDefault(binding => binding.Name == deed.ObjectName && binding.Scope.IsCluster == (asked.Plural == "clusterrolebindings") && binding.Scope.Namespace == asked.Namespace)
        : null;

    // Of a role that was changed in part, or nobody knows how, what it says today is the best there is.
    bool WritesEverything(Deed deed) =>
        AllowsEverything(deed.Body?.Rules)
        || (deed is { Body: null or { HoldsAllRules: false }, Request: AccessRequest.Resource { Plural: "clusterroles" or "roles", Verb: "update" or "patch" } asked }
            && AllowsEverything(RulesOf(new(asked.Plural == "clusterroles" ? "ClusterRole" : "Role", deed.ObjectName), deed.Namespace)));

    // A patch names only what changes, and at the level Metadata nothing is named: then the binding itself is asked for its role.
    RoleRef? RoleOf(Deed deed) =>
        deed.Body?.RoleRef ?? (deed.Request.Verb == "create" ? null : BindingToday(deed)?.RoleRef);

    static bool AllowsEverything(RuleSet? rules) => rules?.IndexOfFirstAllowing(Everything) >= 0;

    RuleSet? RulesOf(RoleRef reference, string @namespace) => cluster?.Roles
        .FirstOrDefault(role => role.Kind == reference.Kind && role.Name == reference.Name && (reference.IsClusterRole || role.Scope.Namespace == @namespace))?.Rules;

    bool Exceeds(Identity user, Subject.ServiceAccount account)
    {
        if (!exceeds.TryGetValue((user, account), out var known))
            exceeds.Add((user, account), known = WorkOut(user, account));
        return known;
    }

    // What everybody holds by being a service account is in both, so only what the account holds beyond that can exceed.
    bool WorkOut(Identity user, Subject.ServiceAccount account)
    {
        var mine = authorizer!.PermissionsOf(user);
        return authorizer.PermissionsOf(Identity.Of(account)).Grants
            .Where(grant => grant.Subject is Subject.ServiceAccount || grant.Subject.Name == WellKnown.ServiceAccountsOf(account.Namespace))
            .GroupBy(grant => grant.Binding.Scope)
            .Any(ofScope => !Coverage.Covers(
                mine.GrantsIn(ofScope.Key.Namespace).SelectMany(grant => grant.Role.Rules).Distinct(),
                ofScope.SelectMany(grant => grant.Role.Rules).Distinct()));
    }
}
