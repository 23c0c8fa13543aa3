using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Findings one to a line, so that grep, less and awk can do something with them. On a terminal the columns share its width, and what does not
/// fit is cut, but never the policy, for other commands take its id; elsewhere, and in the wide table, nothing is. A terminal too narrow for
/// one line shows each finding in two; the wide table wraps the reason below, and the subject where it is too long for a column.
/// </summary>
static class FindingsTable
{
    const int LongestColumn = 64;
    const int IdShown = 8, Gap = 2, ShortestSubject = 20, ShortestScope = 6, LongestScope = 24, Severities = 8;

    /// <summary>The lines, as Spectre markup.</summary>
    /// <param name="posture">What to show.</param>
    /// <param name="style">How wide, and whether people watch.</param>
    /// <param name="wide">Every finding, accepted ones and those beside a worse one included, with the reason.</param>
    public static IEnumerable<string> Lines(Posture posture, ReportStyle style, bool wide)
    {
        var rows = (wide ? posture.Findings : posture.Findings.Where(IsAlarm)).Select(finding => Row(posture, finding, wide, isShort: !wide && style.IsTerminal && style.Width < 100)).ToList();
        if (rows.Count == 0)
            yield break;
        var hasNotes = rows.Exists(row => row.Note.Length > 0);
        var wraps = wide && style.IsTerminal;
        var header = new Line(Severity.Info, "POLICY", "SUBJECT", "SCOPE", wide ? "ID" : "", hasNotes ? "NOTE" : "", wide && !wraps ? "BECAUSE" : "");
        if (Widths([header, .. rows], style, wide) is not { } widths)
        {
            foreach (var line in rows.SelectMany(row => wide ? Whole(row, style.Width) : Stacked(row, style.Width)))
                yield return line;
            yield break;
        }

        yield return TerminalText.Escaped($"{"SEVERITY",-Severities}{Rest(header, widths)}".TrimEnd());
        foreach (var line in rows.SelectMany(row => !wraps ? [OneLine(row, widths)] : Fits(row, widths) ? [OneLine(row with { Because = "" }, widths), .. Below(row.Because, style.Width)] : Whole(row, style.Width)))
            yield return line;
    }

    static string OneLine(Line row, Line.Widths widths) => Coloured(row) + TerminalText.Escaped(Rest(row, widths).TrimEnd());

    static bool Fits(Line row, Line.Widths widths) => TerminalText.Width(row.Subject) <= widths.Subject && TerminalText.Width(row.Scope) <= widths.Scope;

    // Nothing is cut: each part below the other.
    static IEnumerable<string> Whole(Line row, int width)
    {
        var note = row.Note.Length == 0 ? "" : $" ({row.Note})";
        var scope = row.Scope is "" or "*" ? "" : $" in {row.Scope}";
        return [Coloured(row) + TerminalText.Escaped($"{new string(' ', Gap)}{row.Policy}  {row.Id}{note}"), .. Below(row.Subject + scope, width), .. Below(row.Because, width)];
    }

    static IEnumerable<string> Below(string text, int width) =>
        TerminalText.Wrap(text, width - Severities - Gap).Select(line => TerminalText.Escaped(new string(' ', Severities + Gap) + line));

    static string Coloured(Line row) => $"[{TableReport.Colour(row.Severity)}]{row.Severity.Word(),-Severities}[/]";

    static IEnumerable<string> Stacked(Line row, int width)
    {
        var indent = new string(' ', Severities + Gap);
        var note = row.Note.Length == 0 ? "" : $" ({row.Note})";
        var scope = row.Scope is "" or "*" ? "" : $" in {TerminalText.Cut(row.Scope, LongestScope)}";
        yield return Coloured(row) + TerminalText.Escaped($"{new string(' ', Gap)}{row.Policy}{note}");
        yield return TerminalText.Escaped(indent + TerminalText.Fit(row.Subject, Math.Max(3, Math.Min(TerminalText.Width(row.Subject), width - indent.Length - scope.Length))) + scope);
    }

    /// <summary>Whether a finding stands in the short table: open, and not beside a worse one about the same subject.</summary>
    public static bool IsAlarm(Finding finding) => finding is { Suppression: null, Lead: null };

    static Line Row(Posture posture, Finding finding, bool wide, bool isShort) => new(
        finding.Severity, Words.Printable(finding.Policy.Id), Words.Printable(Subject(finding.About, isShort)), Words.Printable(Scopes(finding)), wide ? finding.Fingerprint[..IdShown] : "",
        Words.Printable(string.Join(", ", Notes(posture, finding))), wide ? Words.Printable(finding.Because) : "");

    // kubectl's own short name.
    static string Subject(Target about, bool isShort) => about.Name.Length == 0 && about.Kind != "Cluster" ? $"{about.Kind} {Html.SubjectModel.Nameless}" : isShort && about.Kind == "ServiceAccount" ? $"sa {about.Namespace}/{about.Name}" : about.ToString();

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

    // Where the terminal is too narrow the subject gives way first, for the list of findings of a report has it whole, and the scope last.
    static Line.Widths? Widths(List<Line> rows, ReportStyle style, bool wide)
    {
        var natural = new Line.Widths(Most(row => row.Policy), Most(row => row.Subject), Most(row => row.Scope), Most(row => row.Note));
        if (!style.IsTerminal)
            return natural;
        var room = style.Width - Severities - (3 * Gap) - (natural.Note == 0 ? 0 : natural.Note + Gap) - natural.Policy - (wide ? IdShown + Gap : 0);
        if (wide)
        {
            var whole = natural with { Subject = MostUpTo(LongestColumn, row => row.Subject), Scope = MostUpTo(LongestColumn, row => row.Scope) };
            return whole.Subject + whole.Scope <= room ? whole : null;
        }

        var scope = Math.Min(natural.Scope, LongestScope);
        var subject = Math.Clamp(room - scope, Math.Min(natural.Subject, ShortestSubject), natural.Subject);
        return room - subject < Math.Min(scope, ShortestScope) ? null : natural with { Subject = subject, Scope = Math.Min(scope, room - subject) };

        int Most(Func<Line, string> cell) => rows.Max(row => TerminalText.Width(cell(row)));
        int MostUpTo(int longest, Func<Line, string> cell) => rows.Select(row => TerminalText.Width(cell(row))).Where(width => width <= longest).DefaultIfEmpty().Max();
    }

    static string Rest(Line line, Line.Widths widths) =>
        Cell(line.Policy, widths.Policy) + Cell(line.Subject, widths.Subject) + Cell(line.Scope, widths.Scope)
        + (line.Id.Length == 0 ? "" : Cell(line.Id, IdShown)) + (widths.Note == 0 ? "" : Cell(line.Note, widths.Note)) + (line.Because.Length == 0 ? "" : "  " + line.Because);

    static string Cell(string text, int width) => new string(' ', Gap) + TerminalText.Fit(text, width);

    sealed record Line(Severity Severity, string Policy, string Subject, string Scope, string Id, string Note, string Because)
    {
        public sealed record Widths(int Policy, int Subject, int Scope, int Note);
    }
}
