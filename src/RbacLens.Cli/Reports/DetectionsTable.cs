using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>
/// What the audit log shows, one detection to a line. On a terminal the columns share its width; where it is too narrow, each takes two lines,
/// and no word is broken. The wide table wraps the reason below.
/// </summary>
static class DetectionsTable
{
    const int AlikeShown = 5, Severities = 8, Gap = 2, ShortestWho = 24, ShortestTarget = 20;

    sealed record Row(string Colour, string Severity, string Id, string Who, string Target, string Requests, string Last, string Note, string Because);

    sealed record Columns(int Id, int Who, int Target, int Requests, int Last, int Note);

    /// <summary>The lines, as Spectre markup; many alike of one user in one, unless all are asked for.</summary>
    public static IEnumerable<string> Lines(Posture posture, ReportStyle style, bool wide)
    {
        var wraps = wide && style.IsTerminal;
        var rows = Rows(posture, wide, isShort: style.IsTerminal && style.Width < 160).ToList();
        var header = new Row("", "SEVERITY", "DETECTION", "WHO", "TARGET", "REQUESTS", "LAST", rows.Exists(row => row.Note.Length > 0) ? "NOTE" : "", wide && !wraps ? "BECAUSE" : "");
        if (Widths([header, .. rows], style) is not { } columns)
            return rows.SelectMany(row => Stacked(row, style.Width, wraps));
        return [.. OneLine(header, columns), .. rows.SelectMany(row => wraps ? [.. OneLine(row with { Because = "" }, columns), .. Below(row.Because, style.Width)] : OneLine(row, columns))];
    }

    static IEnumerable<Row> Rows(Posture posture, bool wide, bool isShort) =>
        from alike in posture.Detections.GroupBy(detection => (detection.Severity, detection.Id, detection.User, detection.ActingAs, detection.Suppression))
        from row in !wide && alike.Count() > AlikeShown
            ? [Of(alike.First(), $"{alike.Count()} {alike.First().Target.Resource} and the like", alike.Sum(detection => detection.Requests), alike.Max(detection => detection.Last), wide, isShort) with { Note = Note(posture, [.. alike]) }]
            : alike.Select(detection => Of(detection, detection.Target.ToString(), detection.Requests, detection.Last, wide, isShort) with { Note = Note(posture, [detection]) })
        select row;

    // What somebody allows is no news.
    static string Note(Posture posture, List<Detection> detections)
    {
        var news = posture.Comparison is { } comparison ? detections.Count(detection => detection.Suppression is null && comparison.IsNew(detection)) : 0;
        return news == 0 ? "" : news == detections.Count ? Change.New.Word() : $"{news} {Change.New.Word()}";
    }

    static Row Of(Detection detection, string target, long requests, DateTimeOffset? last, bool wide, bool isShort) => new(
        detection.Suppression is null ? TableReport.Colour(detection.Severity) : "grey", detection.Suppression is null ? detection.Severity.Word() : "allowed",
        Words.Printable(detection.Id), Words.Printable(Words.Short(Who(detection, isShort))), Words.Printable(Words.Short(target)), $"{requests}",
        last is { } known ? JsonReport.Time(known) : "unknown", "", wide ? Words.Printable(detection.Because) : "");

    static string Who(Detection detection, bool isShort)
    {
        var user = isShort && WellKnown.TryServiceAccount(detection.User) is { } account ? $"sa {account.Namespace}/{account.Name}" : detection.User;
        return detection.ActingAs is { } actingAs ? $"{user} as {actingAs}" : user;
    }

    // Null where not even the ends of names would fit.
    static Columns? Widths(List<Row> rows, ReportStyle style)
    {
        var natural = new Columns(Most(row => row.Id), Most(row => row.Who), Most(row => row.Target), Most(row => row.Requests), Most(row => row.Last), Most(row => row.Note));
        if (!style.IsTerminal)
            return natural;
        var room = style.Width - Severities - natural.Id - natural.Requests - natural.Last - (5 * Gap) - (natural.Note == 0 ? 0 : natural.Note + Gap);
        if (room >= natural.Who + natural.Target)
            return natural;
        // Whichever takes less than half of the room has what it needs; the other has the rest.
        var who = Math.Min(natural.Who, Math.Max(room - natural.Target, room / 2));
        var (leastWho, leastTarget) = (Math.Min(natural.Who, ShortestWho), Math.Min(natural.Target, ShortestTarget));
        return who < leastWho || room - who < leastTarget ? null : natural with { Who = who, Target = Math.Min(natural.Target, room - who) };

        int Most(Func<Row, string> cell) => rows.Max(row => TerminalText.Width(cell(row)));
    }

    static IEnumerable<string> OneLine(Row row, Columns columns)
    {
        var gap = new string(' ', Gap);
        var rest = $"{gap}{TerminalText.Fit(row.Id, columns.Id)}{gap}{TerminalText.Fit(row.Who, columns.Who)}{gap}{TerminalText.Fit(row.Target, columns.Target)}"
            + $"{gap}{row.Requests.PadLeft(columns.Requests)}{gap}{TerminalText.Fit(row.Last, columns.Last)}{(columns.Note == 0 ? "" : gap + TerminalText.Fit(row.Note, columns.Note))}{(row.Because.Length == 0 ? "" : gap + row.Because)}";
        yield return Coloured(row) + TerminalText.Escaped(rest.TrimEnd());
    }

    static IEnumerable<string> Stacked(Row row, int width, bool wraps)
    {
        var head = $"{new string(' ', Gap)}{row.Id}{(row.Note.Length == 0 ? "" : $" ({row.Note})")}";
        var count = $"{row.Requests} {(row.Requests == "1" ? "request" : "requests")}, last {row.Last}";
        var isOne = Severities + TerminalText.Width(head) + 2 + count.Length <= width;
        yield return Coloured(row) + TerminalText.Escaped(isOne ? $"{head}, {count}" : head);
        foreach (var line in isOne ? [] : Below(count, width))
            yield return line;
        foreach (var line in Below($"{row.Who}: {row.Target}", width))
            yield return line;
        if (wraps)
            foreach (var line in Below(row.Because, width))
                yield return line;
    }

    static IEnumerable<string> Below(string text, int width) =>
        TerminalText.Wrap(text, width - Severities - Gap).Select(line => TerminalText.Escaped(new string(' ', Severities + Gap) + line));

    static string Coloured(Row row) => row.Colour.Length == 0 ? $"{row.Severity,-Severities}" : $"[{row.Colour}]{row.Severity,-Severities}[/]";
}
