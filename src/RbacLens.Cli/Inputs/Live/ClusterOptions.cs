namespace RbacLens.Cli.Inputs.Live;

/// <summary>What the user said about which cluster to read, and as whom.</summary>
/// <param name="Kubeconfig">The one kubeconfig file to use; null for the usual places.</param>
/// <param name="Context">The context to use; null for the current one.</param>
/// <param name="As">The user to impersonate; null for the kubeconfig's own choice.</param>
/// <param name="AsGroups">The groups to impersonate.</param>
/// <param name="Namespaces">The namespaces to read; empty for all.</param>
sealed record ClusterOptions(
    string? Kubeconfig, string? Context, string? As, IReadOnlyList<string> AsGroups, IReadOnlyList<string> Namespaces)
{
    /// <summary>
    /// The kinds to read, for a question about access; null for everything a snapshot holds. Service accounts are among the answers wherever
    /// they are, so that they are read in all namespaces.
    /// </summary>
    public IReadOnlyCollection<string>? Kinds { get; init; }

    /// <summary>Whether to ask what the server serves, too.</summary>
    public bool Discovers { get; init; }

    /// <summary>The current context, all namespaces.</summary>
    public static ClusterOptions Default { get; } = new(null, null, null, [], []);
}
