using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>How reports spell things.</summary>
static class Words
{
    /// <summary><c>critical</c>, <c>high</c>, …</summary>
    public static string Word(this Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "info",
    };

    /// <summary><c>new</c>, <c>reopened</c>, …</summary>
    public static string Word(this Change change) => change switch
    {
        Change.New => "new",
        Change.Reopened => "reopened",
        Change.Changed => "changed",
        Change.Accepted => "accepted",
        Change.Unknown => "unknown",
        _ => "unchanged",
    };

    /// <summary>
    /// Text from a cluster as a terminal may show it: control characters and marks that turn the reading direction become visible escapes, so
    /// that a name can neither move the cursor nor pose as another.
    /// </summary>
    public static string Printable(string text) => SafeText.Of(text);

    const int Longest = 160;

    /// <summary>A name as a table may hold it: the beginning of one that nobody would read to its end, and how long it is.</summary>
    public static string Short(string text) =>
        text.Length <= Longest ? text : $"{text[..(char.IsHighSurrogate(text[Longest / 2]) ? (Longest / 2) - 1 : Longest / 2)]}… ({text.Length.ToString("N0", CultureInfo.InvariantCulture)} characters)";

    /// <summary>A finding in one line: who, what, where and why, safe to show.</summary>
    public static string Sentence(Finding finding) => SafeText.Of($"{Headline(finding)}: {finding.Because}");

    /// <summary>A finding in half a line: who and what, safe to show.</summary>
    public static string Headline(Finding finding) => SafeText.Of($"{finding.About} {LowerFirst(finding.Policy.Title)}{Where(finding)}");

    /// <summary>Who accepted a finding, why, and until when.</summary>
    public static string Sentence(Suppression accepted) => SafeText.Of(
        $"accepted by {accepted.AcceptedBy}{(accepted.Until is { } until ? $" until {Day(until)}" : "")}: {accepted.Reason}");

    /// <summary>What became of an acceptance that accepts nothing: <c>expired on 2026-09-30, 1 finding is open again</c>.</summary>
    public static string Became(RiskStatus status) => status switch
    {
        { State: RiskState.Expired, Risk.Suppression.Until: { } until, Findings: var count } =>
            $"expired on {Day(until)}{(count == 0 ? "" : $", {count} {(count == 1 ? "finding is" : "findings are")} open again")}",
        _ => "accepts nothing: there is no such finding",
    };

    /// <summary><c>2026-11-21</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The program's name and version, apart.</summary>
    public static (string Name, string Version) Tool(Posture posture) =>
        posture.Tool.Split(' ', 2) is [var name, var version] ? (name, version) : (posture.Tool, "");

    static string Where(Finding finding) => finding.Scopes switch
    {
        [] => "",
        [{ IsCluster: true }, ..] => " in the whole cluster",
        [var only] => $" in {only}",
        var several => $" in {several.Length} namespaces",
    };

    static string LowerFirst(string text) => text.Length == 0 || !char.IsUpper(text[0]) || (text.Length > 1 && char.IsUpper(text[1]))
        ? text
        : char.ToLowerInvariant(text[0]) + text[1..];

    /// <summary>What to say where there is no gap: that all could be read is no good news where nothing was judged.</summary>
    public static string WithoutGaps(Posture posture) =>
        posture.IsJudged ? "Everything the policies need could be read."
        : posture.Policies.IsEmpty ? "No policy was asked, so that nothing was judged."
        : "No role and no binding is in the input, so that nothing about access was judged.";
}
