using System.Globalization;
using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The posture as a comment on a pull request: worst first, and never longer than such a comment may be.</summary>
static class MarkdownReport
{
    /// <summary>What GitHub takes; GitLab takes more.</summary>
    public const int Longest = 65_536;

    // Kept for the lines that say what was left out.
    const int Reserve = 1_000;
    const int GapsShown = 20;

    public static void Write(Posture posture, Stream output)
    {
        var text = new StringBuilder();
        WriteHead(text, posture);
        WriteGaps(text, posture);
        if (posture.Comparison is { } comparison)
            WriteComparison(text, posture, comparison);
        var open = posture.Findings.Where(finding => finding.Suppression is null).ToList();
        WriteTable(text, open);
        if (!posture.IsJudged)
            text.Append(CultureInfo.InvariantCulture, $"\n{Words.WithoutGaps(posture)}\n");
        WriteFixes(text, open);
        WriteAccepted(text, [.. posture.Findings.Where(finding => finding.Suppression is not null)]);
        text.Append(CultureInfo.InvariantCulture, $"\n<sub>{MarkdownText.Sentence(posture.Tool)}, {JsonReport.Time(posture.CollectedAt)}</sub>\n");
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write(text.ToString());
    }

    static void WriteHead(StringBuilder text, Posture posture)
    {
        text.Append(CultureInfo.InvariantCulture, $"## RBAC posture of {MarkdownText.Code(posture.Cluster.Context)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"**Grade {Totals.Grade(posture)}: {Totals.Of(posture)}**");
        text.Append(posture.Cluster.Version is { } version ? $" · Kubernetes {MarkdownText.Code(version)}" : " · Kubernetes version unknown");
        text.Append(CultureInfo.InvariantCulture, $" · {posture.Counts.Values.Sum()} objects, {posture.Policies.Length} policies\n");
    }

    // Who reviews a change asks what it brings.
    static void WriteComparison(StringBuilder text, Posture posture, Comparison comparison)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### What changed\n\n{Totals.Of(comparison)}\n");
        var news = posture.Findings.Where(finding => finding.Suppression is null && comparison.Of(finding) is Change.New or Change.Reopened or Change.Changed).ToList();
        var lines = news.Select(finding => Line(comparison.Of(finding).Word(), finding))
            .Concat(comparison.Unclear.Select(finding => Line("cannot be told", finding)))
            .Concat(comparison.Resolved.Select(finding => Line("resolved", finding))).ToList();
        if (lines.Count == 0)
            return;
        text.Append("\n| | Severity | Policy | Who or what | Where |\n| --- | --- | --- | --- | --- |\n");
        var written = WriteWhileRoom(text, lines, line => line, Longest / 3);
        if (written < lines.Count)
            text.Append(CultureInfo.InvariantCulture, $"\nAnd {lines.Count - written} more.\n");

        static string Line(string change, Finding finding) =>
            $"| {change} | {finding.Severity.Word()} | {MarkdownText.Code(finding.Policy.Id)} | {MarkdownText.Code(finding.About.ToString())} | {Where(finding)} |\n";
    }

    static void WriteGaps(StringBuilder text, Posture posture)
    {
        if (posture.Gaps.IsEmpty)
            return;
        var undecided = posture.Gaps.SelectMany(posture.Undecided).Distinct().Count();
        text.Append(CultureInfo.InvariantCulture, $"\n> [!WARNING]\n> Not everything could be read{(undecided == 0 ? "" : $"; {undecided} {(undecided == 1 ? "policy" : "policies")} could not be decided")}.\n");
        foreach (var gap in posture.Gaps.Take(GapsShown))
            text.Append(CultureInfo.InvariantCulture, $"> - {MarkdownText.Sentence(gap.Detail)}\n");
        if (posture.Gaps.Length > GapsShown)
            text.Append(CultureInfo.InvariantCulture, $"> - and {posture.Gaps.Length - GapsShown} more\n");
    }

    static void WriteTable(StringBuilder text, List<Finding> open)
    {
        if (open.Count == 0)
        {
            text.Append("\nNo open findings.\n");
            return;
        }

        text.Append("\n### Open findings\n\n| Severity | Policy | Who or what | Where | Because |\n| --- | --- | --- | --- | --- |\n");
        // Fixes want room, too; they are short, and there is one for many findings.
        var written = WriteWhileRoom(text, open, Row, Longest * 3 / 4);
        if (written < open.Count)
            text.Append(CultureInfo.InvariantCulture, $"\nAnd {open.Count - written} more, none worse than these.\n");
    }

    static string Row(Finding finding) =>
        $"| {finding.Severity.Word()} | {MarkdownText.Code(finding.Policy.Id)} | {MarkdownText.Code(finding.About.ToString())} | {Where(finding)} | {MarkdownText.Sentence(finding.Because)} |\n";

    static string Where(Finding finding) => finding.Scopes switch
    {
        [] => "",
        [{ IsCluster: true }, ..] => "whole cluster",
        [var only] => MarkdownText.Code(only.ToString()),
        var several => $"{several.Length} namespaces",
    };

    static void WriteFixes(StringBuilder text, List<Finding> open)
    {
        var policies = open.Select(finding => finding.Policy).DistinctBy(policy => policy.Id).ToList();
        if (policies.Count == 0)
            return;
        text.Append("\n<details><summary>What to change</summary>\n\n");
        WriteWhileRoom(text, policies, policy => $"- {MarkdownText.Code(policy.Id)}: {MarkdownText.Sentence(policy.Fix.ReplaceLineEndings(" "), 1000)}\n", Longest - (Reserve * 8));
        text.Append("\n</details>\n");
    }

    static void WriteAccepted(StringBuilder text, List<Finding> accepted)
    {
        if (accepted.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>{accepted.Count} accepted</summary>\n\n| Policy | Who or what | Accepted |\n| --- | --- | --- |\n");
        var written = WriteWhileRoom(
            text, accepted,
            finding => $"| {MarkdownText.Code(finding.Policy.Id)} | {MarkdownText.Code(finding.About.ToString())} | {MarkdownText.Sentence(Words.Sentence(finding.Suppression!))} |\n",
            Longest - Reserve);
        if (written < accepted.Count)
            text.Append(CultureInfo.InvariantCulture, $"\nAnd {accepted.Count - written} more.\n");
        text.Append("\n</details>\n");
    }

    static int WriteWhileRoom<T>(StringBuilder text, List<T> items, Func<T, string> line, int limit)
    {
        var written = 0;
        foreach (var next in items.Select(line))
        {
            if (text.Length + next.Length > limit)
                break;
            text.Append(next);
            written++;
        }

        return written;
    }
}
