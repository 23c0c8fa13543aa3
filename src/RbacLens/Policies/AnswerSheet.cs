using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>What one role body answers to one question.</summary>
/// <param name="Question">The question's number in the sheet.</param>
/// <param name="Rules">The rules that say yes, for any name or for some.</param>
/// <param name="ForAnyName">Whether a rule says yes for objects of any name.</param>
/// <param name="Names">The object names that rules say yes for by name only, sorted.</param>
sealed record Answer(int Question, ImmutableArray<int> Rules, bool ForAnyName, ImmutableArray<string> Names);

/// <summary>
/// Asks every question of every policy once per distinct role body. A rule is only asked what concerns one of the resources it lists, which
/// leaves out most of the work and none of the answers.
/// </summary>
sealed class AnswerSheet
{
    readonly ImmutableArray<Question> questions;
    readonly Dictionary<string, List<int>> byResource = [];
    readonly Dictionary<string, List<int>> bySubresource = [];
    readonly List<int> byUrl = [];
    readonly ConcurrentDictionary<RuleSet, Answer[]> known = [];
    readonly ConcurrentDictionary<PolicyRule, bool[]> answerable = [];

    public AnswerSheet(IEnumerable<Question> questions)
    {
        this.questions = [.. questions];
        foreach (var (number, question) in this.questions.Index())
        {
            if (!question.Urls.IsEmpty)
                byUrl.Add(number);
            foreach (var resource in question.Resources)
            {
                Note(byResource, resource, number);
                if (resource.IndexOf('/') is > 0 and var slash)
                    Note(bySubresource, "*" + resource[slash..], number);
            }
        }
    }

    /// <summary>How many questions there are.</summary>
    public int Questions => questions.Length;

    /// <summary>The questions that a body answers with yes, by number.</summary>
    public Answer[] AnswersOf(RuleSet body) => known.TryGetValue(body, out var answers) ? answers : known.GetOrAdd(body, Ask);

    Answer[] Ask(RuleSet body)
    {
        var possible = body.Select(Answerable).ToArray();
        var answers = new List<Answer>();
        var (rules, names) = (new List<int>(), new List<string>());
        for (var number = 0; number < questions.Length; number++)
        {
            var forAnyName = false;
            for (var rule = 0; rule < possible.Length; rule++)
            {
                if (!possible[rule][number] || Allowed(body[rule], questions[number]) is not { } allowed)
                    continue;
                rules.Add(rule);
                names.AddRange(allowed);
                forAnyName |= allowed.IsEmpty;
            }

            if (rules.Count == 0)
                continue;
            answers.Add(new(number, [.. rules], forAnyName, names.Count < 2 ? [.. names] : [.. names.Distinct().Order(StringComparer.Ordinal)]));
            rules.Clear();
            names.Clear();
        }

        return [.. answers];
    }

    /// <summary>
    /// For each question, whether this rule would answer it with yes if it were not limited to names. Rules that differ in nothing but names
    /// are many: whoever is allowed one object has a role for that.
    /// </summary>
    bool[] Answerable(PolicyRule rule)
    {
        var unlimited = rule.ResourceNames.IsEmpty ? rule : rule with { ResourceNames = Names.None };
        if (answerable.TryGetValue(unlimited, out var answers))
            return answers;
        answers = new bool[questions.Length];
        foreach (var number in Concerning(unlimited))
            answers[number] = Allowed(unlimited, questions[number]) is not null;
        return answerable.GetOrAdd(unlimited, answers);
    }

    IEnumerable<int> Concerning(PolicyRule rule)
    {
        if (rule.Resources.AdmitsAll)
            return Enumerable.Range(0, questions.Length);
        var listed = rule.Resources.SelectMany(resource =>
            (byResource.GetValueOrDefault(resource) ?? []).Concat(bySubresource.GetValueOrDefault(resource) ?? []));
        return rule.NonResourceUrls.IsEmpty ? listed : listed.Concat(byUrl);
    }

    /// <summary>The names of the objects that a rule says yes for; empty for any, null where it says no.</summary>
    static Names? Allowed(PolicyRule rule, Question question)
    {
        foreach (var request in question.Requests)
            if (rule.Allows(request))
                return Names.None;
        if (rule.ResourceNames.IsEmpty || !question.Names.IsEmpty)
            return null;
        foreach (var request in question.Requests)
            if (Question.CanName(request) && rule.AllowsForSomeName(request) && Named(rule) is { IsEmpty: false } names)
                return names;
        return null;
    }

    // No object is called *, which a rule may list all the same.
    static Names Named(PolicyRule rule) => rule.ResourceNames.AdmitsAll ? Names.Of(rule.ResourceNames.Where(name => name != "*")) : rule.ResourceNames;

    static void Note(Dictionary<string, List<int>> index, string key, int number)
    {
        if (!index.TryGetValue(key, out var numbers))
            index.Add(key, numbers = []);
        numbers.Add(number);
    }
}
