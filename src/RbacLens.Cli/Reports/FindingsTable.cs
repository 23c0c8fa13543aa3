using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Findings one to a line, so that grep, less and awk can do something with them. On a terminal the columns share its width, and what does not
/// fit is cut; elsewhere nothing is cut.
/// </summary>
static class FindingsTable
{
    const int Gap = 2, ShortestSubject = 16, ShortestPolicy = 12, LongestScope = 24;

    /// <summary>The lines, as Spectre markup.</summary>
    /// <param name="posture">What to show.</param>
    /// <param name="style">How wide, and whether people watch.</param>
    /// <param name="wide">Every finding, accepted ones and those beside a worse one included, with the reason.</param>
    public static IEnumerable<string> Lines(Posture posture, ReportStyle style, bool wide)
    {
        var rows = (wide ? posture.Findings : posture.Findings.Where(IsAlarm)).Select(finding => Row(posture, finding, wide)).ToList();
        if (rows.Count == 0)
            yield break;
        var hasNotes = rows.Exists(row => row.Note.Length > 0);
        var header = new Line(Severity.Info, "POLICY", "SUBJECT", "SCOPE", hasNotes ? "NOTE" : "", wide ? "BECAUSE" : "");
        var widths = Widths([header, .. rows], style, wide);
        yield return Markup.Escape($"{"SEVERITY",-8}{Rest(header, widths)}".TrimEnd());
        foreach (var row in rows)
            yield return $"[{TableReport.Colour(row.Severity)}]{row.Severity.Word(),-8}[/]{Markup.Escape(Rest(row, widths).TrimEnd())}";
    }

    /// <summary>Whether a finding stands in the short table: open, and not beside a worse one about the same subject.</summary>
    public static bool IsAlarm(Finding finding) => finding is { Suppression: null, Lead: null };

    static Line Row(Posture posture, Finding finding, bool wide) => new(
        finding.Severity, Words.Printable(finding.Policy.Id), Words.Printable(finding.About.ToString()), Words.Printable(Scopes(finding)),
        Words.Printable(string.Join(", ", Notes(posture, finding))), wide ? Words.Printable(finding.Because) : "");

    static IEnumerable<string> Notes(Posture posture, Finding finding)
    {
        if (finding.Suppression is { } accepted)
            yield return $"accepted{(accepted.Until is { } until ? $" until {Words.Day(until)}" : "")}";
        else if (posture.Comparison?.Of(finding) is Change.New or Change.Reopened or Change.Changed)
            yield return posture.Comparison.Of(finding).Word();
        if (finding.Usage is { } use)
            yield return use.Requests == 0 ? "unused" : "used";
    }

    static string Scopes(Finding finding) => finding.Scopes switch
    {
        [] => "",
        [var only] => only.ToString(),
        [var first, .. var others] => $"{first} and {others.Length} more",
    };

    // The subject gets what the others leave; where that is too little, the policy gives way, and then the scope.
    static Line.Widths Widths(List<Line> rows, ReportStyle style, bool wide)
    {
        var natural = new Line.Widths(Most(row => row.Policy), Most(row => row.Subject), Math.Min(LongestScope, Most(row => row.Scope)), Most(row => row.Note), int.MaxValue);
        if (!style.IsTerminal)
            return natural with { Scope = Most(row => row.Scope) };
        var room = style.Width - 8 - (3 * Gap) - (natural.Note == 0 ? 0 : natural.Note + Gap);
        var because = wide ? Math.Max(0, Math.Min(room / 2, room - natural.Policy - natural.Subject - natural.Scope - Gap)) : 0;
        if (wide && because < room / 3)
            because = room / 3;
        room -= wide ? because + Gap : 0;
        var subject = Math.Min(natural.Subject, Math.Max(ShortestSubject, room - natural.Policy - natural.Scope));
        var policy = Math.Min(natural.Policy, Math.Max(ShortestPolicy, room - subject - natural.Scope));
        var scope = Math.Clamp(room - subject - policy, 4, natural.Scope);
        return new(policy, subject, scope, natural.Note, wide ? Math.Max(because, style.Width - 8 - (4 * Gap) - policy - subject - scope - (natural.Note == 0 ? 0 : natural.Note + Gap)) : 0);

        int Most(Func<Line, string> cell) => rows.Max(row => TerminalText.Width(cell(row)));
    }

    static string Rest(Line line, Line.Widths widths) =>
        Cell(line.Policy, widths.Policy) + Cell(line.Subject, widths.Subject) + Cell(line.Scope, widths.Scope)
        + (widths.Note == 0 ? "" : Cell(line.Note, widths.Note)) + (line.Because.Length == 0 ? "" : "  " + TerminalText.Cut(line.Because, widths.Because));

    static string Cell(string text, int width) => new string(' ', Gap) + TerminalText.Fit(text, width);

    sealed record Line(Severity Severity, string Policy, string Subject, string Scope, string Note, string Because)
    {
        public sealed record Widths(int Policy, int Subject, int Scope, int Note, int Because);
    }
}
