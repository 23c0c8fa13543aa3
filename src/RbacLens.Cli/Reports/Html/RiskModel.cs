using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What is worst: the policies with the gravest open findings.</summary>
static class RiskModel
{
    const int Shown = 6;
    const int Examples = 3;

    /// <summary>The worst policies first; among equals the one found more often.</summary>
    public static List<Dictionary<string, object?>> Worst(Posture posture) =>
    [
        .. WorstPolicy.Of(posture).Take(Shown).Select(policy => Risk(policy.Severity, [.. policy.Gravest])),
    ];

    static Dictionary<string, object?> Risk(Severity severity, List<Finding> findings) => new()
    {
        ["severity"] = SeverityModel.Of(severity),
        ["policy"] = SafeText.Of(findings[0].Policy.Id),
        ["title"] = SafeText.Of(findings[0].Policy.Title),
        ["count"] = Counted.Of(findings.Count, "finding"),
        ["examples"] = findings.Take(Examples).Select(Example).ToList(),
        ["more"] = findings.Count <= Examples ? null : Counted.Number(findings.Count - Examples),
    };

    static Dictionary<string, object?> Example(Finding finding) => new()
    {
        ["fingerprint"] = finding.Fingerprint,
        ["subject"] = SubjectModel.Of(finding.About),
        ["where"] = FindingModel.Where(finding),
    };
}
