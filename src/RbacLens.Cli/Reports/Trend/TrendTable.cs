using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports.Trend;

/// <summary>A history for the terminal: one line per posture, with a bar as long as there are findings.</summary>
static class TrendTable
{
    const int LongestBar = 30;

    public static void Write(IReadOnlyList<TrendPoint> points, Stream output, ReportStyle style)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        var isFirst = true;
        foreach (var cluster in points.GroupBy(point => point.Cluster))
        {
            if (!isFirst)
                writer.WriteLine();
            isFirst = false;
            writer.WriteLine(Words.Printable(cluster.Key));
            writer.WriteLine("COLLECTED         GRADE  CRIT  HIGH   MED   LOW  INFO   NEW  GONE  GAPS");
            var most = Math.Max(1, cluster.Max(point => point.Total));
            foreach (var point in cluster)
                writer.WriteLine(Line(point, most, style.Width - 75).TrimEnd());
        }
    }

    static string Line(TrendPoint point, int most, int room)
    {
        var grade = point.Grade.Letter.Length == 0 ? "-" : point.Grade.Letter + (point.Grade.IsAtBest ? " at best" : "");
        var numbers = string.Concat(point.Open.Select(count => Cell(count))) + Cell(point.Since?.Count(Policies.Change.New)) + Cell(point.Since?.Resolved.Length) + Cell(point.Gaps);
        var bar = room < 5 ? "" : "  " + new string('█', (int)Math.Ceiling((double)point.Total * Math.Min(room, LongestBar) / most));
        return $"{point.CollectedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}  {(point.Grade.IsAtBest ? grade[..1] + "≤" : grade),-5}{numbers}{bar}";
    }

    static string Cell(int? count) => (count?.ToString(CultureInfo.InvariantCulture) ?? "").PadLeft(6);
}
