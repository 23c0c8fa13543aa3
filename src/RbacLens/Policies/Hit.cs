using System.Collections.Concurrent;
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
    readonly List<Entry> entries;
    readonly AnswerSheet sheet;
    readonly ImmutableArray<Holder> holders;
    readonly Dictionary<Subject, Holder> bySubject;
    readonly ConcurrentDictionary<Subject, List<Yes>?[]> groups = [];

    /// <summary>One binding that answers one question with yes.</summary>
    sealed record Yes(Holding Holding, Answer Answer)
    {
        /// <summary>Whether it comes through a group the API server adds, and not from a binding that names the subject.</summary>
        public bool IsInherited { get; init; }
    }

    /// <summary>A case with its questions' numbers in the sheet.</summary>
    sealed record Entry(Policy Policy, Match.Requests Match, Case Case, ImmutableArray<int> Questions);

    /// <summary>A search for what these policies ask.</summary>
    /// <param name="holders">Everybody whom a binding names.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="cluster">Where: cases that mean nothing there are not asked. Null asks them all.</param>
    public RequestSearch(ImmutableArray<Holder> holders, IEnumerable<Policy> policies, Snapshot? cluster)
    {
        var numbers = new OrderedDictionary<Question, int>();
        entries =
        [
            .. from policy in policies
               where policy.Match is Match.Requests
               let match = (Match.Requests)policy.Match
               from @case in match.Cases
               where cluster is null || @case.AppliesTo(cluster)
               select new Entry(policy, match, @case, [.. @case.All.Select(Number)]),
        ];
        sheet = new(numbers.Keys);
        this.holders = holders;
        bySubject = holders.ToDictionary(holder => holder.Subject);

        int Number(Question question)
        {
            numbers.TryAdd(question, numbers.Count);
            return numbers[question];
        }
    }

    /// <summary>The same search among other holders.</summary>
    public RequestSearch(ImmutableArray<Holder> holders, RequestSearch other) =>
        (entries, sheet, this.holders, bySubject) = (other.entries, other.sheet, holders, holders.ToDictionary(holder => holder.Subject));

    /// <summary>All hits for all holders, in their order.</summary>
    public List<Hit> All() => [.. holders.AsParallel().AsOrdered().WithExecutionMode(ParallelExecutionMode.ForceParallelism).Select(Search).AsSequential().SelectMany(hits => hits)];

    /// <summary>All hits for one subject, in the order of the policies; what it inherits only completes cases of several questions.</summary>
    public List<Hit> Search(Holder holder)
    {
        var own = Answers(holder, isInherited: false);
        List<List<Yes>?[]>? all = null;
        var hits = new List<Hit>();
        foreach (var entry in entries)
        {
            if (!AnyIn(own, entry) || !entry.Match.Concerns(holder.Subject))
                continue;
            if (entry.Questions is [var only])
                AddOne(hits, holder, entry, Counting(entry, 0, own[only]!));
            else if (Several(entry, all ??= [own, .. Inherited(holder)]) is { Count: > 0 } lists && lists.TrueForAll(list => list.Count > 0))
                hits.AddRange(Search(holder, entry, lists));
        }

        return hits;
    }

    /// <summary>The usual case: one question. What answers it in one scope stands side by side, what answers it everywhere before all else.</summary>
    static void AddOne(List<Hit> hits, Holder holder, Entry entry, List<Yes> answers)
    {
        var everywhere = End(answers, 0, scope => scope.IsCluster);
        var clusterWide = everywhere == 0 ? null : One(holder, entry, answers[..everywhere]);
        if (clusterWide is not null)
            hits.Add(clusterWide);
        if (clusterWide is { ForAnyName: true })
            return;
        for (int from = everywhere, to; from < answers.Count; from = to)
        {
            var scope = answers[from].Holding.Scope;
            to = End(answers, from, other => other == scope);
            // What holds in the whole cluster holds in each namespace, too.
            var hit = One(holder, entry, everywhere == 0 ? answers[from..to] : [.. answers[..everywhere], .. answers[from..to]]);
            if (clusterWide is null || !hit.Names.SequenceEqual(clusterWide.Names))
                hits.Add(hit);
        }
    }

    static int End(List<Yes> answers, int from, Predicate<Scope> isSame)
    {
        while (from < answers.Count && isSame(answers[from].Holding.Scope))
            from++;
        return from;
    }

    static Hit One(Holder holder, Entry entry, List<Yes> answers)
    {
        var evidence = Strongest(answers);
        return new(
            holder, entry.Policy, entry.Case, answers[^1].Holding.Scope,
            evidence is [var only] ? only.Answer.Names : NamesOf(evidence),
            [.. evidence.Select(yes => Grant(yes.Holding, yes.Answer.Rules))]);
    }

    // With a choice between any name and some, only what gives any name is evidence.
    static List<Yes> Strongest(List<Yes> answers) =>
        answers.Count > 1 && answers.Exists(yes => yes.Answer.ForAnyName) ? answers.FindAll(yes => yes.Answer.ForAnyName) : answers;

    static ImmutableArray<string> NamesOf(List<Yes> evidence) => evidence[0].Answer.ForAnyName ? []
        : [.. evidence.SelectMany(yes => yes.Answer.Names).Distinct().Order(StringComparer.Ordinal)];

    static bool AnyIn(List<Yes>?[] answers, Entry entry)
    {
        foreach (var question in entry.Questions)
            if (answers[question] is not null)
                return true;
        return false;
    }

    /// <summary>What the holder's own bindings answer with yes, in their order, by question.</summary>
    List<Yes>?[] Answers(Holder holder, bool isInherited)
    {
        var answers = new List<Yes>?[sheet.Questions];
        foreach (var holding in holder.Own)
            foreach (var answer in sheet.AnswersOf(holding.Role.Rules))
                (answers[answer.Question] ??= new(1)).Add(new(holding, answer) { IsInherited = isInherited });
        return answers;
    }

    IEnumerable<List<Yes>?[]> Inherited(Holder holder) =>
        from name in holder.ImplicitGroups
        let bound = bySubject.GetValueOrDefault(name)
        where bound is not null
        select groups.GetOrAdd(name, _ => Answers(bound, isInherited: true));

    /// <summary>Who says yes to each question of a case; nothing where nobody does to one of them, which is most often so.</summary>
    static List<List<Yes>> Several(Entry entry, List<List<Yes>?[]> all)
    {
        var lists = new List<List<Yes>>();
        foreach (var question in entry.Questions)
        {
            List<Yes>? answers = null;
            foreach (var by in all)
                if (by[question] is { } more)
                    answers = answers is null ? more : [.. answers, .. more];
            if (answers is null)
                return [];
            lists.Add(Counting(entry, lists.Count, answers));
        }

        return lists;
    }

    static List<Yes> Counting(Entry entry, int question, List<Yes> answers) =>
        answers.TrueForAll(yes => Counts(entry, entry.Case.All[question], yes.Holding)) ? answers
        : answers.FindAll(yes => Counts(entry, entry.Case.All[question], yes.Holding));

    // A cluster-scoped resource is out of reach for a RoleBinding.
    static bool Counts(Entry entry, Question question, Holding holding) =>
        question.CanHoldIn(holding.Scope)
        && (entry.Match.OnlyRole is not { } only || IsRole(holding, only))
        && (entry.Match.ExceptRole is not { } except || !IsRole(holding, except));

    static bool IsRole(Holding holding, string clusterRole) => holding.Binding.RoleRef.IsClusterRole && holding.Binding.RoleRef.Name == clusterRole;

    static IEnumerable<Hit> Search(Holder holder, Entry entry, List<List<Yes>> lists)
    {
        // A group may be bound in every namespace: what holds in each must be found without a search.
        var byNamespace = lists.ConvertAll(list => list.ToLookup(yes => yes.Holding.Scope.Namespace));
        var clusterWide = At(holder, entry, byNamespace, Scope.Cluster);
        if (clusterWide is not null)
            yield return clusterWide;
        if (clusterWide is { ForAnyName: true })
            yield break;
        foreach (var @namespace in byNamespace.SelectMany(list => list).Select(inScope => inScope.Key).Where(name => name.Length > 0).Distinct())
            if (At(holder, entry, byNamespace, new(@namespace)) is { } hit && !(clusterWide is not null && hit.Names.SequenceEqual(clusterWide.Names)))
                yield return hit;
    }

    static Hit? At(Holder holder, Entry entry, List<ILookup<string, Yes>> byNamespace, Scope scope)
    {
        // What holds in the whole cluster holds in each namespace, too.
        var yes = byNamespace.ConvertAll(list => list[Scope.Cluster.Namespace].Concat(scope.IsCluster ? [] : list[scope.Namespace]).ToList());
        // What holds by inheritance alone is said of the group, once, and not of each member.
        return yes.Exists(list => list.Count == 0) || yes.TrueForAll(list => list.Exists(a => a.IsInherited)) ? null : Combine(holder, entry, yes, scope);
    }

    /// <summary>The hit that these answers, one list for each question, make together; null where no one object is meant by all.</summary>
    static Hit? Combine(Holder holder, Entry entry, List<List<Yes>> yes, Scope scope)
    {
        var evidence = yes.ConvertAll(Strongest);
        var names = Names(entry, evidence);
        return names is null ? null : new(holder, entry.Policy, entry.Case, scope, [.. names], [.. Grants(evidence)]);
    }

    static List<string>? Names(Entry entry, List<List<Yes>> evidence)
    {
        if (evidence.TrueForAll(list => list[0].Answer.ForAnyName))
            return [];
        // Two requests about one kind of object must be about the same object.
        var names = evidence
            .Index()
            .Where(list => !list.Item[0].Answer.ForAnyName)
            .GroupBy(list => entry.Case.All[list.Index].Resources, list => list.Item.SelectMany(a => a.Answer.Names))
            .Select(lists => lists.Aggregate((names, more) => names.Intersect(more)).ToList())
            .ToList();
        return names.Exists(list => list.Count == 0) ? null : [.. names.SelectMany(list => list).Distinct().Order(StringComparer.Ordinal)];
    }

    static IEnumerable<Grant> Grants(List<List<Yes>> evidence) =>
        from yes in evidence.SelectMany(list => list)
        group yes.Answer by yes.Holding into byHolding
        select Grant(byHolding.Key, [.. byHolding.SelectMany(answer => answer.Rules).Distinct().Order()]);

    static Grant Grant(Holding holding, ImmutableArray<int> rules) => new(holding.Subject, holding.Binding, holding.Role, rules);
}
