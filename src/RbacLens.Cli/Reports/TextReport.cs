using System.Text;
using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>The findings as something to read: grouped by what they say, each group with why and fix.</summary>
static class TextReport
{
    const int MostShown = 20;

    public static void Write(Posture posture, Stream output, ReportStyle style)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        var page = new Page(writer, style);
        page.Line(Heading(posture));
        foreach (var group in Groups(posture))
            Write(group, page);
        page.Line("");
        foreach (var line in Closing(posture))
            page.Paragraph("", line);
    }

    static IEnumerable<IGrouping<(Severity Severity, Policy Policy), Finding>> Groups(Posture posture) =>
        posture.Findings.Where(finding => finding.Suppression is null)
            .GroupBy(finding => (finding.Severity, finding.Policy))
            .OrderByDescending(group => group.Key.Severity)
            .ThenBy(group => group.Key.Policy.Id, StringComparer.Ordinal);

    static string Heading(Posture posture)
    {
        var version = posture.Cluster.Version is { } known ? $", Kubernetes {known}" : "";
        var upgrade = posture.Upgrade is { } path ? $", upgrade from {path}" : "";
        return $"{posture.Cluster.Context}{version}{upgrade}";
    }

    static void Write(IGrouping<(Severity Severity, Policy Policy), Finding> group, Page page)
    {
        var (severity, policy) = group.Key;
        page.Line("");
        page.Title(severity, $"{policy.Title} ({policy.Id})");
        foreach (var alike in group.GroupBy(finding => finding.Because))
        {
            foreach (var finding in alike.Take(MostShown))
                page.Paragraph("  ", $"{finding.About}{Where(finding)}");
            if (alike.Count() > MostShown)
                page.Line($"  and {alike.Count() - MostShown} more");
            page.Paragraph("      ", alike.Key);
        }

        page.Paragraph("  Why: ", policy.Why);
        page.Paragraph("  Fix: ", policy.Fix);
    }

    // An object's own namespace needs no saying twice.
    static string Where(Finding finding) =>
        finding.Scopes.All(scope => scope.IsCluster || scope.Namespace == finding.About.Namespace) ? "" : $" in {string.Join(", ", finding.Scopes)}";

    static IEnumerable<string> Closing(Posture posture)
    {
        var counts = Enum.GetValues<Severity>().Reverse().Select(severity => $"{posture.Count(severity)} {severity.Word()}");
        yield return posture.Findings.IsEmpty
            ? $"No findings among {posture.Counts.Values.Sum()} objects; {posture.Policies.Length} questions were asked."
            : $"{string.Join(", ", counts)}{(posture.Suppressed == 0 ? "" : $"; {posture.Suppressed} accepted")}.";
        if (!posture.IsJudged)
            yield return Words.WithoutGaps(posture);
        if (posture.Comparison is { } comparison)
            yield return $"{Totals.Of(comparison)}.";
        foreach (var line in ChangeLines.News(posture).Concat(ChangeLines.Gone(posture)))
            yield return line;
        if (posture.HiddenStockFindings > 0)
            yield return $"{posture.HiddenStockFindings} findings about what ships with Kubernetes are hidden (--include-stock shows them).";
        foreach (var gap in posture.Gaps)
            yield return $"not checked: {gap.Detail}{(posture.Undecided(gap).Any() ? $" (so the silence of {string.Join(", ", posture.Undecided(gap))} proves nothing)" : "")}";
    }

    sealed class Page(TextWriter writer, ReportStyle style)
    {
        readonly IAnsiConsole console = Console(writer, style);

        public void Line(string text) => writer.WriteLine(Words.Printable(text));

        public void Title(Severity severity, string text)
        {
            writer.Flush();
            var word = $"[{Colour(severity)}]{severity.Word().ToUpperInvariant(),-8}[/]";
            foreach (var (line, i) in TerminalText.Wrap(Words.Printable(text), style.IsTerminal ? style.Width - 9 : int.MaxValue).Select((line, i) => (line, i)))
                console.MarkupLine($"{(i == 0 ? word : "        ")} [bold]{TerminalText.Escaped(line)}[/]");
        }

        /// <summary>Text wrapped to the width; lines after the first are indented like the first one's text.</summary>
        public void Paragraph(string first, string text)
        {
            var indent = new string(' ', first.Length);
            foreach (var (line, i) in TerminalText.Wrap(Words.Printable(text.ReplaceLineEndings(" ")), Math.Min(style.Width, 140) - first.Length).Select((line, i) => (line, i)))
                writer.WriteLine($"{(i == 0 ? first : indent)}{line}");
        }

        static IAnsiConsole Console(TextWriter writer, ReportStyle style)
        {
            var made = AnsiConsole.Create(new()
            {
                Ansi = style.Colour ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = style.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            });
            made.Profile.Width = 500;
            return made;
        }

        static string Colour(Severity severity) => severity switch
        {
            Severity.Critical => "bold red",
            Severity.High => "red",
            Severity.Medium => "yellow",
            Severity.Low => "blue",
            _ => "grey",
        };
    }
}
