using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Paths as a picture: layered from left to right, the goal at the right, steps that paths share drawn once. Shapes for whoever draws, in
/// units of a CSS pixel; <see cref="PathSvg"/> draws them as SVG.
/// </summary>
/// <param name="Width">Of the whole picture.</param>
/// <param name="Height">Of the whole picture.</param>
/// <param name="Boxes">Subjects, nodes and goals.</param>
/// <param name="Arrows">Steps.</param>
/// <param name="LeftOut">How many paths did not fit.</param>
sealed record PathPicture(
    double Width, double Height, ImmutableArray<PathPicture.Box> Boxes, ImmutableArray<PathPicture.Arrow> Arrows, int LeftOut)
{
    const double BoxWidth = 208;
    const double BoxHeight = 40;
    const double ColumnGap = 150;
    const double RowGap = 16;
    const double Margin = 8;
    const int MostRows = 24;
    const int MostLetters = 30;
    const int MostLabelLetters = 26;

    /// <summary>A place one can be.</summary>
    /// <param name="X">Its left edge.</param>
    /// <param name="Y">Its upper edge.</param>
    /// <param name="Width">Its width.</param>
    /// <param name="Height">Its height.</param>
    /// <param name="Kind">The small line: <c>ServiceAccount</c>.</param>
    /// <param name="Name">The large line, cut in the middle where it is too long.</param>
    /// <param name="Whole">Both, uncut.</param>
    /// <param name="IsStart">Whether a path starts here.</param>
    /// <param name="IsGoal">Whether paths end here.</param>
    public sealed record Box(double X, double Y, double Width, double Height, string Kind, string Name, string Whole, bool IsStart, bool IsGoal);

    /// <summary>A step, from the right edge of one box to the left edge of another.</summary>
    /// <param name="X1">Where it starts.</param>
    /// <param name="Y1">Where it starts.</param>
    /// <param name="X2">Where it ends.</param>
    /// <param name="Y2">Where it ends.</param>
    /// <param name="Label">The policy.</param>
    public sealed record Arrow(double X1, double Y1, double X2, double Y2, string Label);

    /// <summary>The picture of as many paths as fit; null for no path.</summary>
    /// <param name="paths">Shortest first.</param>
    public static PathPicture? Of(IReadOnlyList<Paths.Path> paths)
    {
        if (paths.Count == 0)
            return null;
        var shown = Fitting(paths);
        var layers = Layers(shown);
        var columns = Columns(shown, layers);
        var places = Places(columns);
        var starts = shown.Select(path => path.From).ToHashSet();
        var boxes = from column in columns
                    from target in column
                    let at = places[target]
                    select new Box(
                        at.X, at.Y, BoxWidth, BoxHeight, SafeText.Of(KindOf(target)), Cut(NameOf(target), MostLetters), SafeText.Of(PathWords.Of(target)),
                        starts.Contains(target), layers[target] == 0);
        var arrows = from step in Steps(shown).Distinct()
                     let start = places[step.From]
                     let end = places[step.To]
                     select new Arrow(start.X + BoxWidth, start.Y + (BoxHeight / 2), end.X, end.Y + (BoxHeight / 2), Cut(step.Policy, MostLabelLetters));
        return new(
            (columns.Count * BoxWidth) + ((columns.Count - 1) * ColumnGap) + (2 * Margin),
            columns.Max(column => (column.Count * (BoxHeight + RowGap)) - RowGap) + (2 * Margin),
            [.. boxes], [.. arrows], paths.Count - shown.Count);
    }

    // No column may grow beyond what a page can hold.
    static List<Paths.Path> Fitting(IReadOnlyList<Paths.Path> paths)
    {
        var count = Math.Min(paths.Count, MostRows);
        for (; count > 1; count--)
        {
            var some = paths.Take(count).ToList();
            if (Layers(some).GroupBy(layer => layer.Value).All(column => column.Count() <= MostRows))
                return some;
        }

        return [paths[0]];
    }

    // As far from the goal as the longest of the paths that pass through.
    static Dictionary<Target, int> Layers(IReadOnlyList<Paths.Path> paths)
    {
        var layers = new Dictionary<Target, int>();
        foreach (var path in paths)
        {
            Raise(path.From, path.Steps.Length);
            foreach (var (number, step) in path.Steps.Index())
                Raise(step.Becomes, path.Steps.Length - number - 1);
        }

        return layers;

        void Raise(Target target, int layer) => layers[target] = Math.Max(layers.GetValueOrDefault(target), layer);
    }

    // From the goals to the left, each column in the order of what it leads to, so that arrows cross little.
    static List<List<Target>> Columns(IReadOnlyList<Paths.Path> paths, Dictionary<Target, int> layers)
    {
        var leading = Steps(paths).Where(step => layers[step.From] > layers[step.To]).ToLookup(step => step.From, step => step.To);
        var rows = new Dictionary<Target, double>();
        var columns = new List<List<Target>>();
        foreach (var layer in layers.GroupBy(layer => layer.Value, layer => layer.Key).OrderBy(layer => layer.Key))
        {
            var column = layer.OrderBy(target => leading[target].Select(to => rows.GetValueOrDefault(to)).DefaultIfEmpty(0).Average()).ThenBy(target => target).ToList();
            foreach (var (row, target) in column.Index())
                rows[target] = (row + 0.5) / column.Count;
            columns.Insert(0, column);
        }

        return columns;
    }

    static Dictionary<Target, (double X, double Y)> Places(List<List<Target>> columns)
    {
        var most = columns.Max(column => column.Count);
        return (from column in columns.Index()
                from row in column.Item.Index()
                let above = (most - column.Item.Count) * (BoxHeight + RowGap) / 2
                select KeyValuePair.Create(row.Item, (Margin + (column.Index * (BoxWidth + ColumnGap)), Margin + above + (row.Index * (BoxHeight + RowGap)))))
            .ToDictionary();
    }

    static IEnumerable<(Target From, Target To, string Policy)> Steps(IEnumerable<Paths.Path> paths)
    {
        foreach (var path in paths)
        {
            var at = path.From;
            foreach (var step in path.Steps)
            {
                if (at != step.Becomes)
                    yield return (at, step.Becomes, step.Policy);
                at = step.Becomes;
            }
        }
    }

    static string KindOf(Target target) => target.Kind == "Goal" ? "goal" : target.Kind;

    static string NameOf(Target target) => target.Kind is "Goal" or "Node" ? PathWords.Of(target) : target.Namespace.Length == 0 ? target.Name : $"{target.Namespace}/{target.Name}";

    static string Cut(string text, int most) => SafeText.Of(text) is var safe && safe.Length <= most ? safe : $"{safe[..(most / 2)]}…{safe[^((most / 2) - 1)..]}";
}
