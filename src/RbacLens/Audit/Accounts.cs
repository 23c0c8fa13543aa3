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

    /// <summary>Whether a deed binds to, or writes, a role that allows everything, as its body says, or by a binding that cannot refer to another.</summary>
    /// <param name="deed">The deed.</param>
    /// <param name="isSuperseded">Whether today's objects say nothing of it.</param>
    public bool GiveEverything(Deed deed, bool isSuperseded) =>
        MayGive(deed) && (AllowsEverything(deed.Body?.Rules) || RoleOf(deed, isSuperseded) is { Kind: "ClusterRole", Name: "cluster-admin" });

    /// <summary>
    /// Whether the role that a deed binds to, or writes, allows everything as it is today, where the log does not say what it allowed then.
    /// </summary>
    /// <param name="deed">The deed.</param>
    /// <param name="isSuperseded">Whether today's objects say nothing of it.</param>
    public bool GiveEverythingToday(Deed deed, bool isSuperseded) =>
        MayGive(deed) && ((!isSuperseded && MayWriteEverything(deed)) || AllowsEverything(RulesOf(RoleOf(deed, isSuperseded), deed.Namespace)));

    /// <summary>The binding that a deed is about, as it is today; null where it is not known, or gone.</summary>
    public Binding? BindingToday(Deed deed) => deed.Request is AccessRequest.Resource { Plural: "clusterrolebindings" or "rolebindings", Verb: "create" or "update" or "patch" } asked
        ? cluster?.Bindings.FirstOrDefault(binding => binding.Name == deed.ObjectName && binding.Scope.IsCluster == (asked.Plural == "clusterrolebindings") && binding.Scope.Namespace == asked.Namespace)
        : null;

    // What only takes something away gives nothing, whatever is left.
    static bool MayGive(Deed deed) =>
        deed.Request is AccessRequest.Resource { ApiGroup: "rbac.authorization.k8s.io", Verb: not ("delete" or "deletecollection") } && deed.Body is not { Touches: < Part.Rights }
        && (deed.Body is not { Changes.IsEmpty: false } body || !body.Changes.All(change => change.StartsWith("remove ", StringComparison.Ordinal)));

    // Of a role that was changed in part, or nobody knows how, what it says today is the best there is; a part without a wildcard made none of it.
    bool MayWriteEverything(Deed deed) =>
        deed is { Body: null or { HoldsAllRules: false, WritesWildcard: true }, Request: AccessRequest.Resource { Plural: "clusterroles" or "roles", Verb: "update" or "patch" } asked }
        && AllowsEverything(RulesOf(new(asked.Plural == "clusterroles" ? "ClusterRole" : "Role", deed.ObjectName), deed.Namespace));

    // A patch names only what changes, and at the level Metadata nothing is named: then the binding itself is asked for its role, which never changes.
    RoleRef? RoleOf(Deed deed, bool isSuperseded) =>
        deed.Body?.RoleRef ?? (deed.Request.Verb == "create" || isSuperseded ? null : BindingToday(deed)?.RoleRef);

    static bool AllowsEverything(RuleSet? rules) => rules?.IndexOfFirstAllowing(Everything) >= 0;

    RuleSet? RulesOf(RoleRef? reference, string @namespace) => reference is null ? null : cluster?.Roles
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
