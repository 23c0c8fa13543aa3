using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports.Trend;

/// <summary>A history for spreadsheets.</summary>
static class TrendCsv
{
    public static void Write(IReadOnlyList<TrendPoint> points, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine("cluster,collected_at,grade,at_best,critical,high,medium,low,info,accepted,gaps,new,resolved,unclear,tool,file");
        foreach (var point in points)
            writer.WriteLine(string.Join(',', Cells(point).Select(CsvReport.Cell)));
    }

    static IEnumerable<string> Cells(TrendPoint point) =>
    [
        point.Cluster, JsonReport.Time(point.CollectedAt), point.Grade.Letter, point.Grade.IsAtBest ? "yes" : "no",
        .. point.Open.Select(Number), Number(point.Accepted), Number(point.Gaps),
        .. new[] { point.Since?.Count(Policies.Change.New), point.Since?.Resolved.Length, point.Since?.Unclear.Length }.Select(count => count is { } known ? Number(known) : ""),
        point.Tool, point.File,
    ];

    static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
