using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What a subject keeps when it is taken out of every binding that names it: as a member of groups, and as everybody.</summary>
public sealed class KeptRights
{
    /// <summary>Every right there is.</summary>
    internal static ImmutableArray<PolicyRule> Everything { get; } =
    [
        new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") },
        new() { Verbs = Names.Of("*"), NonResourceUrls = Names.Of("*") },
    ];

    readonly Authorizer authorizer;
    readonly EffectivePermissions byGroups;
    readonly EffectivePermissions everybodys;

    /// <summary>What a subject keeps.</summary>
    /// <param name="subject">Who is taken out of bindings.</param>
    /// <param name="groups">Its groups; of a group, itself may be among them.</param>
    /// <param name="cluster">The cluster's grants.</param>
    /// <param name="everyone">What everybody may do.</param>
    public KeptRights(Subject subject, IReadOnlyCollection<string> groups, Snapshot cluster, Authorizer everyone)
    {
        authorizer = new(cluster.Roles, cluster.Bindings);
        byGroups = authorizer.PermissionsOf(new("", [.. groups.Where(group => subject is not Subject.Group || group != subject.Name)]));
        everybodys = everyone.PermissionsOf(new("", [.. groups.Where(group => group != WellKnown.Masters)]));
    }

    /// <summary>Whether a group of the subject may do everything before RBAC is asked.</summary>
    public bool IsMaster => byGroups.Identity.Groups.Contains(WellKnown.Masters);

    /// <summary>
    /// What bindings give to its groups, without what Kubernetes ships for everybody, the reading of single paths by everybody, and what
    /// system:masters would have anyway.
    /// </summary>
    public IEnumerable<Grant> Grants => byGroups.Grants.Where(grant =>
        grant.Subject.Name != WellKnown.Masters && !IsEverybodys(grant.Binding, grant.Role) && !(IsEverybody(grant.Subject) && grant.Role.Rules.All(ReadsPaths)));

    /// <summary>The rules that still count in a scope.</summary>
    public IEnumerable<PolicyRule> RulesIn(Scope scope) =>
        IsMaster ? Everything : byGroups.GrantsIn(scope.Namespace).Concat(everybodys.GrantsIn(scope.Namespace)).SelectMany(grant => grant.Role.Rules);

    /// <summary>The role of a binding; null where it does not exist.</summary>
    public Role? RoleOf(Binding binding) => authorizer.Resolve(binding);

    /// <summary>Whether a binding gives nobody but everybody what Kubernetes ships for them.</summary>
    public bool IsEverybodys(Binding binding, Role role) =>
        binding.Subjects.All(IsEverybody)
        && Coverage.Covers(everybodys.GrantsIn(binding.Scope.Namespace).SelectMany(grant => grant.Role.Rules), role.Rules);

    static bool IsEverybody(Subject subject) => subject is Subject.Group { Name: WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts };

    static bool ReadsPaths(PolicyRule rule) => rule.Resources.IsEmpty && rule.Verbs.All(verb => verb is "get" or "head") && !rule.NonResourceUrls.Any(url => url is "*" or "/*");
}
