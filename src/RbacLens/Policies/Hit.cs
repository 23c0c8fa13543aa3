using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>One case of one policy that holds for one subject in one scope.</summary>
/// <param name="Holder">For whom.</param>
/// <param name="Policy">Which policy.</param>
/// <param name="Case">Which case of it.</param>
/// <param name="Scope">Where.</param>
/// <param name="Names">The object names it is limited to; empty for any.</param>
/// <param name="Grants">The evidence.</param>
sealed record Hit(Holder Holder, Policy Policy, Case Case, Scope Scope, ImmutableArray<string> Names, ImmutableArray<Grant> Grants)
{
    public bool ForAnyName => Names.IsEmpty;
}

/// <summary>Finds the hits of all request policies.</summary>
sealed class RequestSearch
{
    readonly AnswerSheet sheet;
    readonly ImmutableArray<Entry> entries;
    readonly ILookup<int, int> entriesByQuestion;

    /// <summary>One binding that answers one question with yes.</summary>
    readonly record struct Yes(Holding Holding, Answer Answer);

    /// <summary>A case with its questions' numbers in the sheet.</summary>
    sealed record Entry(Policy Policy, Match.Requests Match, Case Case, ImmutableArray<int> Questions);

    public RequestSearch(IEnumerable<Policy> policies, KubernetesVersion? release)
    {
        var cases = from policy in policies
                    where policy.Match is Match.Requests
                    let match = (Match.Requests)policy.Match
                    from @case in match.Cases
                    where @case.AppliesTo(release)
                    select (policy, match, @case);
        var numbers = new OrderedDictionary<Question, int>();
        entries = [.. cases.Select(c => new Entry(c.policy, c.match, c.@case, [.. c.@case.All.Select(Number)]))];
        sheet = new(numbers.Keys);
        entriesByQuestion = entries.Index()
            .SelectMany(entry => entry.Item.Questions.Select(question => (question, entry.Index)))
            .ToLookup(pair => pair.question, pair => pair.Index);

        int Number(Question question)
        {
            numbers.TryAdd(question, numbers.Count);
            return numbers[question];
        }
    }

    /// <summary>All hits for one subject; <paramref name="inherited"/> completes cases of several questions.</summary>
    public IEnumerable<Hit> Search(Holder holder, IEnumerable<Holding> inherited)
    {
        var own = Answers(holder.Own);
        var concerned = own.Keys.SelectMany(question => entriesByQuestion[question]).Distinct().Order().ToList();
        if (concerned.Count == 0)
            yield break;
        Dictionary<int, List<Yes>>? all = null;
        foreach (var entry in concerned.Select(number => entries[number]))
        {
            var answers = entry.Questions.Length == 1 ? own : all ??= Answers(holder.Own.Concat(inherited.Select(holding => holding with { IsInherited = true })));
            if (!entry.Questions.All(answers.ContainsKey))
                continue;
            foreach (var hit in Search(holder, entry, answers))
                yield return hit;
        }
    }

    Dictionary<int, List<Yes>> Answers(IEnumerable<Holding> holdings)
    {
        var byQuestion = new Dictionary<int, List<Yes>>();
        foreach (var holding in holdings)
            foreach (var answer in sheet.AnswersOf(holding.Role.Rules))
            {
                if (!byQuestion.TryGetValue(answer.Question, out var list))
                    byQuestion.Add(answer.Question, list = []);
                list.Add(new(holding, answer));
            }

        return byQuestion;
    }

    static IEnumerable<Hit> Search(Holder holder, Entry entry, Dictionary<int, List<Yes>> answers)
    {
        var lists = entry.Questions.Select((question, i) => ByScope(answers[question].Where(a => Counts(entry, entry.Case.All[i], a.Holding)))).ToList();
        if (lists.Exists(list => list.Count == 0))
            yield break;
        var clusterWide = At(holder, entry, lists, Scope.Cluster);
        if (clusterWide is not null)
            yield return clusterWide;
        if (clusterWide is { ForAnyName: true })
            yield break;
        foreach (var scope in lists.SelectMany(list => list).Select(inScope => inScope.Key).Where(scope => !scope.IsCluster).Distinct())
            if (At(holder, entry, lists, scope) is { } hit && !(clusterWide is not null && hit.Names.SequenceEqual(clusterWide.Names)))
                yield return hit;
    }

    /// <summary>Numbered, so that the order stays. A group may be bound in every namespace: each scope must be found without a search.</summary>
    static ILookup<Scope, (int Number, Yes Yes)> ByScope(IEnumerable<Yes> list) => list.Index().ToLookup(yes => yes.Item.Holding.Scope);

    static List<Yes> At(ILookup<Scope, (int Number, Yes Yes)> list, Scope scope)
    {
        var inCluster = list[Scope.Cluster];
        return [.. (scope.IsCluster ? inCluster : inCluster.Concat(list[scope]).OrderBy(yes => yes.Number)).Select(yes => yes.Yes)];
    }

    // A cluster-scoped resource is out of reach for a RoleBinding.
    static bool Counts(Entry entry, Question question, Holding holding) =>
        (question.Place == Question.Places.Namespace || holding.Scope.IsCluster)
        && (entry.Match.OnlyRole is not { } only || IsRole(holding, only))
        && (entry.Match.ExceptRole is not { } except || !IsRole(holding, except));

    static bool IsRole(Holding holding, string clusterRole) => holding.Binding.RoleRef.IsClusterRole && holding.Binding.RoleRef.Name == clusterRole;

    static Hit? At(Holder holder, Entry entry, List<ILookup<Scope, (int Number, Yes Yes)>> lists, Scope scope)
    {
        var yes = lists.ConvertAll(list => At(list, scope));
        // What holds by inheritance alone is said of the group, once, and not of each member.
        if (yes.Exists(list => list.Count == 0) || yes.TrueForAll(list => list.Exists(a => a.Holding.IsInherited)))
            return null;
        // With a choice between any name and some, only what gives any name is evidence.
        var limited = yes.FindAll(list => !list.Exists(a => a.Answer.ForAnyName));
        // Two requests about one kind of object must be about the same object.
        var names = limited
            .GroupBy(list => entry.Case.All[yes.IndexOf(list)].Resources, list => list.SelectMany(a => a.Answer.Names))
            .Select(lists => lists.Aggregate((names, more) => names.Intersect(more)).ToList())
            .ToList();
        if (names.Exists(list => list.Count == 0))
            return null;
        var evidence = yes.SelectMany(list => limited.Contains(list) ? list : list.FindAll(a => a.Answer.ForAnyName));
        return new(
            holder, entry.Policy, entry.Case, scope,
            [.. names.SelectMany(list => list).Distinct().Order(StringComparer.Ordinal)],
            [.. Grants(evidence)]);
    }

    static IEnumerable<Grant> Grants(IEnumerable<Yes> evidence) =>
        from yes in evidence
        group yes.Answer by yes.Holding into byHolding
        select new Grant(
            byHolding.Key.Subject, byHolding.Key.Binding, byHolding.Key.Role,
            [.. byHolding.SelectMany(answer => answer.Rules).Distinct().Order()]);
}
