using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Paths that differ in their start only.</summary>
/// <param name="Path">One of them.</param>
/// <param name="Starts">Where they start, in the order of the paths.</param>
sealed record PathBundle(Paths.Path Path, ImmutableArray<Target> Starts)
{
    // So many paths are drawn one by one; and so few are not worth a bundle.
    const int MostApart = 10, Least = 3;

    /// <summary>Bundles, the largest first, so that few boxes say much, and among equals the shortest way.</summary>
    public static List<PathBundle> Of(IReadOnlyList<Paths.Path> paths)
    {
        if (paths.Count <= MostApart)
            return [.. paths.Select(Alone)];
        var passed = paths.SelectMany(path => path.Steps).Select(step => step.Becomes).ToHashSet();
        return
        [
            .. from path in paths
               group path by passed.Contains(path.From) ? $"{path.From}" : Way(path) into same
               from bundle in same.Count() < Least ? same.Select(Alone) : [new(same.First(), [.. same.Select(path => path.From)])]
               orderby bundle.Starts.Length descending, bundle.Path.Steps.Length
               select bundle,
        ];
    }

    static PathBundle Alone(Paths.Path path) => new(path, [path.From]);

    static string Way(Paths.Path path) =>
        $"\0{path.From.Kind}\0{string.Join('\0', path.Steps.Select(step => $"{step.Policy}\0{step.Becomes.Kind}\0{step.Becomes.Namespace}\0{step.Becomes.Name}\0{step.IsBorrowed}"))}";
}
