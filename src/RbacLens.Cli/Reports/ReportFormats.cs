using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>How a report is to be written, beyond what it says.</summary>
/// <param name="TemplateFolder">Files here replace the built-in templates of the HTML report; null for none.</param>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="IsTerminal">Whether people watch.</param>
/// <param name="Colour">Whether colours show.</param>
sealed record ReportStyle(string? TemplateFolder, int Width, bool IsTerminal, bool Colour)
{
    /// <summary>The title of reports for people; null for their own.</summary>
    public string? Title { get; init; }

    /// <summary>A picture at their head.</summary>
    public Logo? Logo { get; init; }
}

/// <summary>One format reports can be written in.</summary>
/// <param name="Name">As in <c>-o NAME</c>.</param>
/// <param name="IsBinary">Whether it would garble a terminal.</param>
/// <param name="Write">Writes it.</param>
sealed record ReportFormat(string Name, bool IsBinary, Action<Posture, Stream, ReportStyle> Write)
{
    /// <summary>Whether it says what to remove first.</summary>
    public bool ShowsPaths { get; init; }

    /// <summary>Whether it tells by a digest which files it is about.</summary>
    public bool NamesInput { get; init; }
}

/// <summary>All formats.</summary>
static class ReportFormats
{
    public static readonly IReadOnlyList<ReportFormat> All =
    [
        new("table", IsBinary: false, (posture, output, style) => TableReport.Write(posture, output, style, wide: false)),
        new("wide", IsBinary: false, (posture, output, style) => TableReport.Write(posture, output, style, wide: true)),
        new("text", IsBinary: false, (posture, output, style) => TextReport.Write(DetectionFindings.Joined(posture), output, style)),
        new("json", IsBinary: false, (posture, output, _) => JsonReport.Write(posture, output)) { NamesInput = true, ShowsPaths = true },
        new("html", IsBinary: false, WriteHtml) { NamesInput = true, ShowsPaths = true },
        new("pdf", IsBinary: true, (posture, output, style) => PdfReport.Write(posture, output, style.Title, style.Logo)) { NamesInput = true, ShowsPaths = true },
        new("markdown", IsBinary: false, (posture, output, _) => MarkdownReport.Write(DetectionFindings.Joined(posture), output)),
        new("csv", IsBinary: false, (posture, output, _) => CsvReport.Write(DetectionFindings.Joined(posture), output)),
        new("sarif", IsBinary: false, (posture, output, _) => SarifReport.Write(DetectionFindings.Joined(posture), output)),
        new("junit", IsBinary: false, (posture, output, _) => JunitReport.Write(DetectionFindings.Joined(posture), output)),
        new("gitlab", IsBinary: false, (posture, output, _) => GitLabReport.Write(DetectionFindings.Joined(posture), output)),
        new("github", IsBinary: false, (posture, output, _) => GitHubReport.Write(DetectionFindings.Joined(posture), output)),
        new("openmetrics", IsBinary: false, (posture, output, _) => OpenMetricsReport.Write(posture, output)),
    ];

    static void WriteHtml(Posture posture, Stream output, ReportStyle style)
    {
        using var writer = new StreamWriter(output, leaveOpen: true);
        HtmlReport.Write(posture, writer, style);
    }

    /// <summary>The format of that name.</summary>
    public static ReportFormat Find(string name) =>
        All.FirstOrDefault(format => format.Name == name)
        ?? throw new InputException($"-o {name}: not a format, expected one of {string.Join(", ", All.Select(format => format.Name))}");
}

/// <summary>One <c>-o FORMAT[=FILE]</c>.</summary>
/// <param name="Format">The format.</param>
/// <param name="File">The file; null for standard output.</param>
sealed record ReportTarget(ReportFormat Format, string? File)
{
    /// <summary>Reads the option; two reports cannot share one place.</summary>
    public static IReadOnlyList<ReportTarget> Parse(IEnumerable<string> options)
    {
        var targets = options.Select(option => option.Split('=', 2) is [var name, { Length: > 0 } file]
            ? new ReportTarget(ReportFormats.Find(name), file)
            : option.EndsWith('=') ? throw new InputException($"-o {option}: names no file, expected -o {option}FILE, or -o {option.TrimEnd('=')} for standard output")
            : new ReportTarget(ReportFormats.Find(option), null)).ToList();
        if (targets.CountBy(target => target.File is null ? "standard output" : Path.GetFullPath(target.File)).FirstOrDefault(place => place.Value > 1) is { Key: { } twice })
            throw new InputException($"-o: two reports go to {twice}; give them different files");
        return targets;
    }

    /// <summary>Writes the report.</summary>
    public Task WriteAsync(Posture posture, Stream standardOutput, ReportStyle style, CancellationToken cancellation)
    {
        if (File is null && Format.IsBinary && style.IsTerminal)
            throw new InputException($"-o {Format.Name} would garble the terminal, expected -o {Format.Name}=FILE");
        var fitting = File is null ? style : style with { Width = 200, IsTerminal = false, Colour = false };
        return WholeFile.WriteAsync(File, standardOutput, output => Format.Write(posture, output, fitting), cancellation);
    }
}
