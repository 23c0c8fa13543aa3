using RbacLens.Cli.Reports;
using RbacLens.Tests.Reports;

namespace RbacLens.Tests.Commands;

/// <summary>Saved postures: rendered, compared, drawn over time.</summary>
public sealed class ReportCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rbac-lens-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Saved(string name, Posture posture)
    {
        var file = Path.Combine(folder, name);
        using var output = File.Create(file);
        JsonReport.Write(posture, output);
        return file;
    }

    [Fact]
    public async Task What_is_new_decides_the_exit_code_where_that_is_asked()
    {
        var now = Saved("now.json", SamplePosture.Create());
        var same = Saved("same.json", SamplePosture.Create());
        var earlier = Saved("earlier.json", ComparedPosture.Earlier());
        Assert.Equal(1, (await CommandLine.RunAsync(["report", "--from", now, "--fail-on", "critical"])).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(["report", "--from", now, "--compare", same, "--fail-on", "info", "--new-only"])).ExitCode);
        Assert.Equal(1, (await CommandLine.RunAsync(["report", "--from", now, "--compare", earlier, "--fail-on", "critical", "--new-only"])).ExitCode);
        var alone = await CommandLine.RunAsync(["report", "--from", now, "--new-only"]);
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("expected --compare FILE", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_posture_to_compare_with_is_said_so()
    {
        var result = await CommandLine.RunAsync(["report", "--from", Saved("then.json", ComparedPosture.Earlier()), "--compare", Saved("now.json", SamplePosture.Create())]);
        Assert.Contains("after what it is compared with", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_is_drawn_in_order_and_other_files_are_passed_over()
    {
        Saved("b.json", ComparedPosture.Earlier());
        Saved("a.json", SamplePosture.Create());
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "hello");
        var table = await CommandLine.RunAsync(["trend", folder]);
        var lines = table.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["prod-eu-1", "COLLECTED         GRADE  CRIT  HIGH   MED   LOW  INFO   NEW  GONE  GAPS"], lines[..2]);
        Assert.StartsWith("2026-08-01 09:00", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("2026-11-21 10:00", lines[3], StringComparison.Ordinal);
        var html = Path.Combine(folder, "trend.html");
        Assert.Equal(0, (await CommandLine.RunAsync(["trend", folder, "-o", $"html={html}", "-o", $"csv={html}.csv"])).ExitCode);
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await File.ReadAllTextAsync(html));
        Assert.Equal(2, page.QuerySelectorAll("tbody tr").Length);
        Assert.Equal(5, page.QuerySelectorAll("polygon").Length);
        Assert.Empty(page.QuerySelectorAll("script, [src], link"));
        Assert.Equal(3, (await File.ReadAllLinesAsync(html + ".csv")).Length);
    }

    [Fact]
    public async Task A_folder_without_postures_is_no_empty_history()
    {
        var result = await CommandLine.RunAsync(["trend", folder]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no posture in it", result.Error, StringComparison.Ordinal);
    }
}
