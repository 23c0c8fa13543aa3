using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>Open findings per area, with the lengths of a bar's parts.</summary>
static class AreaModel
{
    /// <summary>The areas without open findings, in one line; null for none.</summary>
    public static string? Idle(Posture posture)
    {
        var busy = posture.Findings.Where(finding => finding.Suppression is null).Select(finding => finding.Policy.Area).ToHashSet(StringComparer.Ordinal);
        var idle = posture.Policies.Select(policy => policy.Area).Where(area => !busy.Contains(area)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return idle.Count == 0 ? null : SafeText.Of(string.Join(", ", idle));
    }

    /// <summary>The areas with open findings, those with the gravest first.</summary>
    public static List<Dictionary<string, object?>> Of(Posture posture)
    {
        var open = posture.Findings.Where(finding => finding.Suppression is null)
            .ToLookup(finding => finding.Policy.Area, finding => finding.Severity, StringComparer.Ordinal);
        var longest = open.Select(area => area.Count()).DefaultIfEmpty(0).Max();
        return
        [
            .. from area in open
               let severities = area.ToList()
               orderby severities.Max() descending, severities.Count descending, area.Key
               select Area(area.Key, severities, longest),
        ];
    }

    static Dictionary<string, object?> Area(string name, List<Severity> found, int longest) => new()
    {
        ["name"] = SafeText.Of(name),
        ["total"] = Counted.Number(found.Count),
        ["severities"] = SeverityModel.All.Select(severity => SeverityModel.Of(severity, found.Count(s => s == severity))).ToList(),
        ["bar"] = Bar(found, longest),
    };

    // Percent of the longest bar; left edges follow from the parts before.
    static List<Dictionary<string, object?>> Bar(List<Severity> found, int longest) =>
    [
        .. from severity in SeverityModel.All
           let width = found.Count(s => s == severity)
           where width > 0
           select new Dictionary<string, object?>
           {
               ["id"] = SeverityModel.Id(severity),
               ["x"] = Percent(found.Count(s => s > severity), longest),
               ["width"] = Percent(width, longest),
           },
    ];

    static string Percent(int part, int whole) => (100m * part / whole).ToString("0.##", CultureInfo.InvariantCulture);
}
