using System.Collections.Immutable;
using System.Globalization;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// How a cluster stands, in one letter with its reasons. The letter follows from the worst that is open and from who holds it, never from a
/// sum: a hundred small things do not make up for a great one, nor do they add up to it.
/// </summary>
/// <param name="Letter"><c>A</c>, <c>B</c>, <c>C</c>, <c>D</c> or <c>F</c>; empty where nothing was judged.</param>
/// <param name="IsAtBest">Whether something that could not be read may hide worse.</param>
/// <param name="Reasons">Why, in whole sentences, the weightiest first.</param>
public sealed record Grade(string Letter, bool IsAtBest, ImmutableArray<string> Reasons)
{
    static readonly ImmutableHashSet<string> Everyone =
        [WellKnown.Anonymous, WellKnown.Unauthenticated, WellKnown.Authenticated, WellKnown.ServiceAccounts];

    /// <summary>What each letter means, best first.</summary>
    public static ImmutableArray<(string Letter, string Meaning)> Scale { get; } =
    [
        ("A", "nothing open above low"),
        ("B", "nothing open above medium"),
        ("C", "high findings are open, but no critical ones"),
        ("D", "critical findings are open: they are, or lead to, control of the cluster"),
        ("F", "a critical finding is open about everyone: anonymous requests, everyone who can log in, or every service account"),
    ];

    /// <summary>The grade of a posture.</summary>
    public static Grade Of(Posture posture)
    {
        if (posture.Policies.All(policy => policy.Area == Detection.Area) || posture.Counts.Values.Sum() == 0)
            return new("", IsAtBest: false, ["Nothing was judged, so there is no grade."]);
        var open = posture.Findings.Where(finding => finding is { Suppression: null, Detection: null }).ToList();
        var undecided = posture.Gaps.SelectMany(posture.Undecided).Distinct(StringComparer.Ordinal).Count();
        var seen = posture.Detections.Concat(posture.Findings.Select(finding => finding.Detection).OfType<Detection>())
            .Where(detection => detection.Suppression is null).ToList();
        var letter = LetterOf(open, [.. open.Select(finding => finding.Severity), .. seen.Select(detection => detection.Severity)]);
        if (letter == "A" && !posture.HasAccess)
            return new("", IsAtBest: false, ["Nothing was judged: no role and no binding is in the input, so there is no grade."]);
        // There is nothing worse than the last letter.
        return new(letter, undecided > 0 && letter != Scale[^1].Letter, [.. Explain(posture, open, seen, undecided)]);
    }

    /// <summary>What the letter means.</summary>
    public string Meaning => Scale.FirstOrDefault(grade => grade.Letter == Letter).Meaning ?? "";

    static string LetterOf(List<Finding> open, HashSet<Severity> severities) =>
        severities.Contains(Severity.Critical) ? open.Exists(IsCriticalForEveryone) ? "F" : "D"
        : severities.Contains(Severity.High) ? "C"
        : severities.Contains(Severity.Medium) ? "B"
        : "A";

    static bool IsCriticalForEveryone(Finding finding) =>
        finding.Severity == Severity.Critical && finding.About.Kind is "User" or "Group" && Everyone.Contains(finding.About.Name);

    static IEnumerable<string> Explain(Posture posture, List<Finding> open, List<Detection> seen, int undecided)
    {
        var everyone = open.Where(IsCriticalForEveryone).Select(finding => finding.About.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        if (everyone.Count > 0)
            yield return $"What is critical is held by {string.Join(", ", everyone)}, which is everyone of a kind.";
        foreach (var severity in new[] { Severity.Critical, Severity.High, Severity.Medium })
            if (open.Where(finding => finding.Severity == severity).ToList() is { Count: > 0 } found)
                yield return $"{Number(found.Count)} {severity.ToString().ToLowerInvariant()} {(found.Count == 1 ? "finding is" : "findings are")} open, about {About(found)}.";
        foreach (var severity in new[] { Severity.Critical, Severity.High, Severity.Medium })
            if (seen.Count(detection => detection.Severity == severity) is > 0 and var count)
                yield return $"The audit log shows {Number(count)} {severity.ToString().ToLowerInvariant()} {(count == 1 ? "detection" : "detections")}.";
        if (!open.Exists(finding => finding.Severity >= Severity.Medium) && !seen.Exists(detection => detection.Severity >= Severity.Medium))
            yield return open.Count == 0 ? "Nothing that was found is open." : $"Only {Number(open.Count)} of low weight {(open.Count == 1 ? "is" : "are")} open.";
        if (undecided > 0)
            yield return $"{undecided} of {posture.Policies.Length} policies could not be decided, because something could not be read: the truth may be worse.";
        if (posture.Suppressed > 0)
            yield return $"{posture.Suppressed} accepted {(posture.Suppressed == 1 ? "finding does" : "findings do")} not count.";
    }

    static string About(List<Finding> found) =>
        found.Select(finding => finding.About).Distinct().Count() is var subjects && subjects == 1 ? found[0].About.ToString() : $"{Number(subjects)} subjects or objects";

    static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
