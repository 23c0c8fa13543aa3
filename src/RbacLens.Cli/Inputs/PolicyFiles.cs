using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>Reads policies: those built in, and those of a folder, which add to them or replace them by id.</summary>
static class PolicyFiles
{
    /// <summary>The policies built in, by id.</summary>
    public static IReadOnlyList<Policy> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<Policy>> builtIn = PolicyTexts.BuiltIn("policies/", (text, path) => Parse(text, path, path.Split('/')[^2]), policy => policy.Id);

    /// <summary>The policies built in, with those of a folder added; one with the id of a built-in policy replaces it.</summary>
    /// <exception cref="InputException">The folder is not there, or a file in it is not a valid policy.</exception>
    public static IReadOnlyList<Policy> With(string? folder) =>
        PolicyTexts.With(BuiltIn, folder, area: null, (text, file) => Parse(text, file, PolicyTexts.AreaOf(file)), policy => policy.Id);

    /// <summary>What every kind of policy file begins with: id, texts, references, and what it needs.</summary>
    public static Policy Texts(PolicyNode node, string area, Match match) => new()
    {
        Id = node.Text("id"),
        Area = area,
        Title = node.Text("title"),
        Why = node.Text("why"),
        Fix = node.Text("fix"),
        References = [.. node.Names("references").Select(text => Reference(node, text))],
        Needs = [.. node.Names("needs")],
        Match = match,
    };

    /// <summary>Reads one policy file.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="file">Its path: the name without extension must be the policy's id.</param>
    /// <param name="area">The folder it lives in.</param>
    /// <exception cref="InputException">With the file and the path in it, what was found and what was expected.</exception>
    public static Policy Parse(string yaml, string file, string area) => PolicyTexts.Parse(yaml, file, "a policy", node =>
    {
        var policy = Texts(node, area, PolicyMatch.Read(node.Node("match"))) with
        {
            Violating = [.. PolicyExamples.Read(node, "violating")],
            Conforming = [.. PolicyExamples.Read(node, "conforming")],
        };
        return policy.Violating.IsEmpty || policy.Conforming.Length < 2
            ? throw node.Error("violating", "and conforming hold too few examples, expected at least one that violates and two that do not")
            : policy;
    });

    /// <summary>A framework with an id, or a page's address.</summary>
    public static Reference Reference(PolicyNode node, string text) =>
        text.StartsWith("https://", StringComparison.Ordinal) ? new(null, text)
        : text.Split(' ', 2) is [var framework, var id] ? new(framework, id)
        : throw node.Error("references", $"holds {text}, expected a framework with an id (CIS 5.1.1) or an https address");
}
