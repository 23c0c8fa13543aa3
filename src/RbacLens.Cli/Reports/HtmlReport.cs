using RbacLens.Cli.Reports.Html;

namespace RbacLens.Cli.Reports;

/// <summary>The posture as one self-contained web page, for people.</summary>
static class HtmlReport
{
    /// <summary>Writes the page. The same posture and templates give the same bytes.</summary>
    /// <param name="posture">What to show.</param>
    /// <param name="output">Gets the page; it must become UTF-8, as the page says it is.</param>
    /// <param name="style">Templates that replace or add to those of the program, a title and a logo.</param>
    /// <exception cref="Inputs.InputException">A file of that folder cannot be read or has a mistake.</exception>
    public static void Write(Posture posture, TextWriter output, ReportStyle style)
    {
        var templates = Templates.Load(style.TemplateFolder);
        var findings = new DisplayedFindings(posture);
        var data = new FindingsData(findings, templates.Render);
        templates.Render(PageModel.Of(posture, findings, templates, style), data.Lines(), output);
    }
}
