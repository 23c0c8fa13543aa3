using System.Text;
using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>The findings as a table for the terminal, worst first.</summary>
static class TableReport
{
    const int ScopesShown = 3;
    const int IdShown = 8;

    public static void Write(Posture posture, Stream output, ReportStyle style, bool wide)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = style.Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = style.Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = style.Width;
        console.Profile.Encoding = Encoding.UTF8;
        if (posture.View is not null)
            console.Write(FrameworkTable.Of(posture.Frameworks[0], wide));
        else if (!posture.Findings.IsEmpty)
            console.Write(Table(posture, wide));
        foreach (var line in Closing(posture))
            console.MarkupLine(line);
    }

    static Table Table(Posture posture, bool wide)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true, Expand = false };
        table.AddColumn(new TableColumn("SEVERITY") { NoWrap = true, Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("POLICY") { Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("SUBJECT") { Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("SCOPE") { Padding = new(0, 0, wide ? 2 : 0, 0) });
        if (wide)
            table.AddColumn(new TableColumn("ID") { NoWrap = true, Padding = new(0, 0, 2, 0) });
        if (wide)
            table.AddColumn(new TableColumn("BECAUSE") { Padding = new(0, 0, 0, 0) });
        foreach (var finding in posture.Findings)
        {
            string[] cells = [Severity(finding), Safe(finding.Policy.Id), Safe(finding.About.ToString()), Safe(Scopes(finding))];
            table.AddRow(wide ? [.. cells, finding.Fingerprint[..IdShown], Safe(finding.Because)] : cells);
        }

        return table;
    }

    static IEnumerable<string> Closing(Posture posture)
    {
        if (!posture.Findings.IsEmpty || posture.View is not null)
            yield return "";
        if (posture.View is { } view)
            yield return Safe($"{view.Title}, {view.Version}: {FrameworkTable.Count(posture.Frameworks[0])}.");
        var counts = Enum.GetValues<Severity>().Reverse().Select(severity => $"{posture.Count(severity)} {severity.Word()}");
        var read = posture.Counts.Values.Sum();
        yield return posture.Findings.IsEmpty
            ? $"No findings among {read} objects and {posture.Policies.Length} policies."
            : $"{string.Join(", ", counts)}{(posture.Suppressed == 0 ? "" : $"; {posture.Suppressed} accepted")}.";
        if (posture.HiddenStockFindings > 0)
            yield return $"{posture.HiddenStockFindings} findings about what ships with Kubernetes are hidden (--include-stock shows them).";
        foreach (var gap in posture.Gaps)
            yield return $"[yellow]not checked:[/] {Safe(gap.Detail)}{Undecided(posture, gap)}";
        if (!posture.Findings.IsEmpty)
            yield return "Why, evidence and fixes: add -o html=posture.html, or -o wide.";
    }

    static string Undecided(Posture posture, Access.Gap gap)
    {
        var policies = posture.Undecided(gap).ToList();
        return policies.Count == 0 ? ""
            : policies.Count <= 5 ? $" (so the silence of {string.Join(", ", policies)} proves nothing)"
            : $" (so the silence of {policies.Count} policies proves nothing)";
    }

    static string Scopes(Finding finding) => finding.Scopes.Length <= ScopesShown
        ? string.Join(", ", finding.Scopes)
        : $"{string.Join(", ", finding.Scopes.Take(ScopesShown))} and {finding.Scopes.Length - ScopesShown} more";

    static string Severity(Finding finding) => $"[{Colour(finding.Severity)}]{finding.Severity.Word()}[/]";

    static string Colour(Severity severity) => severity switch
    {
        Policies.Severity.Critical => "bold red",
        Policies.Severity.High => "red",
        Policies.Severity.Medium => "yellow",
        Policies.Severity.Low => "blue",
        _ => "grey",
    };

    static string Safe(string text) => Markup.Escape(Words.Printable(text));
}
