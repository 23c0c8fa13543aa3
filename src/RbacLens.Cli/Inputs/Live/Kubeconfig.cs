namespace RbacLens.Cli.Inputs.Live;

/// <summary>The kubeconfig files of a user as one, found and merged as kubectl does.</summary>
sealed record Kubeconfig(
    IReadOnlyList<string> Files,
    string? CurrentContext,
    IReadOnlyDictionary<string, KubeconfigEntry> Clusters,
    IReadOnlyDictionary<string, KubeconfigEntry> Users,
    IReadOnlyDictionary<string, KubeconfigEntry> Contexts)
{
    /// <summary>
    /// The file of <c>--kubeconfig</c> alone; else the list in KUBECONFIG, where missing files are skipped; else <c>~/.kube/config</c>.
    /// </summary>
    public static Kubeconfig Load(string? file, Surroundings surroundings) =>
        Merge(file is not null
            ? [KubeconfigFile.Read(file)]
            : Places(surroundings).Where(Path.Exists).Select(KubeconfigFile.Read));

    /// <summary>The first file to name an entry wins, and its entry is taken whole; so does the first current context.</summary>
    public static Kubeconfig Merge(IEnumerable<KubeconfigFile> files)
    {
        var all = files.ToList();
        return new(
            [.. all.Select(file => file.Path)],
            all.Select(file => file.CurrentContext).FirstOrDefault(context => context is not null),
            First(all.Select(file => file.Clusters)),
            First(all.Select(file => file.Users)),
            First(all.Select(file => file.Contexts)));
    }

    /// <summary>Whether there is nothing in it, so that kubectl would try the account of the pod it runs in.</summary>
    public bool IsEmpty => Clusters.Count + Users.Count + Contexts.Count == 0 && CurrentContext is null;

    /// <summary>The context to use: its name, its cluster, and its user where it names one.</summary>
    public (string Name, KubeconfigEntry Cluster, KubeconfigEntry? User) Choose(string? wanted)
    {
        var name = wanted ?? CurrentContext
            ?? throw new InputException($"{Names}: no current-context; name one with --context{Known(Contexts)}");
        var context = Contexts.GetValueOrDefault(name)
            ?? throw new InputException($"{Names}: there is no context \"{UntrustedText.OneLine(name)}\"{Known(Contexts)}");
        return (name, Entry(Clusters, context, context.Required("cluster"), "cluster"),
            context.Text("user") is { } user ? Entry(Users, context, user, "user") : null);
    }

    string Names => Files.Count == 0 ? "kubeconfig" : string.Join(Path.PathSeparator, Files);

    static KubeconfigEntry Entry(
        IReadOnlyDictionary<string, KubeconfigEntry> entries, KubeconfigEntry context, string name, string field) =>
        entries.GetValueOrDefault(name)
        ?? throw context.Wrong(field, $"there is no {field} \"{UntrustedText.OneLine(name)}\"{Known(entries)}");

    static string Known(IReadOnlyDictionary<string, KubeconfigEntry> entries) =>
        entries.Count == 0 ? "" : $" (known: {UntrustedText.OneLine(string.Join(", ", entries.Keys.Order(StringComparer.Ordinal)))})";

    /// <summary>Where kubectl looks for kubeconfigs, existing or not; nowhere without a home, and never below wherever one stands.</summary>
    public static IEnumerable<string> Places(Surroundings surroundings) =>
        surroundings.Variable("KUBECONFIG") is { } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
            : surroundings.Home.Length == 0 ? [] : [Path.Combine(surroundings.Home, ".kube", "config")];

    static Dictionary<string, KubeconfigEntry> First(IEnumerable<IReadOnlyDictionary<string, KubeconfigEntry>> maps)
    {
        var merged = new Dictionary<string, KubeconfigEntry>(StringComparer.Ordinal);
        foreach (var (name, entry) in maps.SelectMany(map => map))
            merged.TryAdd(name, entry);
        return merged;
    }
}
