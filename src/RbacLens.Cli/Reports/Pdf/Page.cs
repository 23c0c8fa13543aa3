using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A colour of the sRGB space.</summary>
/// <param name="Rgb">0xRRGGBB.</param>
readonly record struct Color(int Rgb)
{
    /// <summary>The operands of a colour operator.</summary>
    public override string ToString() => string.Join(' ', ((int[])[16, 8, 0]).Select(Part));

    string Part(int shift) => (((Rgb >> shift) & 0xFF) / 255.0).ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>How text looks.</summary>
/// <param name="Font">The font.</param>
/// <param name="Size">In points.</param>
/// <param name="Leading">From one line to the next, in points.</param>
/// <param name="Color">The colour.</param>
sealed record TextStyle(PdfFont Font, double Size, double Leading, Color Color)
{
    /// <summary>How wide a text is, in points.</summary>
    public double Width(ReadOnlySpan<char> text) => Font.Width(text, Size);

    /// <summary>The same in another colour.</summary>
    public TextStyle In(Color color) => this with { Color = color };
}

/// <summary>
/// One A4 page. Coordinates are points from the top left. Everything drawn is either tagged or declared decoration, because a tagged
/// document must say so of every mark.
/// </summary>
sealed class Page
{
    public const double Width = 595.28;
    public const double Height = 841.89;

    readonly StringBuilder content = new();
    readonly List<StructureElement> marked = [];
    readonly List<Link> links = [];
    bool isMarking;

    /// <summary>An empty page.</summary>
    /// <param name="number">From 1.</param>
    public Page(int number) => Number = number;

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>The object's number, once the document reserved it.</summary>
    public int Id { get; set; }

    /// <summary>The elements that own this page's marks, by mark number.</summary>
    public IReadOnlyList<StructureElement> Marked => marked;

    /// <summary>The links.</summary>
    public IReadOnlyList<Link> Links => links;

    /// <summary>Whether some character on it is spelled out by its number, as <see cref="VisibleText"/> does.</summary>
    public bool SpellsOut { get; private set; }

    /// <summary>Draws marks that belong to an element.</summary>
    public void Tag(StructureElement element, Action draw)
    {
        element.Add(this, marked.Count);
        Mark($"/Span<</MCID {marked.Count}>>BDC\n", draw);
        marked.Add(element);
    }

    /// <summary>Draws decoration: lines, backgrounds, repeated headers.</summary>
    public void Decorate(Action draw) => Mark("/Artifact BMC\n", draw);

    /// <summary>Draws what every page repeats, such as its number.</summary>
    public void DecorateMargin(Action draw) => Mark("/Artifact<</Type/Pagination>>BDC\n", draw);

    /// <summary>Draws one line of text.</summary>
    /// <param name="style">How it looks.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="baseline">The line it stands on.</param>
    /// <param name="text">The text, of characters that the font has.</param>
    public void Text(TextStyle style, double x, double baseline, ReadOnlySpan<char> text)
    {
        Check();
        SpellsOut |= text.Contains(VisibleText.Mark, StringComparison.Ordinal);
        content.Append($"BT/{style.Font.Resource} {Syntax.Number(style.Size)} Tf {style.Color} rg {Place(x, baseline)} Td<");
        style.Font.Encode(content, text);
        content.Append(">Tj ET\n");
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(Color color, double x, double y, double width, double height)
    {
        Check();
        content.Append($"{color} rg {Place(x, y + height)} {Syntax.Number(width)} {Syntax.Number(height)} re f\n");
    }

    /// <summary>Draws a rectangle's border.</summary>
    public void Frame(Color color, double x, double y, double width, double height, double thickness = 0.6)
    {
        Check();
        content.Append($"{color} RG {Syntax.Number(thickness)} w {Place(x, y + height)} {Syntax.Number(width)} {Syntax.Number(height)} re S\n");
    }

    /// <summary>Draws a horizontal line.</summary>
    public void Rule(Color color, double thickness, double x, double y, double width)
    {
        Check();
        content.Append($"{color} RG {Syntax.Number(thickness)} w {Place(x, y)} m {Place(x + width, y)} l S\n");
    }

    /// <summary>Draws a picture of the document.</summary>
    /// <param name="number">Its place in the document's list.</param>
    /// <param name="x">Its left edge.</param>
    /// <param name="y">Its upper edge.</param>
    /// <param name="width">As wide as it is drawn.</param>
    /// <param name="height">As high as it is drawn.</param>
    public void Image(int number, double x, double y, double width, double height)
    {
        Check();
        content.Append($"q {Syntax.Number(width)} 0 0 {Syntax.Number(height)} {Place(x, y + height)} cm/I{number} Do Q\n");
    }

    /// <summary>Draws a line of curves and straight lines.</summary>
    /// <param name="color">Its colour.</param>
    /// <param name="thickness">Its thickness.</param>
    /// <param name="points">Where curves begin and end, in turn; a straight line leads from the end of one to the beginning of the next.</param>
    public void Curves(Color color, double thickness, IReadOnlyList<(double X, double Y)> points)
    {
        Check();
        content.Append($"{color} RG {Syntax.Number(thickness)} w ");
        for (var i = 0; i + 1 < points.Count; i += 2)
        {
            var ((x1, y1), (x2, y2)) = (points[i], points[i + 1]);
            var bend = Math.Max(10, Math.Abs(x2 - x1) / 2);
            content.Append($"{Place(x1, y1)} {(i == 0 ? 'm' : 'l')} {Place(x1 + bend, y1)} {Place(x2 - bend, y2)} {Place(x2, y2)} c ");
        }

        content.Append("S\n");
    }

    /// <summary>Fills the head of an arrow that points to the right.</summary>
    public void ArrowHead(Color color, double x, double y, double size)
    {
        Check();
        content.Append($"{color} rg {Place(x - size, y - (size / 2))} m {Place(x, y)} l {Place(x - size, y + (size / 2))} l h f\n");
    }

    /// <summary>Makes an area active.</summary>
    public void Activate(Link link)
    {
        links.Add(link);
        link.Element.Add(link);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="file">The file.</param>
    /// <param name="parent">The page tree.</param>
    /// <param name="resources">The fonts.</param>
    /// <param name="parentKey">Its key in the parent tree.</param>
    public void WriteTo(PdfFile file, int parent, int resources, int parentKey)
    {
        var stream = file.AddStream("", Encoding.ASCII.GetBytes(content.ToString()));
        var annotations = links.Count == 0 ? "" : $"/Annots[{string.Join(' ', links.Select(link => Syntax.Ref(link.Id)))}]";
        file.Put(Id, $"<</Type/Page/Parent {Syntax.Ref(parent)}/MediaBox[0 0 {Syntax.Number(Width)} {Syntax.Number(Height)}]"
            + $"/Resources {Syntax.Ref(resources)}/Contents {Syntax.Ref(stream)}/StructParents {parentKey}/Tabs/S{annotations}>>");
    }

    void Mark(string begin, Action draw)
    {
        if (isMarking)
            throw new InvalidOperationException("marks cannot be nested");
        isMarking = true;
        content.Append(begin);
        draw();
        content.Append("EMC\n");
        isMarking = false;
    }

    void Check()
    {
        if (!isMarking)
            throw new InvalidOperationException("everything drawn must be tagged or declared decoration");
    }

    static string Place(double x, double y) => $"{Syntax.Number(x)} {Syntax.Number(Height - y)}";
}
