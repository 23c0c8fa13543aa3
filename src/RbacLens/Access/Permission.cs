using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>What somebody may do with one resource (of one name) or one URL in one scope, from however many rules.</summary>
/// <param name="Scope">Where.</param>
/// <param name="What">The rule that says it all: usually of one resource or URL, with all verbs.</param>
/// <param name="Grants">Where it comes from, each with the rules that matter.</param>
public sealed record Permission(Scope Scope, PolicyRule What, ImmutableArray<Grant> Grants)
{
    /// <summary>Verbs that <see cref="What"/> means by <c>*</c> but that are not part of this.</summary>
    public Names Except { get; init; } = Names.None;

    /// <summary>Namespaces that <see cref="Scope"/> includes, as the whole cluster does, but that are not meant; ascending.</summary>
    public ImmutableArray<Scope> ExceptIn { get; init; } = [];

    /// <summary>
    /// The permissions of grants, merged: all verbs on one thing together, in the usual order; cluster-wide ones first, then by namespace,
    /// group and resource. What allows nothing where it is bound is left out.
    /// </summary>
    /// <param name="grants">The grants, all rules of each.</param>
    public static ImmutableArray<Permission> Merged(IEnumerable<Grant> grants) => Sorted(Merged(
        from grant in grants
        from rule in grant.Rules
        from atom in Effect.Atoms(grant.Role.Rules[rule], grant.Binding.Scope)
        select new Part(grant, rule, atom)));

    /// <summary>Parts of rules, merged in the same way, in no order.</summary>
    internal static IEnumerable<Permission> Merged(IEnumerable<Part> parts) =>
        from part in parts
        group part by (part.Grant.Binding.Scope, Thing: part.Atom with { Verbs = Names.None }) into same
        select new Permission(
            same.Key.Scope,
            same.Key.Thing with { Verbs = Ordered(same.SelectMany(part => part.Atom.Verbs)) },
            [
                .. from part in same.GroupBy<Part, Grant>(part => part.Grant, ReferenceEqualityComparer.Instance)
                   select part.Key with { Rules = [.. part.Select(one => one.Rule).Distinct().Order()] },
            ]);

    /// <summary>What one rule of a grant says about one thing and verb.</summary>
    internal readonly record struct Part(Grant Grant, int Rule, PolicyRule Atom);

    /// <summary>
    /// Without what others include: a verb goes where a wildcard, a wider scope or the absence of a name allows it already, and a permission
    /// whose verbs have all gone goes itself.
    /// </summary>
    public static ImmutableArray<Permission> WithoutIncluded(ImmutableArray<Permission> permissions)
    {
        var cover = new Cover(permissions);
        return
        [
            .. from permission in permissions
               let verbs = Names.Of(permission.What.Verbs.Where(verb => !cover.Includes(permission, verb)))
               where !verbs.IsEmpty
               select permission with { What = permission.What with { Verbs = verbs } },
        ];
    }

    /// <summary>Cluster first, then namespaces, groups, resources, names and URLs.</summary>
    public static ImmutableArray<Permission> Sorted(IEnumerable<Permission> permissions) =>
    [
        .. permissions
            .OrderBy(permission => permission.Scope)
            .ThenBy(permission => permission.What.Resources.IsEmpty)
            .ThenBy(permission => permission.What.ApiGroups.ToString(), StringComparer.Ordinal)
            .ThenBy(permission => permission.What.Resources.ToString(), StringComparer.Ordinal)
            .ThenBy(permission => permission.What.ResourceNames.ToString(), StringComparer.Ordinal)
            .ThenBy(permission => permission.What.NonResourceUrls.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>Verbs in the order people know them in, each once; <c>*</c> stands for all.</summary>
    public static Names Ordered(IEnumerable<string> verbs)
    {
        var distinct = verbs.ToHashSet(StringComparer.Ordinal);
        return distinct.Contains("*")
            ? Names.Of("*")
            : Names.Of([.. RequestVerbs.OfResources.Where(distinct.Contains), .. distinct.Except(RequestVerbs.OfResources).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Finds what includes what, without comparing all with all.</summary>
    sealed class Cover(ImmutableArray<Permission> permissions)
    {
        readonly List<Permission> wide = [.. permissions.Where(IsWide)];
        readonly HashSet<(Scope, PolicyRule, string)> exact =
            [.. from permission in permissions from verb in permission.What.Verbs select (permission.Scope, permission.What with { Verbs = Names.None }, verb)];

        public bool Includes(Permission permission, string verb)
        {
            var thing = permission.What with { Verbs = Names.None };
            var atom = permission.What with { Verbs = Names.Of(verb) };
            return IsExact(Scope.Cluster, thing, permission, verb)
                || IsExact(permission.Scope, thing with { ResourceNames = Names.None }, permission, verb)
                || IsExact(Scope.Cluster, thing with { ResourceNames = Names.None }, permission, verb)
                || wide.Exists(other => !ReferenceEquals(other, permission)
                    && (other.Scope.IsCluster || other.Scope == permission.Scope)
                    && Coverage.Covers([other.What], [atom])
                    && !IsMutual(other, permission, atom));
        }

        bool IsExact(Scope scope, PolicyRule thing, Permission permission, string verb)
        {
            var isItself = scope == permission.Scope && thing.ResourceNames.Equals(permission.What.ResourceNames);
            return !isItself && (exact.Contains((scope, thing, verb)) || exact.Contains((scope, thing, "*")));
        }

        // Two that include each other, as /a* and /a** do: one of them must stay.
        bool IsMutual(Permission other, Permission permission, PolicyRule atom) =>
            other.Scope == permission.Scope
            && Coverage.Covers([permission.What], [other.What with { Verbs = atom.Verbs }])
            && permissions.IndexOf(permission) < permissions.IndexOf(other);

        static bool IsWide(Permission permission) =>
            permission.What.ApiGroups.AdmitsAll || permission.What.Resources.Any(resource => resource.StartsWith('*'))
            || permission.What.NonResourceUrls.Any(url => url.EndsWith('*'));
    }
}
