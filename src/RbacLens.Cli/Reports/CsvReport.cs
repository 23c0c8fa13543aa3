using System.Text;
using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// The findings as a table for spreadsheets (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe, which it
/// does not show. What could not be read is in the table too, with status <c>gap</c>.
/// </summary>
static class CsvReport
{
    static readonly string[] Columns =
    [
        "status", "severity", "policy", "area", "title", "subject_kind", "subject_namespace", "subject_name", "scopes", "because", "fix", "bindings",
        "roles", "references", "accepted_by", "accepted_reason", "accepted_until", "change", "file", "line", "fingerprint",
    ];

    public static void Write(Posture posture, Stream output)
    {
        // A byte order mark, without which Excel takes UTF-8 for the machine's own code page.
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(string.Join(',', Columns));
        foreach (var finding in posture.Findings)
            writer.WriteLine(string.Join(',', Cells(posture, finding).Select(Cell)));
        foreach (var gone in posture.Comparison?.Resolved ?? [])
            writer.WriteLine(string.Join(',', Cells(posture, gone, "resolved").Select(Cell)));
        foreach (var gone in posture.Comparison?.Unclear ?? [])
            writer.WriteLine(string.Join(',', Cells(posture, gone, "unclear").Select(Cell)));
        foreach (var gap in posture.Gaps)
            writer.WriteLine(string.Join(',', Cells(posture, gap).Select(Cell)));
    }

    static string[] Cells(Posture posture, Finding finding, string? gone = null)
    {
        var place = CodePlace.Of(posture, finding)[0];
        var accepted = finding.Suppression;
        return
        [
            gone ?? (accepted is null ? "open" : "accepted"), finding.Severity.Word(), finding.Policy.Id, finding.Policy.Area, finding.Policy.Title,
            finding.About.Kind, finding.About.Namespace, finding.About.Name, string.Join(' ', finding.Scopes), finding.Because,
            finding.Policy.Fix.ReplaceLineEndings(" "),
            Joined(finding.Grants.Select(grant => new Target(grant.Binding.Kind, grant.Binding.Scope.Namespace, grant.Binding.Name))),
            Joined(finding.Grants.Select(grant => new Target(grant.Role.Kind, grant.Role.Scope.Namespace, grant.Role.Name))),
            string.Join("; ", finding.Policy.References.Select(reference => $"{reference.Framework} {reference.Id}".Trim())),
            accepted?.AcceptedBy ?? "", accepted?.Reason ?? "", accepted?.Until is { } until ? Words.Day(until) : "", gone is null ? posture.Comparison?.Of(finding).Word() ?? "" : gone,
            place.IsFile ? place.Path : "", place.IsFile ? $"{place.Line}" : "", finding.Fingerprint,
        ];
    }

    static string[] Cells(Posture posture, Gap gap) =>
    [
        "gap", "", string.Join(' ', posture.Undecided(gap)), "", "Could not be read", gap.Kind, "", "", "", gap.Detail, "", "", "", "", "", "", "", "", "", "", "",
    ];

    static string Joined(IEnumerable<Target> targets) => string.Join("; ", targets.Distinct());

    /// <summary>One cell: harmless to a spreadsheet, and quoted where it must be.</summary>
    public static string Cell(string text)
    {
        var safe = SafeText.Of(text);
        if (IsFormula(safe))
            safe = "'" + safe;
        return safe.AsSpan().ContainsAny(",\";") || safe is ['\'', ..] or [.., ' '] ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    // Spreadsheets look past white space, take the full-width signs of East Asian keyboards for the ordinary ones, and some split at ; or tab.
    static bool IsFormula(string text) => text.AsSpan().TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' or '|' or '＝' or '＋' or '－' or '＠';
}
