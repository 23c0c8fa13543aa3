using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of where things lead.</summary>
static class PathModel
{
    const int Shown = 100;
    const int LoweredShown = 3;
    const double MostHeight = 1100;

    /// <summary>The shortest paths.</summary>
    public static List<Dictionary<string, object?>> Of(Posture posture) => [.. posture.Paths.Take(Shown).Select(Path)];

    /// <summary>The picture as SVG, with what is to be said under it; null for no path.</summary>
    public static Dictionary<string, object?>? Picture(Posture posture) =>
        PathPicture.Of(posture.Paths, PathSvg.Measure(MostHeight)) is not { } picture ? null : new()
        {
            ["svg"] = PathSvg.Of(picture),
            ["legend"] = PathPicture.Legend,
            ["leftOut"] = picture.LeftOut == 0 ? null : Counted.Of(picture.LeftOut, "path is", "paths are"),
        };

    /// <summary>How many further ones there are; null for none.</summary>
    public static string? More(Posture posture) => posture.Paths.Length <= Shown ? null : Counted.Number(posture.Paths.Length - Shown);

    /// <summary>The bindings without which most paths are gone.</summary>
    public static List<Dictionary<string, object?>> Chokes(Posture posture) =>
    [
        .. from point in posture.ChokePoints
           select new Dictionary<string, object?>
           {
               ["binding"] = SubjectModel.Of(new(point.Binding.Kind, point.Binding.Scope.Namespace, point.Binding.Name)),
               ["cut"] = Counted.Number(point.Cuts.Length),
               ["of"] = Counted.Number(point.Of),
               ["lowers"] = point.Lowers.IsEmpty ? null : SafeText.Of(string.Join("; ", PathWords.Lowered(point).Take(LoweredShown)) + (point.Lowers.Length > LoweredShown ? $"; and {point.Lowers.Length - LoweredShown} more" : "")),
               ["breaks"] = SafeText.Of(point.Breaks),
           },
    ];

    /// <summary>What <c>path.hbs</c> sees.</summary>
    public static Dictionary<string, object?> Path(Paths.Path path) => new()
    {
        ["from"] = SubjectModel.Of(path.From),
        ["goal"] = Goal(path.To),
        ["length"] = Counted.Of(path.Steps.Length, "step"),
        ["steps"] = path.Steps.Select(Step).ToList(),
    };

    static Dictionary<string, object?> Step(Step step) => new()
    {
        ["sentence"] = SafeText.Of(step.Sentence),
        ["becomes"] = Goal(step.Becomes),
        ["asks"] = step.Requests.Select(Ask).ToList(),
    };

    static Dictionary<string, object?> Ask(GrantedRequest asked) => new()
    {
        ["request"] = SafeText.Of($"{asked.Request}{(asked.Request.Namespace.Length == 0 ? "" : $" in {asked.Request.Namespace}")}"),
        ["binding"] = SubjectModel.Of(new(asked.Grant.Binding.Kind, asked.Grant.Binding.Scope.Namespace, asked.Grant.Binding.Name)),
    };

    /// <summary>Where one gets, in words.</summary>
    public static string Goal(Target target) => target switch
    {
        { Kind: "Goal", Name: "cluster-admin" } => "the whole cluster",
        { Kind: "Goal", Name: "all-secrets" } => "every Secret",
        { Kind: "Goal", Name: "node" } => "a node",
        { Kind: "Node", Name: "*" } => "every node",
        _ => SafeText.Of(target.ToString()),
    };
}
