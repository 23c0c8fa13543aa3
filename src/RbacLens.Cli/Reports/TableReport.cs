using System.Text;
using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>The findings as a table for the terminal, worst first.</summary>
static class TableReport
{
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
        else
        {
            // One line each, whatever it takes: a pager scrolls sideways, and a line that is broken in two is found by no grep.
            console.Profile.Width = int.MaxValue;
            foreach (var line in FindingsTable.Lines(posture, style, wide))
                console.MarkupLine(line);
            console.Profile.Width = style.Width;
        }

        if (!posture.Detections.IsEmpty)
        {
            if (!posture.Findings.IsEmpty)
                console.WriteLine();
            console.Profile.Width = int.MaxValue;
            foreach (var line in DetectionsTable.Lines(posture, style, wide))
                console.MarkupLine(line);
            console.Profile.Width = style.Width;
        }

        foreach (var line in Closing(posture, wide))
            console.MarkupLine(line);
    }

    static IEnumerable<string> Closing(Posture posture, bool wide)
    {
        if (!posture.Findings.IsEmpty || !posture.Detections.IsEmpty || posture.View is not null)
            yield return "";
        foreach (var line in UsageLines.Of(posture))
            yield return line;
        if (posture.View is { } view)
            yield return Safe($"{view.Title}, {view.Version}: {FrameworkTable.Count(posture.Frameworks[0])}.");
        var counts = Enum.GetValues<Severity>().Reverse().Select(severity => $"{posture.Count(severity)} {severity.Word()}");
        var read = posture.Counts.Values.Sum();
        // The audit command asks no policies, so that their silence means nothing.
        if (!posture.Policies.IsEmpty || posture.Usage is null)
            yield return posture.Findings.IsEmpty
            ? $"No findings among {read} objects and {posture.Policies.Length} policies."
            : $"{string.Join(", ", counts)}{(posture.Suppressed == 0 ? "" : $"; {posture.Suppressed} accepted")}.";
        var beside = posture.Findings.Count(finding => finding.Lead is not null);
        if (!wide && posture.View is null && (beside > 0 || posture.Suppressed > 0))
            yield return $"Not listed: {string.Join(", ", Unlisted(beside, posture.Suppressed))} (-o wide lists them).";
        if (!posture.Policies.IsEmpty || posture.Usage is null)
            yield return Safe($"Grade {Totals.Grade(posture)}: {Grade.Of(posture).Reasons[0]}");
        if (posture.Comparison is { } comparison)
        {
            yield return Safe($"{Totals.Of(comparison)}.");
            foreach (var line in ChangeLines.Gone(posture))
                yield return Safe(line);
        }

        if (posture.HiddenStockFindings > 0)
            yield return $"{posture.HiddenStockFindings} findings about what ships with Kubernetes are hidden (--include-stock shows them).";
        foreach (var gap in posture.Gaps)
            yield return $"[yellow]not checked:[/] {Safe(gap.Detail)}{Undecided(posture, gap)}";
        yield return Safe(Next(posture));
    }

    static IEnumerable<string> Unlisted(int beside, int accepted)
    {
        if (beside > 0)
            yield return $"{beside} beside a worse finding about the same subject";
        if (accepted > 0)
            yield return $"{accepted} accepted";
    }

    // The one thing that most people want next.
    static string Next(Posture posture) =>
        posture.Findings.FirstOrDefault(FindingsTable.IsAlarm) is { } worst
            ? $"Next: -o html=posture.html for evidence and fixes, or rbac-lens policies show {worst.Policy.Id}"
            : posture.Policies.IsEmpty && posture.Usage is not null && posture.Detections.IsEmpty ? "Next: rbac-lens audit suggest SUBJECT for the roles that would have been enough"
            : posture.Policies.IsEmpty && posture.Usage is not null ? "Next: -o wide for the reasons, or rbac-lens audit suggest SUBJECT for the roles that would have been enough"
            : posture.Gaps.IsEmpty ? "Next: -o json=posture.json keeps this, to be compared with later (--compare)"
            : "Next: give the scanner what it could not read (templates/deploy/scanner-role.yaml), and scan again";

    static string Undecided(Posture posture, Access.Gap gap)
    {
        var policies = posture.Undecided(gap).ToList();
        return policies.Count == 0 ? ""
            : policies.Count <= 5 ? $" (so the silence of {string.Join(", ", policies)} proves nothing)"
            : $" (so the silence of {policies.Count} policies proves nothing)";
    }

    /// <summary>The colour of a severity, as Spectre names it.</summary>
    public static string Colour(Severity severity) => severity switch
    {
        Policies.Severity.Critical => "bold red",
        Policies.Severity.High => "red",
        Policies.Severity.Medium => "yellow",
        Policies.Severity.Low => "blue",
        _ => "grey",
    };

    static string Safe(string text) => TerminalText.Escaped(Words.Printable(text));
}
