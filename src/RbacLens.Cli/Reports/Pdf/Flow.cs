namespace RbacLens.Cli.Reports.Pdf;

/// <summary>Fills pages from top to bottom, and starts a new one when there is no room left.</summary>
sealed class Flow
{
    public const double Left = 56;
    public const double Top = 62;
    public const double Bottom = Page.Height - 62;
    public const double FullWidth = Page.Width - (2 * Left);

    const string Spelled = "Backslash, u and a number in braces: a character that this report's font does not have, or that would hide or mislead.";

    readonly PdfDocument document;
    readonly List<string> runningTitles = [];
    readonly List<(Page Page, Line Line, double Baseline, Anchor Target)> pageNumbers = [];
    string runningTitle = "";

    /// <summary>Begins with no page; <see cref="NewPage"/> makes the first.</summary>
    public Flow(PdfDocument document, Look look)
    {
        this.document = document;
        Look = look;
        Parent = document.Root;
    }

    /// <summary>How it looks.</summary>
    public Look Look { get; }

    /// <summary>The element that what is written belongs to.</summary>
    public StructureElement Parent { get; private set; }

    /// <summary>The page that is being filled.</summary>
    public Page Page { get; private set; } = null!;

    /// <summary>How far it is filled, in points from its top.</summary>
    public double Y { get; set; }

    /// <summary>Points that are left on the page.</summary>
    public double Remaining => Bottom - Y;

    /// <summary>Starts a new page.</summary>
    public void NewPage()
    {
        Page = document.AddPage();
        runningTitles.Add(runningTitle);
        Y = Top;
    }

    /// <summary>Starts a new page unless so many points are left.</summary>
    public void Room(double height)
    {
        if (Remaining < height)
            NewPage();
    }

    /// <summary>Starts a new page when what is about to be written would be parted from what comes after it.
    /// What is too long for a page is left as it is, and no page is left nearly empty.</summary>
    /// <param name="write">Writes it; called once more than it is wanted, on a page that is thrown away.</param>
    /// <param name="follows">Whether what comes after it can begin where so many points are left.</param>
    /// <param name="atMost">Where more points than that would be left empty, they are parted all the same.</param>
    public void Keep(Action<Flow> write, Func<double, bool> follows, double atMost = Page.Height)
    {
        const double atTop = (Bottom - Top) / 4;
        if (Y < Top + atTop || Remaining > atMost)
            return;
        var trial = new Flow(new(new("", "", "", default)), Look);
        trial.NewPage();
        trial.Y = Top + atTop;
        write(trial);
        var height = trial.Y - Top - atTop;
        if (trial.document.Pages.Count == 1 && (height > Remaining || !follows(Remaining - height)))
            NewPage();
    }

    /// <summary>Leaves so many points empty, but not at the top of a page.</summary>
    public void Space(double height) => Y = Y > Top ? Y + height : Y;

    /// <summary>Writes what belongs to a part of its own, as the tags have it.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="type">Its structure type.</param>
    public void Section(Action write, string type = "Sect")
    {
        var outer = Parent;
        Parent = outer.Add(type);
        write();
        Parent = outer;
    }

    /// <summary>Starts a chapter, with its title there and at the top of every page that begins in it.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="anchor">What leads to it.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="isShort">Whether it may begin below the end of another, when at least a third of the page is left.</param>
    public void Chapter(string title, Anchor anchor, Action write, bool isShort = false) => Section(() =>
    {
        runningTitle = title;
        if (!isShort || Remaining < (Bottom - Top) / 3)
            NewPage();
        Heading(new(title, Look.H1) { Tag = "H1", Before = 26 }, anchor);
        Space(6);
        write();
    });

    /// <summary>Writes a heading that stays together with what follows.</summary>
    /// <param name="heading">The heading.</param>
    /// <param name="anchor">What leads to it.</param>
    /// <param name="keep">Points that must be left below it on its page.</param>
    public void Heading(Block heading, Anchor anchor, double keep = 90)
    {
        var lines = heading.Lines(Parent, FullWidth).ToList();
        Room(heading.Before + (lines.Count * heading.Style.Leading) + keep);
        Space(heading.Before);
        anchor.Set(Page, Y - 8);
        Draw(Left, lines);
        Y += 4;
    }

