using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Finds the bindings that most paths depend on, by thinking each away and looking again.</summary>
public static class ChokePoints
{
    /// <summary>No more than so many are listed.</summary>
    public const int MostShown = 10;

    const int NamesShown = 3;
    // Each candidate is a new graph, so a large cluster gets fewer of them.
    const int WaysLookedAt = 100_000;

    /// <summary>The choke points of some paths.</summary>
    /// <param name="search">Where the paths come from.</param>
    /// <param name="paths">Paths of identities, one for each.</param>
    /// <param name="usage">What an audit log says about the bindings; null without one.</param>
    /// <returns>At most ten, those that cut most first; only bindings that these paths use are looked at.</returns>
    public static ImmutableArray<ChokePoint> Of(PathSearch search, ImmutableArray<Path> paths, Usage? usage)
    {
        var most = Math.Clamp(WaysLookedAt / Math.Max(1, search.Size.Ways), 1, 40);
        var used = from path in paths
                   from request in path.Steps.SelectMany(step => step.Requests).DistinctBy(request => request.Grant.Binding, ReferenceEqualityComparer.Instance)
                   group (path, request.Grant) by (request.Grant.Binding.Kind, request.Grant.Binding.Scope, request.Grant.Binding.Name) into uses
                   orderby uses.Count() descending, uses.Key.Scope, uses.Key.Name
                   select uses.ToList();
        var points = from uses in used.Take(most)
                     let binding = uses[0].Grant.Binding
                     let without = search.Without(binding)
                     let cuts = paths.Where(path => !without.Leads(path.From, path.To)).Select(path => path.From).Order().ToImmutableArray()
                     where cuts.Length > 0
                     select new ChokePoint(binding, cuts, paths.Length, Breaks(uses[0].Grant, cuts)) { Usage = UseOf(binding, usage) };
        return [.. points.OrderByDescending(point => point.Cuts.Length).ThenBy(point => point.Binding.Scope).ThenBy(point => point.Binding.Name, StringComparer.Ordinal).Take(MostShown)];
    }

    // What goes with the binding: everything its role gives, to everybody it names.
    static string Breaks(Grant grant, ImmutableArray<Target> cuts)
    {
        var others = grant.Binding.Subjects.Select(subject => Target.Of(subject.Canonical)).Where(subject => !cuts.Contains(subject)).Order().ToList();
        var rules = grant.Role.Rules.Count;
        var loss = $"{grant.Role.Kind} {grant.Role.Name} ({rules} {(rules == 1 ? "rule" : "rules")})";
        var whom = grant.Binding.Subjects.Length == 1 ? $"{Target.Of(grant.Binding.Subjects[0].Canonical)} would lose" : $"its {grant.Binding.Subjects.Length} subjects would lose";
        return others.Count == 0 || grant.Binding.Subjects.Length == 1 ? $"{whom} {loss}"
            : $"{whom} {loss}; {others.Count} of them on none of these paths: {Listed(others)}";
    }

    static string Listed(List<Target> targets) =>
        string.Join(", ", targets.Take(NamesShown)) + (targets.Count > NamesShown ? $" and {targets.Count - NamesShown} more" : "");

    static UseCount? UseOf(Binding binding, Usage? usage) =>
        usage?.Bindings.FirstOrDefault(known => known.Scope == binding.Scope && known.Name == binding.Name) is { IsObservable: true } found ? found.Used : null;
}
