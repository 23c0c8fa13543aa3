using System.Globalization;
using System.Text;
using RbacLens.Cli.Reports.Html;

namespace RbacLens.Cli.Reports.Trend;

/// <summary>A history as a self-contained page: a chart and a table per cluster.</summary>
static class TrendHtml
{
    const double Width = 1000, Height = 260, Bottom = 226, Top = 14, Left = 44, Right = 990;

    public static void Write(IReadOnlyList<TrendPoint> points, Stream output, ReportStyle style)
    {
        var templates = Templates.Load(style.TemplateFolder);
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write(templates.Render("trend", Model(points, templates)));
    }

    /// <summary>What <c>trend.hbs</c> sees.</summary>
    public static Dictionary<string, object?> Model(IReadOnlyList<TrendPoint> points, Templates templates) => new()
    {
        ["style"] = templates.Style,
        ["contentSecurityPolicy"] = PageModel.ContentSecurityPolicy(templates.Style, script: null),
        ["clusters"] = points.GroupBy(point => point.Cluster).Select(cluster => Cluster(cluster.Key, [.. cluster])).ToList(),
    };

    static Dictionary<string, object?> Cluster(string context, List<TrendPoint> points) => new()
    {
        ["context"] = SafeText.Of(context),
        ["summary"] = points.Count == 1 ? $"1 posture, of {Day(points[0])}: {Counted.Of(points[0].Total, "open finding")}"
            : $"{Counted.Of(points.Count, "posture")} from {Day(points[0])} to {Day(points[^1])}: {Counted.Of(points[0].Total, "open finding")} then, {Counted.Number(points[^1].Total)} now",
        ["hasChart"] = points[0].CollectedAt != points[^1].CollectedAt,
        ["bands"] = Bands(points),
        ["marks"] = Marks(points),
        ["lines"] = Lines(points),
        ["points"] = points.Select(Point).Reverse().ToList(),
    };

    // Stacked areas, worst at the bottom, where changes show best.
    static List<Dictionary<string, object?>> Bands(List<TrendPoint> points) =>
    [
        .. from index in Enumerable.Range(0, SeverityModel.All.Count())
           let severity = SeverityModel.All.ElementAt(index)
           let upper = points.Select((point, i) => $"{X(points, i)},{Y(points, point.Open.Take(index + 1).Sum())}").ToList()
           let lower = points.Select((point, i) => $"{X(points, i)},{Y(points, point.Open.Take(index).Sum())}").Reverse()
           where points.Exists(point => point.Open[index] > 0)
           select new Dictionary<string, object?> { ["id"] = SeverityModel.Id(severity), ["name"] = SeverityModel.Name(severity), ["outline"] = string.Join(' ', upper.Concat(lower)) },
    ];

    static List<Dictionary<string, object?>> Lines(List<TrendPoint> points) =>
    [
        .. from value in Ticks(points.Max(point => point.Total))
           select new Dictionary<string, object?> { ["y"] = Y(points, value), ["value"] = Counted.Number(value) },
    ];

    static List<Dictionary<string, object?>> Marks(List<TrendPoint> points)
    {
        // As many dates as have room beside each other.
        var every = Math.Max(1, (int)Math.Ceiling(points.Count / 8.0));
        return
        [
            .. from i in Enumerable.Range(0, points.Count)
               where (points.Count - 1 - i) % every == 0
               select new Dictionary<string, object?>
               {
                   ["x"] = X(points, i),
                   ["day"] = Day(points[i]),
                   ["anchor"] = i == 0 ? "start" : i == points.Count - 1 ? "end" : "middle",
               },
        ];
    }

    static Dictionary<string, object?> Point(TrendPoint point) => new()
    {
        ["collectedAt"] = JsonReport.Time(point.CollectedAt),
        ["collectedOn"] = point.CollectedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
        ["grade"] = GradeModel.Of(point.Grade),
        ["severities"] = SeverityModel.All.Select((severity, i) => SeverityModel.Of(severity, point.Open[i])).ToList(),
        ["accepted"] = Counted.Number(point.Accepted),
        ["gaps"] = Counted.Number(point.Gaps),
        ["fresh"] = point.Since is { } since ? Counted.Number(since.Count(Policies.Change.New)) : "",
        ["resolved"] = point.Since is { } before ? Counted.Number(before.Resolved.Length) : "",
        ["tool"] = SafeText.Of(point.Tool),
        ["file"] = SafeText.Of(point.File),
    };

    static string Day(TrendPoint point) => point.CollectedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // By time, not by number: a gap between reviews shows.
    static string X(List<TrendPoint> points, int i)
    {
        var span = (points[^1].CollectedAt - points[0].CollectedAt).TotalSeconds;
        var part = span == 0 ? 0.5 : (points[i].CollectedAt - points[0].CollectedAt).TotalSeconds / span;
        return Number(Left + (part * (Right - Left)));
    }

    static string Y(List<TrendPoint> points, int value) =>
        Number(Bottom - (value * (Bottom - Top) / Math.Max(1, Ticks(points.Max(point => point.Total))[^1])));

    // Round steps: 1, 2 or 5 times a power of ten, at most five of them.
    static List<int> Ticks(int most)
    {
        var step = 1;
        for (var i = 0; most / (double)step > 5; i++)
            step = new[] { 2, 5, 10 }[i % 3] * (int)Math.Pow(10, i / 3);
        return [.. Enumerable.Range(0, (Math.Max(1, most) + step - 1) / step + 1).Select(tick => tick * step)];
    }

    static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
