using RbacLens.Access;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What could not be read, by kind and reason, and the policies whose silence therefore proves nothing.</summary>
static class GapModel
{
    const int Shown = 10;

    /// <summary>One entry per kind and reason.</summary>
    public static List<Dictionary<string, object?>> Of(Posture posture) =>
    [
        .. from gap in posture.Gaps
           group gap by (gap.Kind, gap.Reason) into same
           orderby same.Key.Kind, same.Key.Reason
           select Gap(posture, [.. same]),
    ];

    static Dictionary<string, object?> Gap(Posture posture, List<Gap> same)
    {
        var undecided = posture.Undecided(same[0]).Order(StringComparer.Ordinal).Select(SafeText.Of).ToList();
        return new()
        {
            ["kind"] = same[0].Kind == "*" ? "Everything" : SafeText.Of(same[0].Kind),
            ["reason"] = Reason(same[0].Reason),
            ["details"] = same.Take(Shown).Select(gap => SafeText.Of(gap.Detail)).ToList(),
            ["more"] = same.Count <= Shown ? null : Counted.Number(same.Count - Shown),
            ["undecided"] = undecided,
            ["leaves"] = undecided.Count == 0 ? null : Counted.Of(undecided.Count, "policy", "policies"),
        };
    }

    static string Reason(string reason) => reason switch
    {
        Access.Gap.Reasons.Forbidden => "access refused",
        Access.Gap.Reasons.NotFound => "not served here",
        Access.Gap.Reasons.Absent => "not in the input",
        Access.Gap.Reasons.Malformed => "not understood",
        Access.Gap.Reasons.Contradicting => "two copies disagree",
        Access.Gap.Reasons.Unavailable => "could not be finished",
        _ => SafeText.Of(reason),
    };
}
