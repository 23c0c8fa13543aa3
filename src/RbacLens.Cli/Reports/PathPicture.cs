using System.Collections.Immutable;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Paths as a picture: layered from left to right, the goals at the right, steps that paths share drawn once, identities that go the same way
/// in one box. Shapes for whoever draws: <see cref="PathSvg"/> for the web, <see cref="Pdf.PathFigure"/> for paper.
/// </summary>
/// <param name="Width">Of the whole picture.</param>
/// <param name="Height">Of the whole picture.</param>
/// <param name="Boxes">Subjects, nodes and goals.</param>
/// <param name="Arrows">Steps.</param>
/// <param name="Shown">How many paths are in it.</param>
/// <param name="LeftOut">How many did not fit.</param>
sealed record PathPicture(
    double Width, double Height, ImmutableArray<PathPicture.Box> Boxes, ImmutableArray<PathPicture.Arrow> Arrows, int Shown, int LeftOut)
{
    const int MostBundles = 60;

    /// <summary>What the shapes mean, for the text beside the picture.</summary>
    public const string Legend = "A thick frame is where a path starts, a double one where it ends. Each arrow leaves from the policy that knows the step.";

    /// <summary>A place one can be.</summary>
    /// <param name="X">Its left edge.</param>
    /// <param name="Y">Its upper edge.</param>
    /// <param name="Width">Its width.</param>
    /// <param name="Height">Its height.</param>
    /// <param name="Texts">What it says, line by line.</param>
    /// <param name="Whole">Who is meant, uncut; one to a line.</param>
    /// <param name="IsStart">Whether a path starts here.</param>
    /// <param name="IsGoal">Whether paths end here.</param>
    public sealed record Box(double X, double Y, double Width, double Height, ImmutableArray<Label> Texts, string Whole, bool IsStart, bool IsGoal);

    /// <summary>A line of text.</summary>
    /// <param name="X">Where it begins, or ends.</param>
    /// <param name="Baseline">The line it stands on.</param>
    /// <param name="Text">What it says; safe to show.</param>
    /// <param name="IsSmall">Whether it is a kind or a policy.</param>
    /// <param name="IsRight">Whether it ends at <paramref name="X"/>.</param>
    public sealed record Label(double X, double Baseline, string Text, bool IsSmall, bool IsRight);

    /// <summary>
    /// A step. Its points come in pairs: a curve leads from the first of a pair to the second, a straight line from there to the next pair, past
    /// boxes that are in between.
    /// </summary>
    public sealed record Arrow(ImmutableArray<(double X, double Y)> Points);

    /// <summary>The picture of as many paths as fit; null for no path.</summary>
    /// <param name="paths">Shortest first.</param>
    /// <param name="measure">How large things are.</param>
    public static PathPicture? Of(IReadOnlyList<Paths.Path> paths, PictureMeasure measure)
    {
        if (paths.Count == 0)
            return null;
        var candidates = PathBundle.Of(paths).Where(bundle => bundle.Path.Steps.Length < measure.MostColumns).Take(MostBundles).ToList();
        if (candidates.Count == 0)
            candidates.Add(new(paths[0], [paths[0].From]));
        var whole = Draw(candidates, paths.Count, measure);
        if (whole.Height <= measure.MostHeight || candidates.Count == 1)
            return whole;
        // A full column may leave room in another.
        PathPicture? fitting = null;
        var bundles = new List<PathBundle>();
        foreach (var bundle in candidates)
        {
            var next = Draw([.. bundles, bundle], paths.Count, measure);
            if (fitting is not null && next.Height > measure.MostHeight)
                continue;
            fitting = next;
            bundles.Add(bundle);
        }

        return fitting;
    }

    static PathPicture Draw(List<PathBundle> bundles, int paths, PictureMeasure measure)
    {
        var columns = PathLayers.Of(bundles);
        var width = Math.Min(measure.BoxWidth, ((measure.FullWidth - (2 * measure.Margin) + measure.ColumnGap) / columns.Count) - measure.ColumnGap);
        // Steep arrows are hard to follow, so what room there is goes between the columns.
        var gap = columns.Count == 1 ? measure.ColumnGap
            : Math.Clamp((measure.FullWidth - (2 * measure.Margin) - (columns.Count * width)) / (columns.Count - 1), measure.ColumnGap, 2 * measure.ColumnGap);
        var boxes = columns.SelectMany(column => column).ToDictionary(slot => slot, slot => new BoxText(slot, width, measure));
        var heights = columns.Select(column => column.Sum(slot => boxes[slot].Height + measure.RowGap) - measure.RowGap).ToList();
        foreach (var (number, column) in columns.Index())
        {
            var y = measure.Margin + ((heights.Max() - heights[number]) / 2);
            foreach (var slot in column)
            {
                boxes[slot].Place(measure.Margin + (number * (width + gap)), y);
                y += boxes[slot].Height + measure.RowGap;
            }
        }

        var shown = bundles.Sum(bundle => bundle.Starts.Length);
        return new(
            (columns.Count * (width + gap)) - gap + (2 * measure.Margin), heights.Max() + (2 * measure.Margin),
            [.. from slot in boxes.Keys where slot.Place is not null select boxes[slot].Box],
            [.. from slot in boxes.Keys where slot.Place is not null from exit in slot.Exits select Way(slot, exit, boxes)],
            shown, paths - shown);
    }

    static Arrow Way(PathLayers.Slot from, PathLayers.Exit exit, Dictionary<PathLayers.Slot, BoxText> boxes)
    {
        var points = ImmutableArray.CreateBuilder<(double, double)>();
        points.Add(boxes[from].Leaving(exit.Policy));
        foreach (var slot in exit.By)
        {
            points.Add(boxes[slot].Entering);
            points.Add(boxes[slot].Leaving(""));
        }

        points.Add(boxes[exit.To].Entering);
        return new(points.ToImmutable());
    }
}

/// <summary>How large the parts of a picture are, in whatever unit the drawer has.</summary>
/// <param name="Width">How wide a text is; the second argument says whether it is small.</param>
sealed record PictureMeasure(Func<string, bool, double> Width)
{
    /// <summary>Boxes become narrower where the columns would be wider than this together.</summary>
    public required double FullWidth { get; init; }

    public required double MostHeight { get; init; }

    public required double BoxWidth { get; init; }

    public required double ColumnGap { get; init; }

    public required double RowGap { get; init; }

    public required double Padding { get; init; }

    public required double NameLine { get; init; }

    public required double SmallLine { get; init; }

    /// <summary>Longer paths are left out.</summary>
    public int MostColumns { get; init; } = 7;

    public double Margin { get; init; } = 2;
}
