using System.Globalization;
using System.Net;
using System.Text;

namespace RbacLens.Cli.Reports;

/// <summary>
/// A picture of paths as SVG. It has one colour, that of the text around it, so it can be read in black and white, light and dark; starts
/// have a thick frame and goals a double one. No style, no script: it passes any Content-Security-Policy.
/// </summary>
static class PathSvg
{
    /// <summary>The picture of no path.</summary>
    public const string Empty = """<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"><text x="8" y="20" font-family="sans-serif" font-size="12">no path</text></svg>""" + "\n";

    /// <summary>The SVG element.</summary>
    public static string Of(PathPicture picture)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.Width:0.#} {picture.Height:0.#}" width="{picture.Width:0.#}" height="{picture.Height:0.#}" role="img" fill="none" stroke="currentColor" font-family="sans-serif" font-size="12">
            <title>Escalation paths, from left to right</title>
            """);
        svg.Append('\n');
        foreach (var arrow in picture.Arrows)
            Append(svg, arrow);
        foreach (var box in picture.Boxes)
            Append(svg, box);
        return svg.Append("</svg>\n").ToString();
    }

    static void Append(StringBuilder svg, PathPicture.Arrow arrow)
    {
        var bend = Math.Max(30, Math.Abs(arrow.X2 - arrow.X1) / 2);
        var tip = arrow.X2 - 1;
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{arrow.X1:0.#} {arrow.Y1:0.#}C{arrow.X1 + bend:0.#} {arrow.Y1:0.#} {tip - bend:0.#} {arrow.Y2:0.#} {tip:0.#} {arrow.Y2:0.#}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{tip - 7:0.#} {arrow.Y2 - 4:0.#}L{tip:0.#} {arrow.Y2:0.#}L{tip - 7:0.#} {arrow.Y2 + 4:0.#}z\" fill=\"currentColor\"/>");
        Text(svg, arrow.X1 + 6, arrow.Y1 + (arrow.Y2 < arrow.Y1 ? 13 : -4), 10, arrow.Label);
    }

    static void Append(StringBuilder svg, PathPicture.Box box)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Escaped(box.Whole)}</title>");
        Frame(svg, box, 0, box.IsStart ? 2.5 : 1);
        if (box.IsGoal)
            Frame(svg, box, 3, 1);
        Text(svg, box.X + 10, box.Y + 15, 10, box.Kind);
        Text(svg, box.X + 10, box.Y + 31, 12, box.Name);
        svg.Append("</g>\n");
    }

    static void Frame(StringBuilder svg, PathPicture.Box box, double inset, double stroke) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<rect x=\"{box.X + inset:0.#}\" y=\"{box.Y + inset:0.#}\" width=\"{box.Width - (2 * inset):0.#}\" height=\"{box.Height - (2 * inset):0.#}\" rx=\"5\" stroke-width=\"{stroke:0.#}\"/>");

    static void Text(StringBuilder svg, double x, double y, int size, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" fill=\"currentColor\" stroke=\"none\">{Escaped(text)}</text>");

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
