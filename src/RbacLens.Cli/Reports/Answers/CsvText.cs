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

    static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>
    /// One cell. Text that begins as a formula does (OWASP, CSV injection) gets an apostrophe before it, which spreadsheets show as text.
    /// </summary>
    public static string Cell(string text)
    {
        var safe = IsFormula(text) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 || safe.StartsWith(' ') || safe.EndsWith(' ') ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    // The full-width forms are formulas to spreadsheets in Japanese.
    static bool IsFormula(string text) =>
        text.TrimStart() is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] || text is ['\t' or '\r' or '\n', ..];
}
