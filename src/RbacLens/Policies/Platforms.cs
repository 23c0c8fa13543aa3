using System.Collections.Frozen;
using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>An object that a platform or add-on ships, by the digest of its content.</summary>
/// <param name="Platform">Whose it is: <c>k3s</c>, <c>argo-cd</c>.</param>
/// <param name="IsManaged">
/// Whether the platform puts it there by itself, and puts it back; otherwise it is an add-on, which the people who run the cluster chose.
/// </param>
/// <param name="What">Kind, namespace and name.</param>
/// <param name="Digest">As <see cref="ContentDigest"/> makes it.</param>
public sealed record PlatformObject(string Platform, bool IsManaged, Target What, string Digest);

/// <summary>
/// What platforms and add-ons ship beyond Kubernetes. An object is recognised when kind, namespace and name <i>and</i> its whole content are
/// what is shipped: one more verb, or one more subject, and it is not.
/// </summary>
public sealed class Platforms
{
    readonly FrozenDictionary<string, PlatformObject[]> byName;

    /// <summary>Those that ship these objects; several versions of one object may stand side by side.</summary>
    public Platforms(IEnumerable<PlatformObject> objects) =>
        byName = objects.GroupBy(shipped => shipped.What.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(named => named.Key, named => named.ToArray(), StringComparer.Ordinal);

    /// <summary>None.</summary>
    public static Platforms None { get; } = new([]);

    /// <summary>What ships this role just so; nothing for what nobody ships.</summary>
    public IReadOnlyList<PlatformObject> Of(Role role) => Find(role.Name, role, TargetOf, ContentDigest.Of);

    /// <summary>What ships this binding just so; nothing for what nobody ships.</summary>
    public IReadOnlyList<PlatformObject> Of(Binding binding) => Find(binding.Name, binding, TargetOf, ContentDigest.Of);

    /// <summary>
    /// Marks findings whose evidence a platform ships. What it cannot be without is hidden as stock is: all that a managed platform puts there,
    /// and what is less than high of an add-on, whose power somebody chose. Nothing is hidden that everyone holds, nor in manifests, where the
    /// add-on itself is what is judged.
    /// </summary>
    /// <param name="findings">The findings.</param>
    /// <param name="snapshot">What they are about.</param>
    /// <param name="stock">What Kubernetes ships: bindings of platforms refer to its roles, too.</param>
    public ImmutableArray<Finding> Mark(ImmutableArray<Finding> findings, Snapshot snapshot, Stock stock)
    {
        var recognised = snapshot.Roles.Select(Of).Concat(snapshot.Bindings.Select(Of)).Where(shipped => shipped.Count > 0).ToDictionary(shipped => shipped[0].What);
        return recognised.Count == 0 ? findings : [.. findings.Select(finding => !finding.IsStock && Shipped(finding) is { } by ? Marked(finding, by, snapshot) : finding)];

        // What an add-on ships too is the add-on's, for that says less.
        PlatformObject? Shipped(Finding finding) => Same(
            !finding.Grants.IsEmpty ? finding.Grants.Select(ByGrant)
            : finding.Policy.Match is Match.Fact fact && IsContent(fact.Kind) ? [By(finding.About)]
            : []).OrderBy(by => by.IsManaged).ThenBy(by => by.Platform, StringComparer.Ordinal).FirstOrDefault();

        IReadOnlyList<PlatformObject> By(Target target) => recognised.GetValueOrDefault(target) ?? [];

        // The role may be one that Kubernetes ships, but not one that somebody else wrote.
        IReadOnlyList<PlatformObject> ByGrant(Grant grant) => By(TargetOf(grant.Binding)) switch
        {
            [] => [],
            var by => By(TargetOf(grant.Role)) is [_, ..] role ? [.. by.IntersectBy(role.Select(shipped => shipped.Platform), shipped => shipped.Platform)]
                : stock.Ships(grant.Role) ? by : [],
        };
    }

    static IEnumerable<PlatformObject> Same(IEnumerable<IReadOnlyList<PlatformObject>> shipped)
    {
        IEnumerable<PlatformObject>? same = null;
        foreach (var one in shipped)
            same = same is null ? one : [.. same.IntersectBy(one.Select(by => by.Platform), by => by.Platform)];
        return same ?? [];
    }

    static Target TargetOf(Role role) => new(role.Kind, role.Scope.Namespace, role.Name);

    static Target TargetOf(Binding binding) => new(binding.Kind, binding.Scope.Namespace, binding.Name);

    static Finding Marked(Finding finding, PlatformObject by, Snapshot snapshot) => finding with
    {
        Platform = by.Platform,
        IsStock = (by.IsManaged || finding.Severity < Severity.High) && !IsEveryone(finding.About) && !snapshot.Cluster.IsManifests,
        Because = $"{finding.Because}; just as {by.Platform} ships it",
    };

    static bool IsEveryone(Target about) => about
        is { Kind: "Group", Name: WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts }
        or { Kind: "User", Name: WellKnown.Anonymous };

    // What is written in the object itself; that an account or a role is missing is not.
    static bool IsContent(FactKind kind) => kind
        is FactKind.RuleWithoutEffect or FactKind.ResourceGone or FactKind.WildcardInRole or FactKind.AggregationWidened
        or FactKind.BindingEmpty or FactKind.BindingRedundant or FactKind.RoleUnused;

    // Most names are nobody's, and a digest costs more than to look that up.
    PlatformObject[] Find<T>(string name, T asked, Func<T, Target> targetOf, Func<T, string> digestOf)
    {
        if (!byName.TryGetValue(name, out var named))
            return [];
        var target = targetOf(asked);
        var candidates = Array.FindAll(named, shipped => shipped.What == target);
        return candidates.Length > 0 && digestOf(asked) is var digest ? Array.FindAll(candidates, shipped => shipped.Digest == digest) : [];
    }
}
