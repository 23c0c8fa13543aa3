using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Entries of a suppressions file, added behind what is there: comments and order are people's, and stay.</summary>
static class SuppressionWriter
{
    const string Head = "suppressions:\n";

    public static async Task WriteAsync(
        IReadOnlyCollection<Finding> findings, Suppression accepted, string? file, Terminal terminal, CancellationToken cancellation)
    {
        if (file is null)
        {
            await using var output = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
            await output.WriteAsync((Head + Entries(findings, accepted, "")).AsMemory(), cancellation);
            return;
        }

        var before = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellation) : Head;
        IReadOnlyList<AcceptedRisk> known = File.Exists(file) ? SuppressionFile.Read(file) : [];
        var missing = findings.Where(finding => !known.Any(risk => risk.IsAbout(finding) && risk.Suppression.Until >= accepted.Until)).ToList();
        if (missing.Count == 0)
        {
            await terminal.Error.WriteLineAsync($"{file}: all of it is accepted there already");
            return;
        }

        var after = Extended(before, missing, accepted);
        if (SuppressionFile.Parse(after, file).Count != known.Count + missing.Count)
            throw new InputException($"{file}: cannot be added to, expected the list of suppressions at its end, one entry below the other; without --file the entries are printed");
        await WholeFile.WriteAsync(file, terminal.Output, output => output.Write(Encoding.UTF8.GetBytes(after)), cancellation);
        await terminal.Error.WriteLineAsync($"{file}: {missing.Count} added");
    }

    static string Extended(string before, IReadOnlyCollection<Finding> findings, Suppression accepted)
    {
        var last = before.Split('\n').LastOrDefault(line => line.TrimStart().StartsWith("- policy", StringComparison.Ordinal) || line.TrimStart().StartsWith("- {", StringComparison.Ordinal)) ?? "";
        var text = before.TrimEnd() is "suppressions: []" or "suppressions:" ? Head : before.EndsWith('\n') || before.Length == 0 ? before : before + "\n";
        return text + Entries(findings, accepted, last[..(last.Length - last.TrimStart().Length)]);
    }

    static string Entries(IEnumerable<Finding> findings, Suppression accepted, string indent)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
            text.Append(indent).Append("- policy: ").Append(finding.Policy.Id).Append('\n')
                .Append(indent).Append("  subject: ").Append(Quoted(TextPattern.Only(finding.About.ToString()))).Append('\n')
                .Append(indent).Append("  scopes: [").AppendJoin(", ", finding.Scopes.Select(scope => Quoted(scope.IsCluster ? "*" : TextPattern.Only(scope.Namespace)))).Append("]\n")
                .Append(indent).Append("  reason: ").Append(Quoted(accepted.Reason)).Append('\n')
                .Append(indent).Append("  owner: ").Append(Quoted(accepted.AcceptedBy)).Append('\n')
                .Append(indent).Append("  until: ").Append($"{accepted.Until:yyyy-MM-dd}").Append('\n');
        return text.ToString();
    }

    // JSON strings are YAML strings, whatever is in them.
    static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}
