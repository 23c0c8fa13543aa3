using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// The open findings as workflow commands that GitHub turns into annotations, worst first: it shows ten of each level per step, and the log all.
/// </summary>
static class GitHubReport
{
    public static void Write(Posture posture, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        foreach (var gap in posture.Gaps)
            writer.WriteLine($"::warning title=Not checked::{Data(gap.Detail)}");
        foreach (var finding in posture.Findings.Where(finding => finding.Suppression is null))
            writer.WriteLine($"::{Command(finding.Severity)} {Place(posture, finding)}title={Property($"{News(posture, finding)}{finding.Severity.Word()}: {finding.Policy.Id}")}::{Data(Words.Sentence(finding))}");
        writer.WriteLine($"::notice title=RBAC posture::{Data(Totals.Of(posture) + (posture.Comparison is { } comparison ? $"; {Totals.Of(comparison)}" : ""))}");
    }

    static string Place(Posture posture, Finding finding) =>
        CodePlace.Of(posture, finding)[0] is { IsFile: true } place ? $"file={Property(place.Path)},line={place.Line}," : "";

    static string News(Posture posture, Finding finding) => posture.Comparison?.Of(finding) is Change.New ? "new, " : "";

    static string Command(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "notice",
    };

    // The escapes of the runner's own toolkit.
    static string Data(string text) => SafeText.Of(text).Replace("%", "%25", StringComparison.Ordinal);

    static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
