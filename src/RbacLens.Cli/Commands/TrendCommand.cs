using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Postures;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Trend;

namespace RbacLens.Cli.Commands;

/// <summary>Draws the history of a folder of postures.</summary>
static class TrendCommand
{
    static readonly (string Name, Action<IReadOnlyList<TrendPoint>, Stream, ReportStyle> Write)[] Formats =
    [
        ("table", TrendTable.Write),
        ("csv", (points, output, _) => TrendCsv.Write(points, output)),
        ("html", TrendHtml.Write),
    ];

    public static Command Create(Terminal terminal)
    {
        var command = new Command("trend", "Draw how clusters did over time, from a folder of saved postures (-o json).");
        var folder = new Argument<string>("DIR") { Description = "The folder. Postures of several clusters are told apart by their UID, else by context where they were read live, else by the names of their files without dates." };
        var output = new Option<string[]>("--output", "-o") { Description = "table, csv or html. To a file with =FILE. Repeats.", HelpName = "FORMAT[=FILE]" };
        var cluster = new Option<string?>("--cluster") { Description = "All postures are of this one cluster, whatever they say.", HelpName = "NAME" };
        var template = new Option<string?>("--template") { Description = "A folder whose files replace those of the HTML report.", HelpName = "DIR" };
        command.Arguments.Add(folder);
        command.Options.Add(output);
        command.Options.Add(cluster);
        command.Options.Add(template);
        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = (parsed.GetValue(output) is { Length: > 0 } asked ? asked : ["table"]).Select(Target).ToList();
            var points = await HistoryAsync(parsed.GetRequiredValue(folder), parsed.GetValue(cluster), terminal, cancellation);
            foreach (var (write, file) in targets)
            {
                var style = terminal.Style(parsed.GetValue(template));
                await WholeFile.WriteAsync(file, terminal.Output, stream => write(points, stream, file is null ? style : style with { Width = 120, Colour = false }), cancellation);
            }

            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens trend reviews/", "rbac-lens trend reviews/prod --cluster prod", "rbac-lens trend reviews/ -o html=trend.html -o csv=trend.csv");
    }

    static (Action<IReadOnlyList<TrendPoint>, Stream, ReportStyle> Write, string? File) Target(string option)
    {
        var parts = option.Split('=', 2);
        var format = Array.Find(Formats, format => format.Name == parts[0]);
        return format.Write is null
            ? throw new InputException($"-o {parts[0]}: not a format of trend, expected one of {string.Join(", ", Formats.Select(known => known.Name))}")
            : (format.Write, parts is [_, { Length: > 0 } file] ? file : null);
    }

    /// <summary>The postures of a folder in order. They are read twice, so that only two of them are in memory at a time.</summary>
    static async Task<IReadOnlyList<TrendPoint>> HistoryAsync(string folder, string? only, Terminal terminal, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder, expected one with postures as -o json writes them");
        var dated = new List<(ClusterInfo Cluster, DateTimeOffset At, string File)>();
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (!await PostureFile.IsPostureAsync(file, cancellation))
                continue;
            var posture = await PostureFile.ReadAsync(file, terminal.Input, cancellation);
            dated.Add((posture.Cluster, posture.CollectedAt, file));
        }

        if (dated.Count == 0)
            throw new InputException($"{folder}: no posture in it, expected files as -o json=FILE writes them");
        var points = new List<TrendPoint>();
        var clusters = new TrendClusters([.. dated.OrderBy(one => one.At).Select(one => (one.Cluster, one.File))], Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
        (string Cluster, Posture? Posture) before = default;
        foreach (var (cluster, _, file) in dated.Select(one => (Cluster: only ?? clusters.Of(one.Cluster, one.File), one.At, one.File))
            .OrderBy(one => one.Cluster, StringComparer.Ordinal).ThenBy(one => one.At).ThenBy(one => one.File, StringComparer.Ordinal))
        {
            var posture = await PostureFile.ReadAsync(file, terminal.Input, cancellation);
            points.Add(TrendPoint.Of(posture, cluster, Path.GetFileName(file), before.Cluster == cluster ? before.Posture : null));
            before = (cluster, posture);
        }

        return points;
    }
}
