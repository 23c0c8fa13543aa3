using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// What one set of grants allows and another does not, by meaning: in what order rules stand, how they are split and what else includes them
/// makes no difference.
/// </summary>
/// <param name="grants">What is held.</param>
public sealed class Difference(IEnumerable<Grant> grants)
{
    readonly ILookup<Scope, RuleSet> bodies = grants.ToLookup(grant => grant.Binding.Scope, grant => grant.Role.Rules);
    readonly Dictionary<(RuleSet Wanted, Scope Scope), ImmutableArray<(int Rule, PolicyRule Atom)>> answers = [];
    readonly Dictionary<Scope, List<PolicyRule>> rules = [];

    /// <summary>What the other grants allow beyond these, merged: all verbs on one thing in one scope together.</summary>
    /// <param name="others">The other grants, all rules of each.</param>
    public ImmutableArray<Permission> Beyond(IEnumerable<Grant> others)
    {
        var parts = from grant in others
                    from part in Missing(grant.Role.Rules, grant.Binding.Scope)
                    select new Permission.Part(grant, part.Rule, part.Atom);
        var merged = Permission.Merged(parts);
        return Permission.WithoutIncluded(Permission.Sorted(merged.Select(WithExceptions)));
    }

    ImmutableArray<(int Rule, PolicyRule Atom)> Missing(RuleSet wanted, Scope scope)
    {
        if (answers.TryGetValue((wanted, scope), out var known))
            return known;
        // The same body, here or cluster-wide, is the usual case by far.
        var missing = bodies[scope].Contains(wanted) || bodies[Scope.Cluster].Contains(wanted) ? [] : Compared(wanted, scope);
        answers.Add((wanted, scope), missing);
        return missing;
    }

    ImmutableArray<(int Rule, PolicyRule Atom)> Compared(RuleSet wanted, Scope scope)
    {
        var held = HeldIn(scope);
        var same = held.ToHashSet();
        return
        [
            .. from entry in wanted.Index()
               where !same.Contains(entry.Item)
               from atom in Effect.Atoms(entry.Item, scope)
               where !Coverage.CoversPart(held, atom)
               select (entry.Index, atom),
        ];
    }

    List<PolicyRule> HeldIn(Scope scope)
    {
        if (!rules.TryGetValue(scope, out var held))
            rules.Add(scope, held = [.. bodies[Scope.Cluster].Concat(scope.IsCluster ? [] : bodies[scope]).Distinct().SelectMany(body => body).SelectMany(Halves).Distinct()]);
        return held;
    }

    // A rule of resources and URLs, which the API server takes no more but reads from old days, has names for its resources alone.
    static IEnumerable<PolicyRule> Halves(PolicyRule rule)
    {
        if (rule.NonResourceUrls.IsEmpty || rule.Resources.IsEmpty)
            return [rule];
        return [rule with { NonResourceUrls = Names.None }, new() { Verbs = rule.Verbs, NonResourceUrls = rule.NonResourceUrls }];
    }

    // "*" less get, list and watch is not the same news as "*", nor is the whole cluster less a namespace the whole cluster.
    Permission WithExceptions(Permission permission) => permission with
    {
        Except = permission.What.Verbs is not ["*"] ? Names.None : Names.Of(
            (permission.What.NonResourceUrls.IsEmpty ? RequestVerbs.OfResources : RequestVerbs.OfUrls)
            .Where(verb => Coverage.CoversPart(HeldIn(permission.Scope), permission.What with { Verbs = Names.Of(verb) }))),
        ExceptIn = !permission.Scope.IsCluster || permission.What.Resources.IsEmpty ? [] :
        [
            .. from place in bodies
               where !place.Key.IsCluster
               where permission.What.Verbs.All(verb => IsHeldIn(place.Key, permission.What with { Verbs = Names.Of(verb) }))
               orderby place.Key
               select place.Key,
        ],
    };

    bool IsHeldIn(Scope scope, PolicyRule part) => !Effect.IsIdle(part, scope) && Coverage.CoversPart(HeldIn(scope), part);
}
