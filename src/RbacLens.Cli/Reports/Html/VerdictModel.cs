using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>How the cluster stands, in one sentence.</summary>
static class VerdictModel
{
    /// <summary>A level for the style sheet, the sentence, and what stands behind it.</summary>
    /// <param name="posture">The posture.</param>
    /// <param name="undecided">How many policies could not be decided.</param>
    public static Dictionary<string, object?> Of(Posture posture, int undecided)
    {
        var worst = SeverityModel.All.Where(severity => posture.Count(severity) + Seen(posture, severity) > 0).Cast<Severity?>().FirstOrDefault();
        return new()
        {
            ["level"] = worst is { } severity ? SeverityModel.Id(severity) : undecided > 0 ? "undecided" : "clear",
            ["headline"] = Headline(posture, worst, undecided),
            ["detail"] = Detail(posture, worst, undecided),
        };
    }

    static string Headline(Posture posture, Severity? worst, int undecided) => worst switch
    {
        Severity.Critical => $"{What(posture, Severity.Critical)} to {Verb(posture, Severity.Critical)} now",
        Severity.High => $"{What(posture, Severity.High)} to {Verb(posture, Severity.High)} soon, none critical",
        { } => "Nothing critical or high",
        null when !posture.IsJudged => "Nothing was judged",
        null when posture.Suppressed > 0 => $"Nothing open, {Counted.Number(posture.Suppressed)} accepted",
        null when undecided > 0 => "Nothing found, but not everything could be judged",
        null => "Nothing found",
    };

    static string Detail(Posture posture, Severity? worst, int undecided) => worst switch
    {
        { } severity when Seen(posture, severity) > 0 => "A finding is what is granted; a detection is what the audit log shows was done.",
        Severity.Critical => "A critical finding is, or leads to, control of the whole cluster.",
        Severity.High => "They give far more than their holders should need.",
        { } => $"{Counted.Of(posture.Findings.Length - posture.Suppressed, "open finding")} of lesser weight.",
        null when posture.Policies.IsEmpty && posture.Usage is not null => "Nothing in the audit log fits a rule of detection.",
        null => Asked(posture, undecided) + (posture.IsJudged || undecided > 0 ? "" : $" {Words.WithoutGaps(posture)}"),
    };

    // The tiles below count findings alone.
    static string What(Posture posture, Severity severity)
    {
        var (found, seen) = (posture.Count(severity), Seen(posture, severity));
        var word = SeverityModel.Id(severity);
        return seen == 0 ? Counted.Of(found, $"{word} finding")
            : found == 0 ? Counted.Of(seen, $"{word} detection")
            : $"{Counted.Of(found, $"{word} finding")} and {Counted.Of(seen, $"{word} detection")}";
    }

    // What was done is not mended by a role.
    static string Verb(Posture posture, Severity severity) => posture.Count(severity) == 0 ? "look into" : "fix";

    static int Seen(Posture posture, Severity severity) =>
        posture.Detections.Count(detection => detection.Severity == severity && detection.Suppression is null);

    static string Asked(Posture posture, int undecided) =>
        $"{Counted.Of(posture.Policies.Length, "policy was", "policies were")} asked"
        + (!posture.IsJudged && undecided == 0 ? "." : undecided == 0 ? "; nothing they needed was missing." : $"; {Counted.Number(undecided)} could not be decided.");
}
