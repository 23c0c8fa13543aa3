using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Inputs;

/// <summary>One side of a comparison: files, standard input, or a cluster by its context.</summary>
static class Side
{
    const string Prefix = "context:";

    /// <summary>Reads it.</summary>
    /// <param name="name">A path (<c>/dev/null</c> for nothing, as git says it), <c>-</c>, a kubeconfig context (with or without <c>context:</c> before it), or null for the current context.</param>
    /// <param name="like">How to read it; paths and context are taken from the name.</param>
    /// <param name="terminal">For standard input and the surroundings.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">It is neither, or cannot be read.</exception>
    public static Task<Snapshot> ReadAsync(string? name, SnapshotRequest like, Terminal terminal, CancellationToken cancellation)
    {
        if (name is "/dev/null" or "NUL")
            return Shipped.ApplyAsync(new() { Cluster = new(name, like.Version, "manifests"), CollectedAt = terminal.Now() }, cancellation);
        var isFile = name is not null && !name.StartsWith(Prefix, StringComparison.Ordinal) && (name == "-" || Path.Exists(name));
        if (isFile)
            return SnapshotSources.CollectAsync(like with { Paths = [name!], Cluster = like.Cluster with { Kubeconfig = null } }, terminal, cancellation);
        var context = name is null ? null : name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        if (name is not null && name == context && !Kubeconfig.Load(like.Cluster.Kubeconfig, terminal.Surroundings).Contexts.ContainsKey(name))
            throw new InputException($"{name}: there is no such file, and no such kubeconfig context");
        return SnapshotSources.CollectAsync(like with { Cluster = like.Cluster with { Context = context } }, terminal, cancellation);
    }
}
