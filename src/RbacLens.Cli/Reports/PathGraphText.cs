using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Paths as graphs in the languages of Graphviz and Mermaid. Steps that paths share are drawn once.</summary>
static class PathGraphText
{
    public static void WriteDot(PathAnswer answer, TextWriter output, ReportStyle style)
    {
        var drawing = new Drawing(answer.Paths);
        output.Write("digraph paths {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n");
        foreach (var (number, place) in drawing.Places.Index())
            output.Write($"  n{number} [label=\"{Quoted(place.Words)}\"{Shape(drawing, place)}];\n");
        foreach (var (from, to, policy) in drawing.Arrows)
            output.Write($"  n{from} -> n{to} [label=\"{Quoted(policy)}\"];\n");
        output.Write("}\n");
    }

    public static void WriteMermaid(PathAnswer answer, TextWriter output, ReportStyle style)
    {
        var drawing = new Drawing(answer.Paths);
        output.Write("flowchart LR\n");
        foreach (var (number, place) in drawing.Places.Index())
            output.Write($"  n{number}{(place.IsGoal ? "([" : "[")}\"{Entities(place.Words)}\"{(place.IsGoal ? "])" : "]")}\n");
        foreach (var (from, to, policy) in drawing.Arrows)
            output.Write($"  n{from} -->|\"{Entities(policy)}\"| n{to}\n");
    }

    static string Shape(Drawing drawing, Place place) =>
        place.IsGoal ? ", shape=doubleoctagon" : drawing.IsStart(place) ? ", style=bold" : "";

    // Labels know character references, and in quoted text a backslash starts an escape.
    static string Quoted(string text) => SafeText.Of(text).Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    // Mermaid knows character references with # in place of &#; anything that is not plain becomes one.
    static string Entities(string text) => string.Concat(SafeText.Of(text).EnumerateRunes().Select(rune =>
        rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || " -_./:@*()".Contains((char)rune.Value)) ? rune.ToString() : $"#{rune.Value};"));

    /// <summary>Somebody one is, or only impersonates, and then cannot impersonate on.</summary>
    sealed record Place(Target Target, bool IsBorrowed)
    {
        public bool IsGoal => Target.Kind == "Goal";

        public string Words => PathWords.Of(Target) + (IsBorrowed ? " (impersonated)" : "");
    }

    /// <summary>The distinct places and steps of some paths, in the order they are met.</summary>
    sealed class Drawing
    {
        readonly OrderedDictionary<Place, int> numbers = [];
        readonly HashSet<Place> starts = [];
        readonly OrderedDictionary<(int From, int To, string Policy), bool> arrows = [];

        public Drawing(IEnumerable<Paths.Path> paths)
        {
            foreach (var path in paths)
            {
                var start = new Place(path.From, IsBorrowed: false);
                starts.Add(start);
                var at = Number(start);
                foreach (var step in path.Steps)
                {
                    var next = Number(new(step.Becomes, step.IsBorrowed));
                    arrows.TryAdd((at, next, step.Policy), value: true);
                    at = next;
                }
            }
        }

        public IEnumerable<Place> Places => numbers.Keys;

        public IEnumerable<(int From, int To, string Policy)> Arrows => arrows.Keys;

        public bool IsStart(Place place) => starts.Contains(place);

        int Number(Place place)
        {
            numbers.TryAdd(place, numbers.Count);
            return numbers[place];
        }
    }
}
