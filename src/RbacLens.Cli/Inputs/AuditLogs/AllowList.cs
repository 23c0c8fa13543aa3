using System.Globalization;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads a file of known legitimate users: <c>allow:</c> with entries of <c>user</c>, <c>reason</c>, <c>owner</c> and <c>until</c>, and
/// <c>detection</c> and <c>target</c> where not all are meant. An entry without a reason or an end is refused.
/// </summary>
static class AllowList
{
    /// <summary>The entries of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="detections">The ids there are: an entry for any other would allow nothing, unnoticed.</param>
    /// <exception cref="InputException">The file is not there, or an entry is not as it must be.</exception>
    public static IReadOnlyList<AllowedUse> Read(string file, IReadOnlyCollection<string> detections)
    {
        if (!File.Exists(file))
            throw new InputException($"{file}: no such file, expected an allow-list");
        var json = YamlDocuments.ToJson(File.ReadAllText(file), file, 1) ?? throw new InputException($"{file}: the file is empty, expected an allow-list");
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var node = new PolicyNode(document.RootElement, file, "");
        if (!node.Has("allow"))
            throw node.Error("allow", "is missing");
        IReadOnlyList<AllowedUse> uses = [.. node.Nodes("allow").Select(entry => Entry(entry, detections))];
        node.Complete();
        return uses;
    }

    static AllowedUse Entry(PolicyNode node, IReadOnlyCollection<string> detections)
    {
        var detection = node.OptionalText("detection") ?? "*";
        if (!detections.Any(id => TextPattern.Fits(detection, id)))
            throw node.Error("detection", $"is {detection}, expected one of {string.Join(", ", detections)}, or * for any text");
        var until = node.Text("until");
        if (!DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw node.Error("until", $"is {until}, expected a day as in 2027-03-31");
        var use = new AllowedUse(detection, node.Text("user"), node.OptionalText("target") ?? "*", new(node.Text("owner"), node.Text("reason"), day));
        node.Complete();
        return use;
    }
}