    /// <summary>Writes a paragraph across the page, or from an indent.</summary>
    public void Write(Block block, double indent = 0) =>
        Write(block.Lines(Parent, FullWidth - indent).ToList(), Left + indent);

    /// <summary>Writes a list with a bullet before each entry.</summary>
    public void List(IEnumerable<Block> entries, double indent = 0)
    {
        var list = Parent.Add("L");
        foreach (var entry in entries)
        {
            var item = list.Add("LI");
            var bullet = entry with { Text = "•", Tag = "Lbl", Target = null };
            var label = bullet.Lines(item, FullWidth).ToList();
            var lines = entry.Lines(item.Add("LBody"), FullWidth - indent - 12).ToList();
            Room((Together(lines) * entry.Style.Leading) + entry.Before);
            Line.Draw(Page, Left + indent, Y + (Y > Top ? entry.Before : 0), label);
            Write(lines, Left + indent + 12);
        }
    }

    /// <summary>Writes paragraphs beside a label that names them.</summary>
    /// <param name="label">The label, at the left edge.</param>
    /// <param name="indent">Where the paragraphs begin, in points from there.</param>
    /// <param name="write">Writes the paragraphs.</param>
    public void Labelled(Block label, double indent, Action write)
    {
        Room(44);
        Line.Draw(Page, Left, Y, [.. label.Lines(Parent, indent)]);
        write();
        Y += 4;
    }

    /// <summary>Writes what could not be known before: page numbers, running titles, and the foot of every page but the first.</summary>
    /// <param name="footer">What is said beside the page number.</param>
    public void Finish(string footer)
    {
        foreach (var (page, line, baseline, target) in pageNumbers)
            page.Tag(line.Element, () => RightEnd(page, line.Block.Style, baseline, $"{line.Block.PageWord}{target.Page?.Number}"));
        var style = Look.Fine;
        var text = LineBreaking.Break(VisibleText.Of(footer, style.Font.Draws), style, FullWidth - 90, 1)[0];
        foreach (var page in document.Pages.Skip(1))
            page.DecorateMargin(() =>
            {
                RightEnd(page, style, 40, runningTitles[page.Number - 1]);
                if (page.SpellsOut)
                    page.Text(style, Left, Page.Height - 51, Spelled);
                page.Rule(Look.Hairline, 0.5, Left, Page.Height - 46, FullWidth);
                page.Text(style, Left, Page.Height - 33, text);
                RightEnd(page, style, Page.Height - 33, $"Page {page.Number} of {document.Pages.Count}");
            });
    }

    static void RightEnd(Page page, TextStyle style, double baseline, string text) =>
        page.Text(style, Left + FullWidth - style.Width(text), baseline, text);

    // Three lines cannot be divided without leaving one alone.
    static int Together(List<Line> lines) => lines.Count <= 3 ? lines.Count : 2;

    // Neither the first nor the last line of a paragraph stands alone on a page.
    void Write(List<Line> lines, double x)
    {
        var (leading, done) = (lines[0].Height, 0);
        Room((Together(lines) * leading) + lines[0].Before);
        Space(lines[0].Before);
        while (true)
        {
            var rest = lines.Count - done;
            var fit = Math.Min(rest, (int)((Remaining + 0.01) / leading));
            if (rest - fit == 1 && fit > 2)
                fit--;
            Draw(x, lines.GetRange(done, fit));
            done += fit;
            if (done == lines.Count)
                return;
            NewPage();
        }
    }

    void Draw(double x, List<Line> lines)
    {
        Line.Draw(Page, x, Y, lines);
        if (lines[0].Block.PageOf is { } target)
            pageNumbers.Add((Page, lines[0], lines[0].Baseline(Y), target));
        Y += lines.Count * lines[0].Height;
    }
}
