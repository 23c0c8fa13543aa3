using System.Text;
using Spectre.Console;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>An answer for the terminal.</summary>
static class AnswerTable
{
    // Elsewhere than on a terminal, lines are as long as they must be, for grep and the like; only enumerations are broken.
    const int Unlimited = 10_000, LongestName = 100, LongestList = 80;

    /// <summary>Writes all blocks; tables fit the terminal.</summary>
    public static void Write(Answer answer, Stream output, ReportStyle style)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        foreach (var block in answer.Blocks)
            Write(block, writer, style);
    }

    static void Write(AnswerBlock block, StreamWriter writer, ReportStyle style)
    {
        switch (block)
        {
            case AnswerBlock.Rows { Sheet.Rows.Count: > 0 } rows:
                foreach (var line in Rendered(rows.Sheet, style).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    writer.WriteLine(line.TrimEnd());
                break;
            case AnswerBlock.Line line:
                writer.WriteLine(Words.Printable(line.Text));
                break;
            case AnswerBlock.Verbatim verbatim:
                foreach (var line in verbatim.Text.TrimEnd('\n').Split('\n'))
                    writer.WriteLine(Words.Printable(line));
                break;
        }
    }

    static string Rendered(Sheet sheet, ReportStyle style)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = style.IsTerminal ? style.Width : Unlimited;
        console.Profile.Encoding = Encoding.UTF8;
        console.Write(Table(sheet, style.IsTerminal));
        return text.ToString();
    }

    // A column that says nothing in any row is left out.
    static Table Table(Sheet sheet, bool isTerminal)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true, Expand = false };
        var shown = Enumerable.Range(0, sheet.Columns.Count).Where(column => sheet.Rows.Any(row => row[column].Length > 0)).ToList();
        foreach (var column in shown)
            table.AddColumn(new TableColumn(TerminalText.Escaped(sheet.Columns[column]))
            {
                Padding = new(0, 0, column == shown[^1] ? 0 : 2, 0),
                Width = !isTerminal && sheet.Rows.Any(row => row[column].Length > LongestName && row[column].Contains(", ", StringComparison.Ordinal)) ? LongestList : null,
            });
        foreach (var row in sheet.Rows)
            table.AddRow([.. shown.Select(column => TerminalText.Escaped(Words.Printable(row[column])))]);
        return table;
    }
}
