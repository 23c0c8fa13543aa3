namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A run of text of one style that is broken into lines: a paragraph, a heading, an entry of a cell.</summary>
/// <param name="Text">The text as it came; what cannot be printed is spelled out when it is set.</param>
/// <param name="Style">How it looks.</param>
sealed record Block(string Text, TextStyle Style)
{
    /// <summary>Its structure type.</summary>
    public string Tag { get; init; } = "P";

    /// <summary>Space above it in points, left out at the top of a page or cell.</summary>
    public double Before { get; init; }

    /// <summary>Where it leads; null for text that is no link.</summary>
    public LinkTarget? Target { get; init; }

    /// <summary>Further lines are cut, with an ellipsis.</summary>
    public int AtMost { get; init; } = int.MaxValue;

    /// <summary>The colour of a label around it; null for none.</summary>
    public Color? Chip { get; init; }

    /// <summary>Whether it ends at the right edge, as numbers do.</summary>
    public bool IsRight { get; init; }

    /// <summary>A place whose page number is written at the right edge, as contents do.</summary>
    public Anchor? PageOf { get; init; }

    /// <summary>What stands before that number.</summary>
    public string PageWord { get; init; } = "";

    /// <summary>The block broken into lines, and the element that tags it put below its parent.</summary>
    /// <param name="parent">The element it belongs to.</param>
    /// <param name="width">How wide a line may be, in points.</param>
    public IEnumerable<Line> Lines(StructureElement parent, double width)
    {
        var element = parent.Add(Tag);
        if (Target is not null)
            element = element.Add("Link");
        var text = VisibleText.Of(Text, Style.Font.Draws);
        var room = width - (Chip is null ? 0 : 2 * Line.ChipPadding) - (PageOf is null ? 0 : Line.NumberWidth);
        return LineBreaking.Break(text, Style, room, AtMost).Select((line, i) => new Line(this, element, line, room, i == 0));
    }
}

/// <summary>One line of a block, ready to be drawn.</summary>
/// <param name="Block">The block.</param>
/// <param name="Element">The element that owns its marks.</param>
/// <param name="Text">What it says.</param>
/// <param name="Room">How wide it may be, in points.</param>
/// <param name="IsFirst">Whether it begins the block.</param>
sealed record Line(Block Block, StructureElement Element, string Text, double Room, bool IsFirst)
{
    public const double ChipPadding = 5;
    public const double NumberWidth = 44;

    /// <summary>Points above the line.</summary>
    public double Before => IsFirst ? Block.Before : 0;

    /// <summary>Points it takes, without what is above.</summary>
    public double Height => Block.Style.Leading;

    /// <summary>Draws lines of one block below each other.</summary>
    /// <param name="page">The page.</param>
    /// <param name="x">Their left edge.</param>
    /// <param name="top">Where the first begins.</param>
    /// <param name="lines">The lines.</param>
    public static void Draw(Page page, double x, double top, IReadOnlyList<Line> lines)
    {
        var first = lines[0];
        if (first.Block.Chip is { } color)
            page.Decorate(() => first.DrawChip(page, x, top, color));
        page.Tag(first.Element, () =>
        {
            for (var i = 0; i < lines.Count; i++)
                page.Text(first.Block.Style, lines[i].Start(x), first.Baseline(top + (i * first.Height)), lines[i].Text);
        });
        if (first.Block.Target is { } target)
            for (var i = 0; i < lines.Count; i++)
                page.Activate(lines[i].Area(page, target, x, top + (i * first.Height)));
    }

    /// <summary>Draws the text alone, without tag or link.</summary>
    public void DrawText(Page page, double x, double top) => page.Text(Block.Style, Start(x), Baseline(top), Text);

    /// <summary>The line it stands on, so that capitals are in the middle of its height.</summary>
    public double Baseline(double top) => top + (Block.Style.Leading / 2) + (0.357 * Block.Style.Size);

    double TextWidth => Block.Style.Width(Text.AsSpan().TrimEnd());

    double Start(double x) => Block.IsRight ? x + Room - TextWidth : Block.Chip is null ? x : x + ChipPadding;

    Link Area(Page page, LinkTarget target, double x, double top) =>
        new(page, Element, target, Text.Trim(), Start(x), top, Block.PageOf is null ? TextWidth : Room + NumberWidth, Height);

    void DrawChip(Page page, double x, double top, Color color) =>
        page.Fill(color, x, top + 0.5, TextWidth + (2 * ChipPadding), Height - 1);
}
