using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>Every policy that was asked, and what came of it.</summary>
static class PoliciesChapter
{
    static readonly Column[] Columns = [new("Policy", 208), new("Its id", 112), new("Area", 62), new("Result", Flow.FullWidth - 382)];

    public static void Write(Flow flow, Plan plan) => flow.Chapter("Policies that were asked", plan.Policies, () =>
    {
        var found = plan.Posture.Findings.ToLookup(finding => finding.Policy.Id, StringComparer.Ordinal);
        var missing = plan.Posture.Gaps.SelectMany(gap => plan.Posture.Undecided(gap).Select(id => (Id: id, gap.Kind)))
            .ToLookup(gap => gap.Id, gap => gap.Kind, StringComparer.Ordinal);
        if (plan.Posture.Policies.IsEmpty)
            flow.Write(new("None.", flow.Look.Body));
        var rows = plan.Posture.Policies.Select(policy => Row(flow.Look, policy, [.. found[policy.Id]], [.. missing[policy.Id]]));
        Table.Write(flow, Columns, rows);
    }, isShort: true);

    static Block[][] Row(Look look, Policy policy, List<Finding> found, List<string> missing) =>
    [
        [new(policy.Title, look.Cell)],
        [new(policy.Id, look.Fine)],
        [new(policy.Area, look.Cell)],
        [new(Result(found, missing.Count > 0), found.Count > 0 ? look.CellStrong : look.Cell), .. Missing(look, missing)],
    ];

    static string Result(List<Finding> found, bool isUndecided)
    {
        var open = found.Where(finding => finding.Suppression is null).ToList();
        var accepted = found.Count - open.Count > 0 ? $"{Wording.Number(found.Count - open.Count)} accepted" : "";
        if (open.Count > 0)
            return $"{Wording.Count(open.Count, "finding")}, worst {open.Max(finding => finding.Severity)}".ToLowerInvariant()
                + (accepted.Length > 0 ? $", {accepted}" : "");
        return accepted.Length > 0 ? accepted : isUndecided ? "undecided" : "nothing found";
    }

    static IEnumerable<Block> Missing(Look look, List<string> kinds)
    {
        var names = kinds.Select(kind => kind == "*" ? "everything" : kind).Distinct(StringComparer.Ordinal);
        return kinds.Count == 0 ? [] : [new($"not fully read: {Wording.List(names)}", look.Fine)];
    }
}
