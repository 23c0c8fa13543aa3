using System.Globalization;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads a suppressions file: <c>suppressions:</c> with entries of <c>policy</c>, <c>subject</c>, <c>reason</c>, <c>owner</c> and <c>until</c>,
/// and <c>scopes</c> where not all are meant. An entry without a reason or an end is refused.
/// </summary>
static class SuppressionFile
{
    /// <summary>The entries of a file.</summary>
    /// <exception cref="InputException">The file is not there, or an entry is not as it must be.</exception>
    public static IReadOnlyList<AcceptedRisk> Read(string file)
    {
        if (!File.Exists(file))
            throw new InputException($"{file}: no such file, expected a suppressions file");
        return Parse(File.ReadAllText(file), file);
    }

    /// <summary>The entries in a text.</summary>
    /// <exception cref="InputException">An entry is not as it must be.</exception>
    public static IReadOnlyList<AcceptedRisk> Parse(string text, string file)
    {
        var json = YamlDocuments.ToJson(text, file, 1) ?? throw new InputException($"{file}: the file is empty, expected suppressions");
        using var document = JsonDocument.Parse(json);
        var node = new PolicyNode(document.RootElement, file, "");
        if (!node.Has("suppressions"))
            throw node.Error("suppressions", "is missing");
        IReadOnlyList<AcceptedRisk> risks = [.. node.Nodes("suppressions").Select(Entry)];
        node.Complete();
        return risks;
    }

    static AcceptedRisk Entry(PolicyNode node)
    {
        var until = node.Text("until");
        if (!DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw node.Error("until", $"is {until}, expected a day as in 2027-03-31");
        var risk = new AcceptedRisk(node.Text("policy"), node.Text("subject"), node.Names("scopes"), new(node.Text("owner"), node.Text("reason"), day));
        node.Complete();
        return risk;
    }
}
