using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>A live cluster, read through its API server.</summary>
static class ClusterSource
{
    /// <summary>Lists everything at once. What is refused becomes a gap of the snapshot.</summary>
    /// <exception cref="InputException">No kubeconfig, no connection, no authentication, or nothing at all could be read.</exception>
    public static Task<Snapshot> CollectAsync(ClusterOptions options, Surroundings surroundings, CancellationToken cancellation) =>
        CollectAsync(options, surroundings, ApiLimits.Default, cancellation);

    /// <inheritdoc cref="CollectAsync(ClusterOptions, Surroundings, CancellationToken)"/>
    public static async Task<Snapshot> CollectAsync(
        ClusterOptions options, Surroundings surroundings, ApiLimits limits, CancellationToken cancellation)
    {
        var connection = Connection.Find(options, surroundings);
        var collectedAt = surroundings.Clock.GetUtcNow();
        using var client = new ApiClient(connection, limits, surroundings.Clock);

        var listing = ListAsync(client, limits, options, cancellation);
        var asking = VersionAsync(client, cancellation);
        var discovering = options.Discovers ? Discovery.ReadAsync(client, limits, cancellation) : Task.FromResult(ImmutableArray<ResourceType>.Empty);
        var grouping = options.Kinds is null ? Discovery.GroupsAsync(client, cancellation) : Task.FromResult<ImmutableSortedSet<string>?>(null);
        await Task.WhenAll(listing, asking, discovering, grouping);
        var (lists, version) = (await listing, await asking);
        if (lists.All(list => list.Gap is not null))
            throw new InputException($"{connection.Name}: nothing could be read: {lists[0].Gap!.Detail}");

        var all = new SnapshotBuilder();
        foreach (var list in lists)
            Add(all, list);
        if (version is null)
            all.Add(new Gap("Version", Gap.Reasons.Unavailable, "/version: the API server does not tell its version"));
        var snapshot = all.Build(new(connection.Context, version, "live"), collectedAt) with { Types = await discovering, ApiGroups = await grouping };
        return Checked(snapshot, options.Namespaces, connection);
    }

    static async Task<Listed[]> ListAsync(
        ApiClient client, ApiLimits limits, ClusterOptions options, CancellationToken cancellation)
    {
        var places = options.Namespaces.Count == 0 ? [null] : options.Namespaces.Distinct(StringComparer.Ordinal).Cast<string?>().ToArray();
        var wanted = (from resource in ClusterResource.All
                      where options.Kinds?.Contains(resource.Kind) != false
                      from place in resource.IsNamespaced && !(options.Kinds is not null && resource.Kind == "ServiceAccount") ? places : [null]
                      select new PagedList(client, limits, resource, place)).ToArray();
        var lists = new Listed[wanted.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.Concurrency, CancellationToken = cancellation };
        await Parallel.ForAsync(0, wanted.Length, parallel, async (i, stop) => lists[i] = await wanted[i].ReadAsync(stop));
        return lists;
    }

    static void Add(SnapshotBuilder all, Listed list)
    {
        all.Add(list.Objects);
        if (list.Gap is not null)
            all.Add(list.Gap);
    }

    static async Task<string?> VersionAsync(ApiClient client, CancellationToken cancellation) =>
        await client.ReadAsync("/version", "application/json", GitVersionAsync, cancellation) is ApiAnswer<string?>.Whole(var version)
            ? version
            : null;

    static async Task<string?> GitVersionAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellation);
            return document.RootElement.TryGetProperty("gitVersion", out var version) && version.GetString() is { } text
                ? UntrustedText.OneLine(text)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException("/version: answered with something that is not JSON", e);
        }
    }

    // The API server lists a namespace that does not exist as an empty one, and a clean report on a misspelt name would be a lie.
    static Snapshot Checked(Snapshot snapshot, IReadOnlyList<string> namespaces, Connection connection)
    {
        var known = snapshot.Namespaces.Select(@namespace => @namespace.Name).ToHashSet(StringComparer.Ordinal);
        return known.Count > 0 && namespaces.FirstOrDefault(name => !known.Contains(name)) is { } missing
            ? throw new InputException($"{connection.Name}: there is no namespace \"{UntrustedText.OneLine(missing)}\"")
            : snapshot;
    }
}
