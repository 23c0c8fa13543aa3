using System.Runtime.CompilerServices;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Reports;

/// <summary>The HTML report as tests look at it.</summary>
static class HtmlPage
{
    /// <summary>The page as text.</summary>
    public static string Text(Posture posture, string? templateFolder = null)
    {
        using var output = new StringWriter();
        HtmlReport.Write(posture, output, new(templateFolder, 80, IsTerminal: false, Colour: false));
        return output.ToString();
    }

    /// <summary>The page as a browser would understand it.</summary>
    public static IDocument Of(Posture posture) => new HtmlParser().ParseDocument(Text(posture));

    /// <summary>The text of an element without the white space of its markup.</summary>
    public static string Words(this IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A file of the repository, by its path from this file.</summary>
    public static string File(string path, [CallerFilePath] string here = "") =>
        System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, path));
}
