using System.Text;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.</summary>
static class CsvText
{
    /// <summary>Writes the headings and all rows; lines end with CR LF.</summary>
    public static void Write(Sheet sheet, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(Line(sheet.Columns));
        foreach (var row in sheet.Rows)
            writer.WriteLine(Line(row));
    }

    static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(CsvReport.Cell));
}
