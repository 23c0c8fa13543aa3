using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A picture of paths on paper: black on white, tagged as a figure that says what it shows.</summary>
static class PathFigure
{
    const double Inset = 1.8, MostHeight = 560;
    const double LegendHeight = 34;
    const int PathsSaid = 12;

    /// <summary>Draws as many paths as fit, and says how many did not.</summary>
    /// <param name="flow">Where; the picture stays on one page, with its heading.</param>
    /// <param name="heading">What stands above it.</param>
    /// <param name="paths">Shortest first; at least one.</param>
    public static void Write(Flow flow, Block heading, IReadOnlyList<Paths.Path> paths)
    {
        var look = flow.Look;
        var (name, small) = (look.Fine.In(Look.Ink) with { Size = 7.2 }, look.Fine with { Size = 6.2 });
        var measure = new PictureMeasure((text, isSmall) => isSmall ? small.Width(Visible(small, text)) : name.Width(Visible(name, text)))
        {
            FullWidth = Flow.FullWidth,
            MostHeight = MostHeight,
            BoxWidth = 130,
            ColumnGap = 30,
            RowGap = 6,
            Padding = 5,
            NameLine = 9.2,
            SmallLine = 8,
            MostColumns = 6,
        };
        if (PathPicture.Of(paths, measure) is not { } picture)
            return;
        flow.Heading(heading, new(), keep: picture.Height + LegendHeight);
        var (page, top) = (flow.Page, flow.Y);
        page.Tag(flow.Parent.Add(Figure(Said(paths, picture), top, picture)), () => Draw(page, picture, top, name, small));
        flow.Y = top + picture.Height + 3;
        var left = picture.LeftOut == 0 ? "" : $" {Chapters.Wording.Count(picture.LeftOut, "path is", "paths are")} not in the picture, for want of room.";
        flow.Write(new($"{PathPicture.Legend}{left}", look.Fine));
        flow.Y += 4;
    }

    static void Draw(Page page, PathPicture picture, double top, TextStyle name, TextStyle small)
    {
        foreach (var arrow in picture.Arrows)
        {
            var points = arrow.Points.Select(point => (Flow.Left + point.X, top + point.Y)).ToList();
            page.Curves(Look.Ink, 0.5, points);
            page.ArrowHead(Look.Ink, points[^1].Item1, points[^1].Item2, 4.5);
        }

        foreach (var box in picture.Boxes)
        {
            var (x, y) = (Flow.Left + box.X, top + box.Y);
            page.Frame(Look.Ink, x, y, box.Width, box.Height, box.IsStart ? 1.5 : 0.5);
            if (box.IsGoal)
                page.Frame(Look.Ink, x + Inset, y + Inset, box.Width - (2 * Inset), box.Height - (2 * Inset), 0.5);
            foreach (var label in box.Texts)
            {
                var style = label.IsSmall ? small : name;
                var text = Visible(style, label.Text);
                page.Text(style, Flow.Left + label.X - (label.IsRight ? style.Width(text) : 0), top + label.Baseline, $"{text} ");
            }
        }
    }

    static string Visible(TextStyle style, string text) => VisibleText.Of(text, style.Font.Draws);

    static string Said(IReadOnlyList<Paths.Path> paths, PathPicture picture)
    {
        var said = new StringBuilder($"Picture of {Chapters.Wording.Count(picture.Shown, "escalation path")}: ");
        said.AppendJoin("; ", paths.Take(PathsSaid).Select(path =>
            $"{PathWords.Of(path.From)} to {PathWords.Of(path.To)} by {string.Join(", then ", path.Steps.Select(step => step.Policy))}"));
        return VisibleText.Of($"{said}{(paths.Count > PathsSaid ? "; and others" : "")}. The table of paths says them in words.", _ => true);
    }

    static StructureElement Figure(string alternative, double top, PathPicture picture) => new("Figure")
    {
        Alternative = alternative,
        Attributes = $"/O/Layout/Placement/Block/BBox[{Syntax.Number(Flow.Left)} {Syntax.Number(Page.Height - top - picture.Height)} "
            + $"{Syntax.Number(Flow.Left + picture.Width)} {Syntax.Number(Page.Height - top)}]",
    };
}
