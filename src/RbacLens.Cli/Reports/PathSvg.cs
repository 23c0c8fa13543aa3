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

    const double NameSize = 12.5, SmallSize = 10.5, Inset = 3;

    /// <summary>In CSS pixels, for a window.</summary>
    /// <param name="mostHeight">No taller than this, where there is a choice.</param>
    public static PictureMeasure Measure(double mostHeight) => new(Width)
    {
        FullWidth = 1045,
        MostHeight = mostHeight,
        BoxWidth = 178,
        ColumnGap = 64,
        RowGap = 12,
        Padding = 9,
        NameLine = 16,
        SmallLine = 14,
    };

    /// <summary>The SVG element.</summary>
    public static string Of(PathPicture picture)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.Width:0.#} {picture.Height:0.#}" width="{picture.Width:0.#}" height="{picture.Height:0.#}" role="img" fill="none" stroke="currentColor" font-family="sans-serif">
            <title>Escalation paths, from left to right</title>
            <desc>{picture.Shown} {(picture.Shown == 1 ? "path" : "paths")} to {Escaped(Goals(picture))}.</desc>
            """);
        svg.Append('\n');
        foreach (var arrow in picture.Arrows)
            Append(svg, arrow);
        foreach (var box in picture.Boxes)
            Append(svg, box);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Where the paths of a picture end.</summary>
    public static string Goals(PathPicture picture) => string.Join(", ", picture.Boxes.Where(box => box.IsGoal).Select(box => box.Whole));

    static void Append(StringBuilder svg, PathPicture.Arrow arrow)
    {
        svg.Append("<path d=\"");
        for (var i = 0; i < arrow.Points.Length; i += 2)
        {
            var ((x1, y1), (x2, y2)) = (arrow.Points[i], arrow.Points[i + 1]);
            var bend = Math.Max(24, Math.Abs(x2 - x1) / 2);
            svg.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x1:0.#} {y1:0.#}C{x1 + bend:0.#} {y1:0.#} {x2 - bend:0.#} {y2:0.#} {x2:0.#} {y2:0.#}");
        }

        var (x, y) = arrow.Points[^1];
        svg.Append(CultureInfo.InvariantCulture, $"\"/><path d=\"M{x - 7:0.#} {y - 4:0.#}L{x:0.#} {y:0.#}L{x - 7:0.#} {y + 4:0.#}z\" fill=\"currentColor\"/>\n");
    }

    static void Append(StringBuilder svg, PathPicture.Box box)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Escaped(box.Whole)}</title>");
        Frame(svg, box, 0, box.IsStart ? 2.5 : 1);
        if (box.IsGoal)
            Frame(svg, box, Inset, 1);
        foreach (var text in box.Texts)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{text.X:0.#}\" y=\"{text.Baseline:0.#}\" font-size=\"{(text.IsSmall ? SmallSize : NameSize)}\"{(text.IsRight ? " text-anchor=\"end\"" : "")} fill=\"currentColor\" stroke=\"none\">{Escaped(text.Text)}</text>");
        svg.Append("</g>\n");
    }

    static void Frame(StringBuilder svg, PathPicture.Box box, double inset, double stroke) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<rect x=\"{box.X + inset:0.#}\" y=\"{box.Y + inset:0.#}\" width=\"{box.Width - (2 * inset):0.#}\" height=\"{box.Height - (2 * inset):0.#}\" rx=\"5\" stroke-width=\"{stroke:0.#}\"/>");

    // The font is the reader's, so this is on the safe side of the common ones.
    static double Width(string text, bool isSmall) => text.EnumerateRunes().Sum(Em) * (isSmall ? SmallSize : NameSize);

    static double Em(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or '\'' or '|' or '!' or 't' or 'f' or 'I' or ' ' or '/' or '-' => 0.36,
        'm' or 'w' or 'M' or 'W' or '@' or '…' or '%' => 0.95,
        >= 'A' and <= 'Z' => 0.7,
        < 0x1100 => 0.6,
        _ => 1.05,
    };

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
