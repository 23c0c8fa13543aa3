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
            ? "Everything the policies need could be read."
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
        flow.List(grade.Reasons.Take(Reasons).Select(reason => new Block(reason, flow.Look.Cell) { AtMost = 2 }));
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
        var parts = plan.Severities.SelectMany(severity => severity.Policies.Select(part => (severity.Severity, part))).ToList();
        if (parts.Count == 0)
            return;
        WriteHeading(flow, "Top risks");
        var shown = Math.Min(Risks, parts.Count);
        var rows = from risk in parts.Take(shown) select Risk(flow.Look, risk.Severity, risk.part);
        Table.Write(flow, [new("Severity", 66), new("What", 250), new("Findings", 54) { IsRight = true }, new("For example", Flow.FullWidth - 370)], rows);
        WriteMore(flow, parts.Count - shown, "more", "more", plan.Findings);
    }

    static Block[][] Risk(Look look, Severity severity, PolicyPart part)
    {
        var first = part.Findings[0].About;
        return
        [
            [SeverityChip.Of(look, severity)],
            [new(part.Policy.Title, look.CellStrong) { Target = new LinkTarget.Place(part.Anchor), AtMost = 1 }],
            [new(Wording.Number(part.Findings.Length), look.CellStrong)],
            [new($"{first.Kind} {Wording.Name(first)}", look.Cell) { AtMost = 1 }],
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
