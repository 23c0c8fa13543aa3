using RbacLens.Policies;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>How the cluster stands with each control of one framework, for the terminal.</summary>
static class FrameworkTable
{
    public static Table Of(FrameworkResult result, bool wide)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true, Expand = false };
        table.AddColumn(new TableColumn("CONTROL") { NoWrap = true, Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("STATUS") { NoWrap = true, Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("WHAT") { Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("WHY") { Padding = new(0, 0, wide ? 2 : 0, 0) });
        if (wide)
            table.AddColumn(new TableColumn("FOUND BY") { Padding = new(0, 0, 0, 0) });
        foreach (var control in result.Controls)
        {
            string[] cells = [Safe(control.Control.Id), Status(control.Status), Safe(control.Control.Title), Safe(control.Because)];
            table.AddRow(wide ? [.. cells, Safe(string.Join(", ", FoundBy(control)))] : cells);
        }

        return table;
    }

    /// <summary><c>9 fail, 3 pass, 1 not assessed</c>.</summary>
    public static string Count(FrameworkResult result) =>
        string.Join(", ", new[] { ControlStatus.Fail, ControlStatus.Pass, ControlStatus.NotAssessed }
            .Select(status => $"{result.Controls.Count(control => control.Status == status)} {Word(status)}"));

    static IEnumerable<string> FoundBy(ControlResult control) =>
        from finding in control.Findings
        where finding.Suppression is null
        group finding by finding.Policy.Id into ofPolicy
        select $"{ofPolicy.Key} ({ofPolicy.Count()})";

    static string Status(ControlStatus status) => status switch
    {
        ControlStatus.Pass => "[green]pass[/]",
        ControlStatus.Fail => "[bold red]fail[/]",
        _ => $"[yellow]{Word(status)}[/]",
    };

    static string Word(ControlStatus status) => status switch
    {
        ControlStatus.Pass => "pass",
        ControlStatus.Fail => "fail",
        _ => "not assessed",
    };

    static string Safe(string text) => TerminalText.Escaped(Words.Printable(text));
}
