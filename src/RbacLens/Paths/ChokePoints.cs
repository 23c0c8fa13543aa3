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

    static readonly Target[] WorstFirst = [Goal.ClusterAdmin, Goal.AllSecrets, Goal.Node];

    /// <summary>The choke points of some paths.</summary>
    /// <param name="search">Where the paths come from.</param>
    /// <param name="paths">One for each identity or workload, or all of one subject that was asked about.</param>
    /// <param name="usage">What an audit log says about the bindings; null without one.</param>
    /// <param name="byAnyGrant">Whether the ways that a subject has by its groups count as well, as they do for one that was asked about.</param>
    /// <returns>Those that cut most first; only bindings that these paths use are looked at.</returns>
    public static RankedChokePoints Of(PathSearch search, ImmutableArray<Path> paths, Usage? usage, bool byAnyGrant = false)
    {
        var starts = paths.DistinctBy(path => path.From).ToList();
        var used = (from path in paths
                    from grant in path.Steps.SelectMany(GrantsOf).DistinctBy(grant => grant.Binding, ReferenceEqualityComparer.Instance)
                    group grant by (grant.Binding.Kind, grant.Binding.Scope, grant.Binding.Name) into uses
                    orderby uses.Count() descending, uses.Key.Scope, uses.Key.Name
                    select uses.First()).ToList();
        var most = Math.Clamp(WaysLookedAt / Math.Max(1, search.Size.Ways), 1, 40);
        var found = used.Take(most).Select(grant => Without(grant, search, starts, usage, byAnyGrant)).OfType<ChokePoint>()
            .OrderByDescending(point => point.Cuts.Length).ThenBy(point => point.Lowers.Length).ThenBy(point => point.Binding.Scope).ThenBy(point => point.Binding.Name, StringComparer.Ordinal)
            .ToList();
        return new([.. found.Take(MostShown)], new(Math.Max(0, found.Count - MostShown), Math.Max(0, used.Count - most)));
    }

    static IEnumerable<Grant> GrantsOf(Step step) => step.Requests.Select(request => request.Grant).Concat(step.Through is { } through ? [through] : []);

    static ChokePoint? Without(Grant grant, PathSearch search, List<Path> starts, Usage? usage, bool byAnyGrant)
    {
        var without = search.Without(grant.Binding);
        var cut = starts.Where(path => !without.Leads(path.From, path.To, byAnyGrant)).OrderBy(path => path.From).ToList();
        if (cut.Count == 0)
            return null;
        var lowered = from path in cut
                      let left = Lesser(path.To).FirstOrDefault(goal => without.Leads(path.From, goal, byAnyGrant))
                      where left is not null
                      select (path.From, left);
        ImmutableArray<Target> cuts = [.. cut.Select(path => path.From)];
        return new(grant.Binding, cuts, starts.Count, Breaks(grant, cuts)) { Lowers = [.. lowered], Usage = UseOf(grant.Binding, usage) };
    }

    static IEnumerable<Target> Lesser(Target goal) => goal.Kind == "Goal" ? WorstFirst.SkipWhile(worse => worse != goal).Skip(1) : [];

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
