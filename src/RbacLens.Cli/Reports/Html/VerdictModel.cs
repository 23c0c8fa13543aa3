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
        posture = DetectionFindings.Joined(posture);
        var worst = SeverityModel.All.Where(severity => posture.Count(severity) > 0).Cast<Severity?>().FirstOrDefault();
        return new()
        {
            ["level"] = worst is { } severity ? SeverityModel.Id(severity) : undecided > 0 ? "undecided" : "clear",
            ["headline"] = Headline(posture, worst, undecided),
            ["detail"] = Detail(posture, worst, undecided),
        };
    }

    static string Headline(Posture posture, Severity? worst, int undecided) => worst switch
    {
        Severity.Critical => $"{Counted.Of(posture.Count(Severity.Critical), "critical finding")} to fix now",
        Severity.High => $"{Counted.Of(posture.Count(Severity.High), "high finding")} to fix soon, none critical",
        { } => "Nothing critical or high",
        null when posture.Policies.IsEmpty => "Nothing was judged",
        null when posture.Suppressed > 0 => $"Nothing open, {Counted.Number(posture.Suppressed)} accepted",
        null when undecided > 0 => "Nothing found, but not everything could be judged",
        null => "Nothing found",
    };

    static string Detail(Posture posture, Severity? worst, int undecided) => worst switch
    {
        { } when Seen(posture) is > 0 and var seen => $"{Counted.Of(seen, "of them is", "of them are")} what the audit log shows, not what is granted.",
        Severity.Critical => "A critical finding is, or leads to, control of the whole cluster.",
        Severity.High => "They give far more than their holders should need.",
        { } => $"{Counted.Of(posture.Findings.Length - posture.Suppressed, "open finding")} of lesser weight.",
        null => Asked(posture, undecided),
    };

    static int Seen(Posture posture) => posture.Findings.Count(finding => finding is { Detection: not null, Suppression: null, Severity: >= Severity.High });

    static string Asked(Posture posture, int undecided) =>
        $"{Counted.Of(posture.Policies.Length, "policy was", "policies were")} asked"
        + (undecided == 0 ? "; nothing they needed was missing." : $"; {Counted.Number(undecided)} could not be decided.");
}
