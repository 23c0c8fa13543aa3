using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>What became of the findings, and which detections are new, since an earlier report.</summary>
static class ChangesChapter
{
    const int Listed = 200;

    static readonly Column[] Columns = [new("Change", 78), new("Severity", 66), new("Who or what", 150), new("Finding", Flow.FullWidth - 294)];

    public static void Write(Flow flow, Plan plan)
    {
        if (plan.Posture.Comparison is not { } comparison)
            return;
        flow.Chapter("What changed", plan.Changes, () =>
        {
            flow.Write(new($"Compared with the posture collected at {Wording.Moment(comparison.CollectedAt)}: {Totals.Of(comparison)}.", flow.Look.Body));
            if (comparison.Tool != plan.Posture.Tool)
                flow.Write(new($"The earlier one was judged by {comparison.Tool}: some of what is new may have been there, unseen.", flow.Look.Body) { Before = 3 });
            flow.Y += 6;
            var joined = DetectionFindings.Joined(plan.Posture);
            var rows = (from finding in plan.Open
                        where comparison.Of(finding) is Change.New or Change.Reopened or Change.Changed
                        select (comparison.Of(finding).Word(), finding))
                .Concat(from finding in joined.Findings
                        where finding is { Suppression: null, Detection: { } detection } && comparison.IsNew(detection)
                        select ("new", finding))
                .Concat(joined.Comparison!.Unclear.Select(finding => ("gone, but unproved", finding)))
                .Concat(joined.Comparison!.Resolved.Select(finding => ("resolved", finding))).ToList();
            Table.Write(flow, Columns, rows.Take(Listed).Select(row => Row(flow.Look, row.Item1, row.finding)));
            if (rows.Count > Listed)
                flow.Write(new($"and {Wording.Number(rows.Count - Listed)} more; the JSON report has all of them.", flow.Look.Fine) { Before = 4 });
        }, isShort: true);
    }

    static Block[][] Row(Look look, string change, Finding finding) =>
    [
        [new(change, look.CellStrong)],
        [SeverityChip.Of(look, finding.Severity)],
        [new(finding.About.Kind, look.Cell.In(Look.Quiet)), new(Wording.Name(finding.About), look.CellStrong)],
        [new(finding.Policy.Title, look.Cell), new(Wording.Scopes(finding.Scopes), look.Fine)],
    ];
}
