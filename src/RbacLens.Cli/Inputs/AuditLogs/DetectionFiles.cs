using System.Collections.Immutable;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads detection rules: those built in (policies/audit), and those in the <c>audit</c> folder of a folder of policies, which add to them or
/// replace them by id.
/// </summary>
static class DetectionFiles
{
    const string Area = "audit";

    /// <summary>The rules built in, by id.</summary>
    public static IReadOnlyList<DetectionRule> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<DetectionRule>> builtIn = PolicyTexts.BuiltIn(Area + "/", Parse, rule => rule.Id);

    /// <summary>The rules built in, with those of a folder of policies added; one with the id of a built-in rule replaces it.</summary>
    /// <exception cref="InputException">The folder is not there, or a file in it is not a valid rule.</exception>
    public static IReadOnlyList<DetectionRule> With(string? folder) => PolicyTexts.With(BuiltIn, folder, Area, Parse, rule => rule.Id);

    /// <summary>Reads one rule.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="file">Its path: the name without extension must be the rule's id.</param>
    /// <exception cref="InputException">With the file and the path in it, what was found and what was expected.</exception>
    public static DetectionRule Parse(string yaml, string file) => PolicyTexts.Parse(yaml, file, "a detection rule", node =>
    {
        var rule = new DetectionRule
        {
            Id = node.Text("id"),
            Title = node.Text("title"),
            Why = node.Text("why"),
            Fix = node.Text("fix"),
            References = [.. node.Names("references").Select(text => PolicyFiles.Reference(node, text))],
            Requests = [.. node.Nodes("requests").Select(Pattern)],
            When = Circumstances(node, "when"),
            Unless = Circumstances(node, "unless"),
            Burst = node.Has("burst") ? Burst(node.Node("burst")) : null,
            Target = node.OptionalText("about") switch
            {
                null or "object" => Aim.Requested,
                "identity" => Aim.Identity,
                var other => throw node.Error("about", $"is {other}, expected object or identity"),
            },
            Level = node.OptionalText("level") switch
            {
                null or "Metadata" => AuditLevel.Metadata,
                "Request" => AuditLevel.Request,
                var other => throw node.Error("level", $"is {other}, expected Metadata or Request"),
            },
            Cases = [.. node.Nodes("severity").Select(Case)],
            Yields = [.. EventExamples.Read(node, "yields")],
            Silent = [.. EventExamples.Read(node, "silent")],
        };
        if (rule.Cases is not [.., { When.IsEmpty: true }])
            throw node.Error("severity", "does not end with a case that always holds, expected one without when");
        return rule.Yields.IsEmpty || rule.Silent.Length < 2
            ? throw node.Error("yields", "and silent hold too few examples, expected at least one that yields and two that are silent")
            : rule;
    });

    static RequestPattern Pattern(PolicyNode node)
    {
        var pattern = new RequestPattern(node.Names("verbs"), node.Names("groups"), node.Names("resources"), node.Names("urls"), node.Names("paths"));
        node.Complete();
        return pattern;
    }

    static Burst Burst(PolicyNode node)
    {
        var (requests, seconds) = (node.Number("requests"), node.Number("seconds"));
        if (requests < 2)
            throw node.Error("requests", $"is {requests}, expected at least 2");
        if (seconds is < 10 or > 86_400)
            throw node.Error("seconds", $"is {seconds}, expected from 10 to 86400");
        node.Complete();
        return new(requests, TimeSpan.FromSeconds(seconds));
    }

    static RatedCase Case(PolicyNode node)
    {
        var rated = new RatedCase(Circumstances(node, "when"), node.SeverityOf("is", node.Text("is")), node.OptionalText("means") ?? "");
        node.Complete();
        return rated;
    }

    static ImmutableArray<Circumstance> Circumstances(PolicyNode node, string key) =>
    [
        .. node.Names(key).Select(name =>
            Enum.TryParse<Circumstance>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var circumstance) && !char.IsAsciiDigit(name[0]) ? circumstance
            : throw node.Error(key, $"holds {name}, expected some of {string.Join(", ", Enum.GetNames<Circumstance>().Select(Kebab))}")),
    ];

    static string Kebab(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i == 0 ? "" : "-")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
