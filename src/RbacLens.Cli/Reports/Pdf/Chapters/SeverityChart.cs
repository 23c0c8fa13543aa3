using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>Open findings as bars, one per severity, with their numbers.</summary>
static class SeverityChart
{
    const double BarHeight = 13, RowHeight = 19, LabelWidth = 56, NumberWidth = 44;

    public static void Write(Flow flow, Posture posture)
    {
        var counts = Plan.WorstFirst.Select(severity => (Severity: severity, Count: posture.Count(severity))).ToList();
        var alternative = $"Bar chart of open findings: {string.Join(", ", counts.Select(bar => $"{bar.Severity} {bar.Count}"))}";
        var (page, top) = (flow.Page, flow.Y);
        var most = Math.Max(1, counts.Max(bar => bar.Count));
        page.Tag(flow.Parent.Add(Figure(alternative, top, counts.Count * RowHeight)), () =>
        {
            for (var i = 0; i < counts.Count; i++)
                Draw(flow, counts[i], most, top + (i * RowHeight));
        });
        flow.Y = top + (counts.Count * RowHeight);
    }

    static void Draw(Flow flow, (Severity Severity, int Count) bar, int most, double y)
    {
        var style = flow.Look.Cell;
        var baseline = y + 9.8;
        flow.Page.Text(style, Flow.Left, baseline, $"{bar.Severity} ");
        var length = (Flow.FullWidth - LabelWidth - NumberWidth) * bar.Count / most;
        if (bar.Count > 0)
            flow.Page.Fill(Look.Of(bar.Severity), Flow.Left + LabelWidth, y, Math.Max(1.5, length), BarHeight);
        flow.Page.Text(flow.Look.CellStrong, Flow.Left + LabelWidth + Math.Max(1.5, length) + 6, baseline, $"{Wording.Number(bar.Count)} ");
    }

    static StructureElement Figure(string alternative, double top, double height) => new("Figure")
    {
        Alternative = alternative,
        Attributes = $"/O/Layout/Placement/Block/BBox[{Syntax.Number(Flow.Left)} {Syntax.Number(Page.Height - top - height)} "
            + $"{Syntax.Number(Flow.Left + Flow.FullWidth)} {Syntax.Number(Page.Height - top)}]",
    };
}
