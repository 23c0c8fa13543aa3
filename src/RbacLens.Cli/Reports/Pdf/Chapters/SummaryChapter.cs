using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>
/// The page for who reads one page. Whatever the posture, it is one: each part gets what those after it leave, and says how much more there is
/// and on which page.
/// </summary>
static class SummaryChapter
{
    const int Reasons = 6, Risks = 6, Areas = 10, Gaps = 3;

    // Points that the parts take: a heading with what is above and below it, a header row with the space after the table, rows, lines.
    const double Heading = 29, TableFrame = 27, AreaRow = 20, TextLine = 12, MoreLine = 14;

    public static void Write(Flow flow, Plan plan) => flow.Chapter("Summary", plan.Summary, () =>
    {
        flow.Write(new(Verdict(plan), flow.Look.Body) { AtMost = 5 });
        WriteGrade(flow, plan);
        WriteChart(flow, plan);
        WriteRisks(flow, plan);
        WriteAreas(flow, plan);
        WriteGaps(flow, plan);
    });

    static string Verdict(Plan plan)
    {
        var posture = plan.Posture;
        var undecided = posture.Gaps.SelectMany(posture.Undecided).Distinct(StringComparer.Ordinal).Count();
        var policies = Wording.Count(undecided, "policy", "policies");
        var limits = posture.Gaps.Length == 0
            ? Words.WithoutGaps(posture)
            : $"{Wording.Count(posture.Gaps.Length, "gap leaves", "gaps leave")} {(undecided == 0 ? "no policy" : policies)} undecided.";
        var asked = $"{Wording.Count(posture.Policies.Length, "policy was", "policies were")} asked about {Inline(posture.Cluster)}";
        var open = plan.Open.ToList();
        var seen = posture.Detections.Count(detection => detection.Suppression is null);
        var log = seen == 0 ? "" : $" {Wording.Count(seen, "detection in the audit log is", "detections in the audit log are")} open.";
        if (open.Count == 0)
            return $"{asked}, and found nothing that is open.{log} {limits}";
        var subjects = open.Select(finding => finding.About).Distinct().Count();
        return $"{asked}. {Wording.Count(open.Count, "finding is", "findings are")} open, about "
            + $"{Wording.Count(subjects, "subject or object", "subjects and objects")}.{log} {limits}";
    }

    static string Inline(ClusterInfo cluster) => cluster.Context.Length > 80 ? "this cluster" : cluster.Context;

    static void WriteHeading(Flow flow, string title) =>
        flow.Heading(new(title, flow.Look.H3) { Tag = "H2", Before = 10 }, new(), keep: 0);

    static void WriteGrade(Flow flow, Plan plan)
    {
        var grade = Grade.Of(plan.Posture);
        WriteHeading(flow, $"Grade {Totals.Grade(plan.Posture)}");
        // A line that says there is one more takes as much room as the one.
        var shown = grade.Reasons.Length <= Reasons + 1 ? Reasons + 1 : Reasons;
        flow.List(grade.Reasons.Take(shown).Select(reason => new Block(reason, flow.Look.Cell) { AtMost = 2 }));
        if (grade.Reasons.Length > shown)
            flow.Write(new($"and {Wording.Number(grade.Reasons.Length - shown)} more, which the HTML and JSON reports list", flow.Look.Cell.In(Look.Quiet)), indent: 12);
        if (plan.Posture.Comparison is { } comparison)
            flow.Write(new($"What changed: {Totals.Of(comparison)}.", flow.Look.CellStrong) { Before = 3, Target = new LinkTarget.Place(plan.Changes) });
    }

    static void WriteChart(Flow flow, Plan plan)
    {
        if (!plan.Open.Any())
            return;
        WriteHeading(flow, "Open findings by severity");
        SeverityChart.Write(flow, plan.Posture);
    }

