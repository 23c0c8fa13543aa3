using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Finds the hits of all request policies.</summary>
/// <remarks>
/// It runs once per process, so what it is made of should be compiled ahead of time. That is so for generic code over classes and
/// strings, and for arrays, but seldom for generic code over structs.
/// </remarks>
sealed class RequestSearch
{
    const int HoldersInPiece = 50;

    readonly List<Entry> entries;
    readonly AnswerSheet sheet;
    readonly ImmutableArray<Holder> holders;
    readonly Dictionary<Subject, Holder> bySubject;
    readonly ConcurrentDictionary<Subject, HeldAnswers> groups = [];

    /// <summary>A case with its questions' numbers in the sheet.</summary>
    sealed record Entry(Policy Policy, Match.Requests Match, Case Case, int[] Questions);

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
    public List<Hit> All() =>
    [
        .. Partitioner.Create(holders.Chunk(HoldersInPiece), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered()
            .WithExecutionMode(ParallelExecutionMode.ForceParallelism).Select(Search).AsSequential().SelectMany(hits => hits),
    ];

    /// <summary>All hits for one subject, in the order of the policies; what it inherits only completes cases of several questions.</summary>
    public List<Hit> Search(Holder holder) => Search([holder]);

    List<Hit> Search(Holder[] piece)
    {
        var hits = new List<Hit>();
        var own = new HeldAnswers(sheet);
        foreach (var holder in piece)
        {
            own.Fill(holder, isInherited: false);
            HeldAnswers[]? all = null;
            foreach (var entry in entries)
            {
                if (!own.HasAny(entry.Questions) || !entry.Match.Concerns(holder.Subject))
                    continue;
                if (entry.Questions is [var only])
                    AddOne(hits, holder, entry, Counting(entry, 0, own.To(only)));
                else
                    AddSeveral(hits, holder, entry, all ??= [own, .. Inherited(holder)]);
            }
        }

        return hits;
    }

    /// <summary>The usual case: one question. What answers it in one scope stands side by side, what answers it everywhere before all else.</summary>
    static void AddOne(List<Hit> hits, Holder holder, Entry entry, ReadOnlySpan<Yes> answers)
    {
        var everywhere = answers[..CountIn("", answers)];
        var clusterWide = everywhere.IsEmpty ? null : One(holder, entry, everywhere);
        if (clusterWide is not null)
            hits.Add(clusterWide);
        if (clusterWide is { ForAnyName: true })
            return;
        for (var rest = answers[everywhere.Length..]; !rest.IsEmpty;)
        {
            var here = rest[..CountIn(rest[0].Scope.Namespace, rest)];
            rest = rest[here.Length..];
            // What holds in the whole cluster holds in each namespace, too.
            var hit = One(holder, entry, everywhere.IsEmpty ? here : [.. everywhere, .. here]);
            if (clusterWide is null || !hit.Names.SequenceEqual(clusterWide.Names))
                hits.Add(hit);
        }
    }

    /// <summary>How many of the answers, from the first on, hold in this namespace.</summary>
    static int CountIn(string @namespace, ReadOnlySpan<Yes> answers)
    {
        var count = 0;
        while (count < answers.Length && answers[count].Scope.Namespace == @namespace)
            count++;
        return count;
    }

    static Hit One(Holder holder, Entry entry, ReadOnlySpan<Yes> answers)
    {
        var evidence = Strongest(answers);
        var grants = ImmutableArray.CreateBuilder<Grant>(evidence.Length);
        foreach (var yes in evidence)
            grants.Add(Grant(yes.Holding, yes.Answer.Rules));
        return new(holder, entry.Policy, entry.Case, answers[^1].Scope, NamesOf(evidence), grants.MoveToImmutable());
    }

    // With a choice between any name and some, only what gives any name is evidence.
    static ReadOnlySpan<Yes> Strongest(ReadOnlySpan<Yes> answers)
    {
        var strong = 0;
        foreach (var yes in answers)
            strong += yes.Answer.ForAnyName ? 1 : 0;
        return strong == 0 || strong == answers.Length ? answers : Array.FindAll(answers.ToArray(), yes => yes.Answer.ForAnyName);
    }

    static ImmutableArray<string> NamesOf(ReadOnlySpan<Yes> evidence)
    {
        // Another rule of the same role may be limited to names; that takes nothing away.
        if (evidence[0].Answer.ForAnyName)
            return [];
        if (evidence.Length == 1)
            return evidence[0].Answer.Names;
        var names = new List<string>();
        foreach (var yes in evidence)
            names.AddRange(yes.Answer.Names);
        return [.. names.Distinct().Order(StringComparer.Ordinal)];
    }

    IEnumerable<HeldAnswers> Inherited(Holder holder) =>
        from name in holder.ImplicitGroups
        let bound = bySubject.GetValueOrDefault(name)
        where bound is not null
        select groups.GetOrAdd(name, _ =>
        {
            var answers = new HeldAnswers(sheet);
            answers.Fill(bound, isInherited: true);
            return answers;
        });

    /// <summary>Those of the answers that count in a case; without a copy where all do, or none.</summary>
    static ReadOnlySpan<Yes> Counting(Entry entry, int question, ReadOnlySpan<Yes> answers)
    {
        var asked = entry.Case.All[question];
        var count = 0;
        foreach (var yes in answers)
            count += Counts(entry, asked, yes.Holding) ? 1 : 0;
        if (count == answers.Length || count == 0)
            return answers[..count];
        var counting = new Yes[count];
        count = 0;
        foreach (var yes in answers)
            if (Counts(entry, asked, yes.Holding))
                counting[count++] = yes;
        return counting;
    }

    // A cluster-scoped resource is out of reach for a RoleBinding.
    static bool Counts(Entry entry, Question question, Holding holding) =>
        question.CanHoldIn(holding.Scope)
        && (entry.Match.OnlyRole is not { } only || IsRole(holding, only))
        && (entry.Match.ExceptRole is not { } except || !IsRole(holding, except));

    static bool IsRole(Holding holding, string clusterRole) => holding.Binding.RoleRef.IsClusterRole && holding.Binding.RoleRef.Name == clusterRole;

    /// <summary>A case of several questions: each must be answered with yes by somebody, which is seldom so.</summary>
    static void AddSeveral(List<Hit> hits, Holder holder, Entry entry, HeldAnswers[] all)
    {
        foreach (var question in entry.Questions)
            if (!IsAnswered(question, all))
                return;
        var clusterWide = At("", holder, entry, all);
        if (clusterWide is not null)
            hits.Add(clusterWide);
        if (clusterWide is { ForAnyName: true })
            return;
        foreach (var @namespace in Namespaces(entry, all))
            if (At(@namespace, holder, entry, all) is { } hit && !(clusterWide is not null && hit.Names.SequenceEqual(clusterWide.Names)))
                hits.Add(hit);
    }

    static bool IsAnswered(int question, HeldAnswers[] all)
    {
        foreach (var by in all)
            if (by.Has(question))
                return true;
        return false;
    }

    /// <summary>Where there is any answer, in the order of the questions.</summary>
    static List<string> Namespaces(Entry entry, HeldAnswers[] all)
    {
        var (namespaces, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        for (var question = 0; question < entry.Questions.Length; question++)
            foreach (var by in all)
                foreach (var yes in Counting(entry, question, by.To(entry.Questions[question])))
                    if (!yes.Scope.IsCluster && seen.Add(yes.Scope.Namespace))
                        namespaces.Add(yes.Scope.Namespace);
        return namespaces;
    }

    /// <summary>The hit that all questions make together in one namespace, or in the whole cluster; null where one of them gets no answer there.</summary>
    static Hit? At(string @namespace, Holder holder, Entry entry, HeldAnswers[] all)
    {
        var evidence = new Yes[entry.Questions.Length][];
        var isOwn = false;
        for (var question = 0; question < evidence.Length; question++)
        {
            // What holds in the whole cluster holds in each namespace, too.
            var yes = Answers("", entry, question, all);
            if (@namespace.Length > 0)
                yes = [.. yes, .. Answers(@namespace, entry, question, all)];
            if (yes.Length == 0)
                return null;
            isOwn |= !Array.Exists(yes, one => one.IsInherited);
            evidence[question] = [.. Strongest(yes)];
        }

        // What holds by inheritance alone is said of the group, once, and not of each member.
        return isOwn ? Combine(holder, entry, evidence, new(@namespace)) : null;
    }

    static Yes[] Answers(string @namespace, Entry entry, int question, HeldAnswers[] all)
    {
        Yes[] answers = [];
        foreach (var by in all)
            answers = [.. answers, .. Counting(entry, question, by.To(entry.Questions[question], @namespace))];
        return answers;
    }

    /// <summary>The hit that these answers, one list for each question, make together; null where no one object is meant by all.</summary>
    static Hit? Combine(Holder holder, Entry entry, Yes[][] evidence, Scope scope)
    {
        var names = Names(entry, evidence);
        return names is null ? null : new(holder, entry.Policy, entry.Case, scope, [.. names], Grants(evidence));
    }

    static List<string>? Names(Entry entry, Yes[][] evidence)
    {
        if (Array.TrueForAll(evidence, list => list[0].Answer.ForAnyName))
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

    /// <summary>Each binding once, with all of its rules that answer any of the questions.</summary>
    static ImmutableArray<Grant> Grants(Yes[][] evidence)
    {
        var rules = new Dictionary<Holding, ImmutableArray<int>>(ReferenceEqualityComparer.Instance);
        foreach (var list in evidence)
            foreach (var yes in list)
                if (!rules.TryAdd(yes.Holding, yes.Answer.Rules))
                    rules[yes.Holding] = [.. rules[yes.Holding].Union(yes.Answer.Rules).Order()];
        return [.. rules.Select(held => Grant(held.Key, held.Value))];
    }

    static Grant Grant(Holding holding, ImmutableArray<int> rules) => new(holding.Subject, holding.Binding, holding.Role, rules);
}
