using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The page for who reads one page.</summary>
static class SummaryChapter
{
    const int Risks = 6, Areas = 10, Gaps = 3;

    public static void Write(Flow flow, Plan plan) => flow.Chapter("Summary", plan.Summary, () =>
    {
        flow.Write(new(Verdict(plan), flow.Look.Body));
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
            : $"{Wording.Count(posture.Gaps.Length, "gap leaves", "gaps leave")} {policies} undecided.";
        var asked = $"{Wording.Count(posture.Policies.Length, "policy was", "policies were")} asked about {Inline(posture.Cluster)}";
        var open = plan.Open.ToList();
        if (open.Count == 0)
            return $"{asked}, and found nothing that is open. {limits}";
        var subjects = open.Select(finding => finding.About).Distinct().Count();
        return $"{asked}. {Wording.Count(open.Count, "finding is", "findings are")} open, about "
            + $"{Wording.Count(subjects, "subject or object", "subjects and objects")}. {limits}";
    }

    static string Inline(ClusterInfo cluster) => cluster.Context.Length > 80 ? "this cluster" : cluster.Context;

    static void WriteHeading(Flow flow, string title) =>
        flow.Heading(new(title, flow.Look.H3) { Tag = "H2", Before = 10 }, new(), keep: 60);

    static void WriteGrade(Flow flow, Plan plan)
    {
        var grade = Grade.Of(plan.Posture);
        WriteHeading(flow, $"Grade {Totals.Of(grade)}");
        flow.List(grade.Reasons.Select(reason => new Block(reason, flow.Look.Cell) { AtMost = 2 }));
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
        var rows = from risk in parts.Take(Risks) select Risk(flow.Look, risk.Severity, risk.part);
        Table.Write(flow, [new("Severity", 66), new("What", 215), new("Who", Flow.FullWidth - 281)], rows);
    }

    static Block[][] Risk(Look look, Severity severity, PolicyPart part)
    {
        var others = part.Findings.Length - 1;
        var first = part.Findings[0].About;
        var name = LineBreaking.Break(VisibleText.Of($"{first.Kind} {Wording.Name(first)}", look.Cell.Font.Draws), look.Cell, 150, 1)[0];
        return
        [
            [SeverityChip.Of(look, severity)],
            [new(part.Policy.Title, look.CellStrong) { Target = new LinkTarget.Place(part.Anchor), AtMost = 1 }],
            [new(others == 0 ? name : $"{name} + {Wording.Number(others)}", look.Cell) { AtMost = 1 }],
        ];
    }

    static void WriteAreas(Flow flow, Plan plan)
    {
        var areas = plan.Open.GroupBy(finding => finding.Policy.Area, StringComparer.Ordinal)
            .OrderByDescending(area => area.Max(finding => finding.Severity)).ThenByDescending(area => area.Count())
            .ThenBy(area => area.Key, StringComparer.Ordinal).ToList();
        if (areas.Count == 0)
            return;
        WriteHeading(flow, "Findings by area");
        Column[] columns =
        [
            new("Area", Flow.FullWidth - (6 * 56)), .. Plan.WorstFirst.Select(severity => new Column($"{severity}", 56) { IsRight = true }),
            new("All", 56) { IsRight = true },
        ];
        Table.Write(flow, columns, areas.Take(Math.Min(Areas, Fit(flow, plan))).Select(area => Area(flow.Look, area)));
    }

    // The summary is one page: the areas get what the gaps, whose room is known, leave.
    static int Fit(Flow flow, Plan plan)
    {
        const double row = 19.5, header = 22;
        var gaps = plan.Posture.Gaps.IsEmpty ? 0 : 56 + (Math.Min(Gaps, plan.Posture.Gaps.Length) * 14);
        return Math.Max(1, (int)((flow.Remaining - header - gaps) / row));
    }

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
                    select new Block($"{Wording.Kind(gap)}: {Wording.Reason(gap)} {gap.Detail}", flow.Look.Cell) { AtMost = 1 };
        flow.List(shown);
        flow.Write(new("All gaps, and the policies they leave undecided", flow.Look.Cell.In(Look.Accent))
        {
            Target = new LinkTarget.Place(plan.Gaps),
        });
    }
}
