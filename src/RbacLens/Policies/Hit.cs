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
/// <remarks>
/// It runs once per process, so what it is made of should be compiled ahead of time. That is so for generic code over classes and
/// strings, and seldom for structs: hence the records, and the names of namespaces in place of scopes.
/// </remarks>
sealed class RequestSearch
{
    readonly AnswerSheet sheet;
    readonly List<Entry>[] entriesByQuestion;

    /// <summary>One binding that answers one question with yes; numbered in the order of the bindings.</summary>
    sealed record Yes(int Number, Holding Holding, Answer Answer);

    /// <summary>A case with its questions' numbers in the sheet, numbered itself.</summary>
    sealed record Entry(int Number, Policy Policy, Match.Requests Match, Case Case, ImmutableArray<int> Questions);

    public RequestSearch(IEnumerable<Policy> policies, KubernetesVersion? release)
    {
        var cases = from policy in policies
                    where policy.Match is Match.Requests
                    let match = (Match.Requests)policy.Match
                    from @case in match.Cases
                    where @case.AppliesTo(release)
                    select (policy, match, @case);
        var numbers = new OrderedDictionary<Question, int>();
        var entries = cases.Select((c, i) => new Entry(i, c.policy, c.match, c.@case, [.. c.@case.All.Select(Number)])).ToList();
        sheet = new(numbers.Keys);
        entriesByQuestion = [.. numbers.Values.Select(number => entries.FindAll(entry => entry.Questions.Contains(number)))];

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
        var concerned = new HashSet<Entry>(ReferenceEqualityComparer.Instance);
        foreach (var question in own.Keys)
            concerned.UnionWith(entriesByQuestion[question]);
        Dictionary<int, List<Yes>>? all = null;
        foreach (var entry in concerned.OrderBy(entry => entry.Number))
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
        var number = 0;
        foreach (var holding in holdings)
            foreach (var answer in sheet.AnswersOf(holding.Role.Rules))
            {
                if (!byQuestion.TryGetValue(answer.Question, out var list))
                    byQuestion.Add(answer.Question, list = []);
                list.Add(new(number++, holding, answer));
            }

        return byQuestion;
    }

    static IEnumerable<Hit> Search(Holder holder, Entry entry, Dictionary<int, List<Yes>> answers)
    {
        var counting = entry.Questions.Select((question, i) => answers[question].FindAll(yes => Counts(entry, entry.Case.All[i], yes.Holding))).ToList();
        if (counting.Exists(list => list.Count == 0))
            yield break;
        if (counting is [[var only]])
        {
            yield return Alone(holder, entry, only);
            yield break;
        }

        // A group may be bound in every namespace: what holds in each must be found without a search.
        var lists = counting.ConvertAll(list => list.ToLookup(yes => yes.Holding.Scope.Namespace));
        var clusterWide = At(holder, entry, lists, Scope.Cluster);
        if (clusterWide is not null)
            yield return clusterWide;
        if (clusterWide is { ForAnyName: true })
            yield break;
        foreach (var @namespace in lists.SelectMany(list => list).Select(inScope => inScope.Key).Where(name => name.Length > 0).Distinct())
            if (At(holder, entry, lists, new(@namespace)) is { } hit && !(clusterWide is not null && hit.Names.SequenceEqual(clusterWide.Names)))
                yield return hit;
    }

    /// <summary>The usual case: one question, and one binding that answers it with yes, so there is nothing to combine.</summary>
    static Hit Alone(Holder holder, Entry entry, Yes only) => new(
        holder, entry.Policy, entry.Case, only.Holding.Scope,
        only.Answer.ForAnyName ? [] : only.Answer.Names,
        [new Grant(only.Holding.Subject, only.Holding.Binding, only.Holding.Role, only.Answer.Rules)]);

    /// <summary>What holds in a scope, in the order of the bindings.</summary>
    static List<Yes> At(ILookup<string, Yes> byNamespace, Scope scope)
    {
        var inCluster = byNamespace[Scope.Cluster.Namespace];
        return [.. scope.IsCluster ? inCluster : inCluster.Concat(byNamespace[scope.Namespace]).OrderBy(yes => yes.Number)];
    }

    // A cluster-scoped resource is out of reach for a RoleBinding.
    static bool Counts(Entry entry, Question question, Holding holding) =>
        question.CanHoldIn(holding.Scope)
        && (entry.Match.OnlyRole is not { } only || IsRole(holding, only))
        && (entry.Match.ExceptRole is not { } except || !IsRole(holding, except));

    static bool IsRole(Holding holding, string clusterRole) => holding.Binding.RoleRef.IsClusterRole && holding.Binding.RoleRef.Name == clusterRole;

    static Hit? At(Holder holder, Entry entry, List<ILookup<string, Yes>> lists, Scope scope)
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
