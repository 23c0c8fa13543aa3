using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>The map of risk: where (the whole cluster, then the namespaces that are worst off) by what (areas of policies).</summary>
static class HeatModel
{
    const int Shown = 25;

    /// <summary>The map; null where nothing is open.</summary>
    public static Dictionary<string, object?>? Of(Posture posture)
    {
        var open = (from finding in posture.Findings
                    where finding.Suppression is null
                    from place in finding.Scopes.IsEmpty ? ["*"] : finding.Scopes.Select(scope => scope.ToString())
                    select (Place: place, finding.Policy.Area, finding.Severity)).ToList();
        if (open.Count == 0)
            return null;
        var areas = open.Select(one => one.Area).Distinct().Order(StringComparer.Ordinal).ToList();
        var rows = (from one in open
                    group one by one.Place into place
                    let worst = place.Max(one => one.Severity)
                    orderby place.Key != "*", worst descending, place.Count(one => one.Severity == worst) descending, place.Count() descending, place.Key
                    select Row(place.Key, areas, [.. place.Select(one => (one.Area, one.Severity))])).ToList();
        return new()
        {
            ["areas"] = areas.Select(SafeText.Of).ToList(),
            ["rows"] = rows.Take(Shown).ToList(),
            ["more"] = rows.Count <= Shown ? null : Counted.Of(rows.Count - Shown, "namespace"),
        };
    }

    static Dictionary<string, object?> Row(string place, List<string> areas, List<(string Area, Severity Severity)> open) => new()
    {
        ["place"] = place == "*" ? "Whole cluster" : SafeText.Of(place),
        ["link"] = FilterLink.To(("place", SafeText.Of(place))),
        ["total"] = Counted.Number(open.Count),
        ["cells"] = areas.Select(area => Cell(place, area, [.. open.Where(one => one.Area == area).Select(one => one.Severity)])).ToList(),
    };

    static Dictionary<string, object?> Cell(string place, string area, List<Severity> found) => new()
    {
        ["any"] = found.Count > 0,
        ["count"] = Counted.Number(found.Count),
        ["severity"] = found.Count == 0 ? null : SeverityModel.Of(found.Max()),
        ["link"] = FilterLink.To(("area", SafeText.Of(area)), ("place", SafeText.Of(place))),
    };
}
