using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Policies about who is bound at all.</summary>
sealed class BoundSubjects(ImmutableArray<Holder> holders, Power power, Stock stock)
{
    public IEnumerable<Finding> Findings(IEnumerable<Policy> policies) =>
        from policy in policies
        where policy.Match is Match.Bound
        let bound = (Match.Bound)policy.Match
        from holder in holders
        where IsMeant(bound, holder.Subject)
        let all = holder.Own.Select(holding => Rate(bound, holder.Subject, holding)).OfType<Rated>()
        from alike in all.GroupBy(rated => rated.Holding.Scope).Select(InScope).GroupBy(inScope => (inScope[0].Severity, inScope[0].IsStock))
        let grants = alike.SelectMany(inScope => inScope).ToImmutableArray()
        select new Finding(
            policy, holder.About, [.. grants.Select(rated => rated.Holding.Scope).Distinct().Order()], alike.Key.Severity, Because(grants))
        {
            Grants = [.. grants.Select(rated => rated.Grant)],
            IsStock = alike.Key.IsStock,
        };

    // What ships is said only where nothing else is bound; what is bound besides is one finding, as bad as its worst.
    static ImmutableArray<Rated> InScope(IEnumerable<Rated> rated)
    {
        var own = rated.Where(one => !one.IsStock).ToList();
        return [.. (own.Count > 0 ? own : rated).OrderByDescending(one => one.Severity)];
    }

    sealed record Rated(Holding Holding, Grant Grant, Severity Severity, bool IsStock);

    static bool IsMeant(Match.Bound bound, Subject subject) =>
        (bound.Kinds.IsEmpty || bound.Kinds.Lists(subject.Kind))
        && (bound.Names.IsEmpty || Match.FitsAny(bound.Names, subject.Name))
        && !Match.FitsAny(bound.Except, subject.Name);

    Rated? Rate(Match.Bound bound, Subject subject, Holding holding)
    {
        var grant = new Grant(holding.Subject, holding.Binding, holding.Role, [.. Enumerable.Range(0, holding.Role.Rules.Count)]);
        var severity = holding.Role.Rules.Count > 0 && holding.Role.Rules.All(IsNarrow) ? bound.Severity.Named
            : holding.Scope.IsCluster ? bound.Severity.Cluster
            : power.In(holding.Scope.Namespace) is { } account && account != subject ? bound.Severity.Powerful ?? bound.Severity.Namespace
            : bound.Severity.Namespace;
        return severity is { } rated ? new(holding, grant, rated, stock.Ships(grant)) : null;
    }

    // Some named objects, or some URLs.
    static bool IsNarrow(PolicyRule rule) => rule.Resources.IsEmpty ? !rule.NonResourceUrls.AdmitsAll : !rule.ResourceNames.IsEmpty;

    static string Because(ImmutableArray<Rated> alike)
    {
        var roles = alike.Select(rated => $"{rated.Holding.Role.Kind} {rated.Holding.Role.Name}").Distinct().Order(StringComparer.Ordinal);
        return $"bound to {string.Join(", ", roles)}";
    }
}