    static void WriteRisks(Flow flow, Plan plan)
    {
        var parts = WorstPolicy.Of(plan.Posture).ToList();
        if (parts.Count == 0)
            return;
        var explained = plan.Severities.SelectMany(severity => severity.Policies).Where(part => part.ExplainedBy is null).ToDictionary(part => part.Policy.Id, part => part.Anchor, StringComparer.Ordinal);
        WriteHeading(flow, "Top risks");
        var shown = Math.Min(Risks, parts.Count);
        var rows = from risk in parts.Take(shown) select Risk(flow.Look, risk, explained[risk.Gravest[0].Policy.Id]);
        Table.Write(flow, [new("Severity", 66), new("What", 215), new("Findings", 54) { IsRight = true }, new("For example", Flow.FullWidth - 335)], rows);
        WriteMore(flow, parts.Count - shown, "more", "more", plan.Findings);
    }

    static Block[][] Risk(Look look, WorstPolicy policy, Anchor anchor)
    {
        var first = policy.Gravest[0];
        return
        [
            [SeverityChip.Of(look, policy.Severity)],
            [new(first.Policy.Title, look.CellStrong) { Target = new LinkTarget.Place(anchor), AtMost = 2 }],
            [new(Wording.Number(policy.Gravest.Length), look.CellStrong)],
            [new($"{first.About.Kind} {Wording.Name(first.About)}", look.Cell) { AtMost = 2 }],
        ];
    }

    static void WriteAreas(Flow flow, Plan plan)
    {
        var areas = plan.Open.GroupBy(finding => finding.Policy.Area, StringComparer.Ordinal)
            .OrderByDescending(area => area.Max(finding => finding.Severity)).ThenByDescending(area => area.Count())
            .ThenBy(area => area.Key, StringComparer.Ordinal).ToList();
        if (areas.Count == 0)
            return;
        var shown = Math.Min(Math.Min(Areas, areas.Count), Fit(flow, plan, areas.Count));
        if (shown < 1)
            return;
        WriteHeading(flow, "Findings by area");
        Column[] columns =
        [
            new("Area", Flow.FullWidth - (6 * 56)), .. Plan.WorstFirst.Select(severity => new Column($"{severity}", 56) { IsRight = true }),
            new("All", 56) { IsRight = true },
        ];
        Table.Write(flow, columns, areas.Take(shown).Select(area => Area(flow.Look, area)));
        WriteMore(flow, areas.Count - shown, "more area", "more areas", plan.Findings);
    }

    // The areas get what the gaps, whose room is known, leave.
    static int Fit(Flow flow, Plan plan, int areas)
    {
        var gaps = plan.Posture.Gaps.IsEmpty ? 0 : Heading + (Math.Min(Gaps, plan.Posture.Gaps.Length) * TextLine) + MoreLine;
        var room = flow.Remaining - gaps - Heading - TableFrame - 2;
        return areas * AreaRow <= room ? areas : (int)((room - MoreLine) / AreaRow);
    }

    static void WriteMore(Flow flow, int count, string one, string many, Anchor anchor)
    {
        if (count == 0)
            return;
        flow.Y -= 4;
        WriteOnPage(flow, $"and {Wording.Count(count, one, many)}", anchor);
    }

    static void WriteOnPage(Flow flow, string text, Anchor anchor) => flow.Write(new(text, flow.Look.Cell.In(Look.Accent))
    {
        Target = new LinkTarget.Place(anchor),
        PageOf = anchor,
        PageWord = "page ",
    });

    static Block[][] Area(Look look, IGrouping<string, Finding> area) =>
    [
        [new(area.Key, look.Cell) { AtMost = 1 }],
        .. from severity in Plan.WorstFirst
           let count = area.Count(finding => finding.Severity == severity)
           select (Block[])[count == 0 ? new("0", look.Cell.In(Look.Quiet)) : new(Wording.Number(count), look.CellStrong)],
        [new(Wording.Number(area.Count()), look.CellStrong)],
    ];

    static void WriteGaps(Flow flow, Plan plan)
    {
        if (plan.Posture.Gaps.Length == 0)
            return;
        WriteHeading(flow, "What could not be read");
        var shown = from gap in plan.Posture.Gaps.Take(Gaps)
                    select new Block($"{Wording.Kind(gap)}: {gap.Detail}", flow.Look.Cell) { AtMost = 1 };
        flow.List(shown);
        var more = plan.Posture.Gaps.Length - Gaps;
        WriteOnPage(flow, $"{(more > 0 ? $"and {Wording.Number(more)} more; the" : "The")} policies they leave undecided", plan.Gaps);
    }
}
