using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of accepted findings: soonest to expire first.</summary>
static class AcceptanceModel
{
    const int Soon = 30;

    /// <summary>Every accepted finding.</summary>
    public static List<Dictionary<string, object?>> Of(Posture posture)
    {
        var today = DateOnly.FromDateTime(posture.CollectedAt.UtcDateTime);
        return
        [
            .. from finding in posture.Findings
               let accepted = finding.Suppression
               where accepted is not null
               orderby accepted.Until ?? DateOnly.MaxValue, finding.Severity descending
               select new Dictionary<string, object?>
               {
                   ["fingerprint"] = finding.Fingerprint,
                   ["severity"] = SeverityModel.Of(finding.Severity),
                   ["subject"] = SubjectModel.Of(finding.About),
                   ["title"] = SafeText.Of(finding.Policy.Title),
                   ["by"] = SafeText.Of(accepted.AcceptedBy),
                   ["reason"] = SafeText.Of(accepted.Reason),
                   ["until"] = accepted.Until is { } until ? Words.Day(until) : null,
                   ["expires"] = accepted.Until is { } day ? Expires(day.DayNumber - today.DayNumber) : null,
               },
        ];
    }

    /// <summary>The entries of the suppressions file that accept nothing.</summary>
    public static List<Dictionary<string, object?>> Idle(Posture posture) =>
    [
        .. from status in posture.Suppressions
           where status.State != RiskState.Active
           select new Dictionary<string, object?>
           {
               ["policy"] = SafeText.Of(status.Risk.Policy),
               ["subject"] = SafeText.Of(status.Risk.Subject),
               ["by"] = SafeText.Of(status.Risk.Suppression.AcceptedBy),
               ["reason"] = SafeText.Of(status.Risk.Suppression.Reason),
               ["became"] = Words.Became(status),
           },
    ];

    // Days are counted from when the cluster was looked at: a report has no clock.
    static string? Expires(int days) => days switch
    {
        < 0 => "expired",
        0 => "expires that day",
        <= Soon => $"expires in {Counted.Of(days, "day")}",
        _ => null,
    };
}
