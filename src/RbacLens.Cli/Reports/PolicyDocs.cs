using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Policies as Markdown.</summary>
static class PolicyDocs
{
    /// <summary>The page about all of them.</summary>
    public static IEnumerable<string> Page(IReadOnlyCollection<Policy> policies)
    {
        yield return "# Policies";
        yield return "";
        yield return $"The {policies.Count} policies that `rbac-lens scan` asks, by area. Written by `rbac-lens policies docs`; the files beside this page are the source.";
        foreach (var area in policies.GroupBy(policy => policy.Area).OrderBy(area => area.Key, StringComparer.Ordinal))
        {
            yield return "";
            yield return $"## {area.Key}";
            yield return "";
            yield return "| policy | this subject … | at worst | references |";
            yield return "| --- | --- | --- | --- |";
            foreach (var policy in area.OrderBy(policy => policy.Id, StringComparer.Ordinal))
                yield return $"| [{policy.Id}]({area.Key}/{policy.Id}.yaml) | {policy.Title} | {Worst(policy)} | {string.Join(", ", Frameworks(policy))} |";
        }

        yield return "";
        foreach (var line in Reaches())
            yield return line;
    }

    static IEnumerable<string> Reaches()
    {
        yield return "## Where it leads";
        yield return "";
        yield return "A case may say what it `reaches`: where whoever holds it comes to on the escalation graph that `rbac-lens paths` searches, and severities rest on.";
        yield return "";
        yield return "| `reaches` | whoever holds the case, in a namespace or the whole cluster (the scope) |";
        yield return "| --- | --- |";
        foreach (var (word, _, meaning) in ReachWords.All)
            yield return $"| `{word}` | {meaning} |";
    }

    /// <summary>All that one policy says.</summary>
    public static IEnumerable<string> Section(Policy policy)
    {
        yield return $"# {policy.Id}: {policy.Title}";
        yield return "";
        foreach (var line in policy.Why.Split('\n').Append("").Concat($"Fix: {policy.Fix}".Split('\n')))
            yield return line;
        foreach (var reference in policy.References)
            yield return $"See: {(reference.Framework is null ? "" : reference.Framework + " ")}{reference.Id}";
        yield return $"Silent without: {string.Join(", ", policy.Needs)}";
        yield return "";
        foreach (var line in Asked(policy.Match))
            yield return line;
        foreach (var (word, examples) in new[] { ("Finds", policy.Violating), ("Passes", policy.Conforming) })
            foreach (var example in examples)
                yield return $"{word}: {example.Title}{(example.Severity is { } severity ? $" ({severity.Word()})" : "")}";
    }

    /// <summary>The worst severity a policy can have.</summary>
    public static string Worst(Policy policy) => Severities(policy.Match).Max() is { } worst ? worst.Word() : "";

    static IEnumerable<string> Frameworks(Policy policy) =>
        from reference in policy.References
        where reference.Framework is not null
        select $"{reference.Framework} {reference.Id}";

    static IEnumerable<string> Asked(Match match)
    {
        if (match is Match.Requests requests)
            foreach (var @case in requests.Cases.Where(@case => @case.Means.Length > 0))
                yield return $"Asks: {string.Join(" and ", @case.All.Select(Question))}{Releases(@case)}: {@case.Means}";
    }

    static string Question(Question question)
    {
        var things = question.Urls.IsEmpty ? Qualified(question) : question.Urls;
        return $"{string.Join(", ", question.Verbs)} on {string.Join(", ", things)}{(question.Names.IsEmpty ? "" : $" named {string.Join(", ", question.Names)}")}";
    }

    static IEnumerable<string> Qualified(Question question) =>
        question.Resources.Select(resource => question.ApiGroup.Length == 0 ? resource : $"{resource} ({question.ApiGroup})");

    static string Releases(Case @case) =>
        (@case.From is { } from ? $", from {from}" : "") + (@case.Until is { } until ? $", before {until}" : "");

    static IEnumerable<Severity?> Severities(Match match) => match switch
    {
        Match.Requests requests => requests.Cases.SelectMany(@case => Severities(@case.Severity)),
        Match.Bound bound => Severities(bound.Severity),
        Match.Sprawl sprawl => [sprawl.Severity],
        Match.Fact fact => [fact.Severity.Powerful, fact.Severity.Granted, fact.Severity.Harmless],
        _ => [],
    };

    static IEnumerable<Severity?> Severities(SeverityByReach by) => [by.Cluster, by.Powerful, by.Namespace, by.Named];
}
