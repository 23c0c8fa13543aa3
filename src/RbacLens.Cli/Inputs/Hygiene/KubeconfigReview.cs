using RbacLens.Access;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>Looks at kubeconfig files as they lie there: nothing is asked of any cluster, no plugin is run, and no secret leaves it.</summary>
/// <param name="home">The user's home directory, which paths are shortened by.</param>
/// <param name="now">The time that lifetimes are measured against.</param>
sealed class KubeconfigReview(string home, DateTimeOffset now)
{
    readonly List<Observation> found = [];
    readonly List<Gap> gaps = [];
    readonly List<KubeconfigSubject> users = [];
    readonly List<KubeconfigSubject> clusters = [];
    readonly List<(KubeconfigSubject Context, string? User, string? Cluster)> contexts = [];

    /// <summary>What is not as it should be, in the order of the files.</summary>
    public IReadOnlyList<Observation> Found => found;

    /// <summary>Entries that could not be read.</summary>
    public IReadOnlyList<Gap> Gaps => gaps;

    /// <summary>How many entries there are, by kind.</summary>
    public IEnumerable<KeyValuePair<string, int>> Counts =>
        users.Concat(clusters).Concat(contexts.Select(context => context.Context)).CountBy(entry => entry.Kind);

    /// <summary>Looks at all files together: a credential may be in several.</summary>
    public void Read(IReadOnlyList<KubeconfigFile> files)
    {
        foreach (var file in files)
        {
            var place = Short(file.Path);
            users.AddRange(Subjects("KubeconfigUser", place, file.Users));
            clusters.AddRange(Subjects("KubeconfigCluster", place, file.Clusters));
            foreach (var context in Subjects("KubeconfigContext", place, file.Contexts))
                Note(context, () => contexts.Add((context, context.Fields.Text("user"), context.Fields.Text("cluster"))));
            LookAtFile(file, place);
        }

        foreach (var cluster in clusters)
            Note(cluster, () => found.AddRange(ClusterChecks.Of(cluster)));
        foreach (var user in users)
            foreach (var check in UserChecks.Of(user, now))
                Note(user, () => found.AddRange(check));
        LookAtSharing();
        LookAtContexts();
    }

    static IEnumerable<KubeconfigSubject> Subjects(string kind, string file, IReadOnlyDictionary<string, KubeconfigEntry> entries) =>
        entries.Select(entry => new KubeconfigSubject(kind, file, entry.Key, entry.Value));

    void LookAtFile(KubeconfigFile file, string place)
    {
        var whole = new KubeconfigSubject("Kubeconfig", place, "", KubeconfigEntry.Nobody);
        found.AddRange(FileChecks.Of(whole, file.Path, "the kubeconfig"));
        foreach (var user in users.Where(user => user.File == place))
            foreach (var field in new[] { "client-key", "tokenFile" })
                Note(user, () =>
                {
                    if (user.Fields.FilePath(field) is { } path)
                        found.AddRange(FileChecks.Of(user, path, $"the file of {field}"));
                });
    }

    void LookAtSharing()
    {
        var byPrint = from user in users
                      let print = TryFingerprint(user)
                      where print is not null
                      group user by print into same
                      where same.Count() > 1
                      select same;
        foreach (var same in byPrint)
            found.Add(same.First().Says("credential-shared", $"the same {same.Key} is also in {string.Join(", ", same.Skip(1).Select(user => user.Target.Name))}"));
        // One name in several files means the first of them, as kubectl merges them.
        foreach (var user in users.Where(user => UserChecks.HoldsSecret(user.Fields)).DistinctBy(user => user.Name))
        {
            var servers = contexts.Where(context => context.User == user.Name).Select(context => context.Cluster)
                .Select(name => clusters.Find(cluster => cluster.Name == name)?.Fields.Node("server")?.ToString() ?? name).Distinct().Count();
            if (servers > 1)
                found.Add(user.Says("credential-shared", $"logs in to {servers} clusters"));
        }
    }

    static string? TryFingerprint(KubeconfigSubject user)
    {
        try
        {
            return UserChecks.Fingerprint(user.Fields);
        }
        catch (InputException)
        {
            // It is a gap already.
            return null;
        }
    }

    void LookAtContexts()
    {
        var (known, reachable) = (users.Select(user => user.Name).ToHashSet(), clusters.Select(cluster => cluster.Name).ToHashSet());
        foreach (var (context, user, cluster) in contexts)
        {
            if (user is not null && !known.Contains(user))
                found.Add(context.Says("context-broken", $"names user {UntrustedText.OneLine(user)}, which is in none of the files"));
            if (cluster is null || !reachable.Contains(cluster))
                found.Add(context.Says("context-broken", cluster is null ? "names no cluster" : $"names cluster {UntrustedText.OneLine(cluster)}, which is in none of the files"));
        }

        var used = contexts.Select(context => context.User).ToHashSet();
        foreach (var user in users.Where(user => !used.Contains(user.Name) && UserChecks.HoldsSecret(user.Fields)))
            found.Add(user.Says("credential-unused", "holds a credential, and no context uses it"));
    }

    void Note(KubeconfigSubject entry, Action look)
    {
        try
        {
            look();
        }
        catch (InputException e)
        {
            gaps.Add(new(entry.Kind, Gap.Reasons.Malformed, e.Message));
        }
    }

    string Short(string path) =>
        home.Length > 1 && path.StartsWith(home + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? "~" + path[home.Length..] : path;
}
