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
    readonly ConcurrentDictionary<RuleSet, List<Answer>> known = [];

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
    public IReadOnlyList<Answer> AnswersOf(RuleSet body) => known.GetOrAdd(body, asked => [.. Ask(asked)]);

    IEnumerable<Answer> Ask(RuleSet body) =>
        from entry in body.Index()
        from number in Concerning(entry.Item)
        let allowed = Allowed(entry.Item, questions[number])
        where allowed.ForAnyName || allowed.Names.Count > 0
        group (Rule: entry.Index, allowed.ForAnyName, allowed.Names) by number into yes
        orderby yes.Key
        select new Answer(
            yes.Key,
            [.. yes.Select(rule => rule.Rule)],
            yes.Any(rule => rule.ForAnyName),
            [.. yes.SelectMany(rule => rule.Names).Distinct().Order(StringComparer.Ordinal)]);

    IEnumerable<int> Concerning(PolicyRule rule)
    {
        if (rule.Resources.AdmitsAll)
            return Enumerable.Range(0, questions.Length);
        var listed = rule.Resources.SelectMany(resource =>
            (byResource.GetValueOrDefault(resource) ?? []).Concat(bySubresource.GetValueOrDefault(resource) ?? []));
        return (rule.NonResourceUrls.IsEmpty ? listed : listed.Concat(byUrl)).Distinct();
    }

    static (bool ForAnyName, Names Names) Allowed(PolicyRule rule, Question question)
    {
        foreach (var request in question.Requests)
            if (rule.Allows(request))
                return (true, Names.None);
        if (rule.ResourceNames.IsEmpty || !question.Names.IsEmpty)
            return (false, Names.None);
        var names = from name in rule.ResourceNames
                    where name != "*" && question.Requests.Any(request => Question.ForName(request, name) is { } named && rule.Allows(named))
                    select name;
        return (false, Names.Of(names));
    }

    static void Note(Dictionary<string, List<int>> index, string key, int number)
    {
        if (!index.TryGetValue(key, out var numbers))
            index.Add(key, numbers = []);
        numbers.Add(number);
    }
}
