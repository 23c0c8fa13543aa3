using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>Five tiles in a row, each with a severity's name and how many findings are open.</summary>
static class SeverityTiles
{
    const double Gap = 8, Height = 58;

    public static void Write(Flow flow, Posture posture)
    {
        var width = (Flow.FullWidth - (4 * Gap)) / 5;
        foreach (var (severity, i) in Plan.WorstFirst.Select((severity, i) => (severity, i)))
            Write(flow, severity, posture.Count(severity), Flow.Left + (i * (width + Gap)), width);
        flow.Y += Height + 8;
    }

    // None is an empty frame, so that the tiles that matter stand out even on a grey printout.
    static void Write(Flow flow, Severity severity, int count, double x, double width)
    {
        var (page, y, color) = (flow.Page, flow.Y, Look.Of(severity));
        var text = count > 0 ? Look.White : Look.Quiet;
        page.Decorate(() =>
        {
            if (count > 0)
                page.Fill(color, x, y, width, Height);
            else
                page.Frame(Look.Hairline, x, y, width, Height);
        });
        page.Tag(flow.Parent.Add("P"), () =>
        {
            page.Text(flow.Look.Title with { Size = 22, Color = text }, x + 10, y + 31, $"{Wording.Number(count)} ");
            page.Text(flow.Look.Chip with { Size = 8, Color = text }, x + 10, y + 47, $"{severity}".ToUpperInvariant());
        });
    }
}
