using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What an API server serves: two requests where it aggregates its discovery (Kubernetes 1.27), one for each group where it does not.</summary>
static class Discovery
{
    const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    /// <summary>Every resource, in the server's order of preference; what cannot be asked is left out, for questions can be put without it.</summary>
    public static async Task<ImmutableArray<ResourceType>> ReadAsync(ApiClient client, ApiLimits limits, CancellationToken cancellation)
    {
        var roots = await Task.WhenAll(GetAsync(client, "/api", Aggregated, cancellation), GetAsync(client, "/apis", Aggregated, cancellation));
        var types = new List<ResourceType>();
        foreach (var root in roots)
            types.AddRange(root is { } json && Text(json, "kind") == "APIGroupDiscoveryList" ? OfGroups(json) : []);
        if (types.Count > 0)
            return [.. types];

        var paths = roots.OfType<JsonElement>().SelectMany(Paths).ToList();
        var lists = new ConcurrentDictionary<string, ImmutableArray<ResourceType>>(StringComparer.Ordinal);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(paths, parallel, async (path, stop) =>
        {
            if (await GetAsync(client, path, "application/json", stop) is { } list)
                lists[path] = OfList(list);
        });
        return [.. paths.SelectMany(path => lists.TryGetValue(path, out var found) ? found : [])];
    }

    /// <summary>The names of the API groups that are served; null where the server does not say.</summary>
    public static async Task<ImmutableSortedSet<string>?> GroupsAsync(ApiClient client, CancellationToken cancellation)
    {
        var list = await GetAsync(client, "/apis", "application/json", cancellation);
        var groups = list is { } json && Text(json, "kind") == "APIGroupList" ? Items(json, "groups").Select(one => Text(one, "name")).Where(name => name.Length > 0) : [];
        return groups.ToImmutableSortedSet(StringComparer.Ordinal) is { Count: > 0 } served ? served : null;
    }

    static async Task<JsonElement?> GetAsync(ApiClient client, string path, string accept, CancellationToken cancellation) =>
        await client.ReadAsync(path, accept, ParseAsync, cancellation) is ApiAnswer<JsonElement>.Whole(var json) && json.ValueKind == JsonValueKind.Object ? json : null;

    static async Task<JsonElement> ParseAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellation);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InputException("discovery: answered with something that is not JSON", e);
        }
    }

    static IEnumerable<string> Paths(JsonElement root) =>
        Text(root, "kind") == "APIVersions"
            ? Items(root, "versions").Where(version => version.ValueKind == JsonValueKind.String).Select(version => $"/api/{version.GetString()}")
            : from @group in Items(root, "groups")
              let version = @group.TryGetProperty("preferredVersion", out var preferred) ? Text(preferred, "groupVersion") : ""
              where version.Length > 0
              select $"/apis/{version}";

    // APIGroupDiscoveryList (apidiscovery.k8s.io): groups, versions, resources, subresources.
    static IEnumerable<ResourceType> OfGroups(JsonElement list) =>
        from item in Items(list, "items")
        let name = item.TryGetProperty("metadata", out var metadata) ? Text(metadata, "name") : ""
        from version in Items(item, "versions")
        from resource in Items(version, "resources")
        let plural = Text(resource, "resource")
        where plural.Length > 0
        select Typed(name, plural, Text(resource, "scope") == "Namespaced", Text(resource, "singularResource")) with
        {
            ShortNames = Texts(resource, "shortNames"),
            Subresources = [.. Items(resource, "subresources").Select(sub => Text(sub, "subresource"))],
        };

    // APIResourceList (meta.k8s.io/v1): subresources are entries of their own.
    static ImmutableArray<ResourceType> OfList(JsonElement list)
    {
        var groupVersion = Text(list, "groupVersion");
        var name = groupVersion.Contains('/', StringComparison.Ordinal) ? groupVersion.Split('/')[0] : "";
        var all = Items(list, "resources").Select(resource => (Name: Text(resource, "name"), Resource: resource)).ToList();
        return
        [
            .. from entry in all
               where entry.Name.Length > 0 && !entry.Name.Contains('/', StringComparison.Ordinal)
               let isNamespaced = entry.Resource.TryGetProperty("namespaced", out var flag) && flag.ValueKind == JsonValueKind.True
               let singular = Text(entry.Resource, "singularName")
               select Typed(name, entry.Name, isNamespaced, singular.Length > 0 ? singular : Text(entry.Resource, "kind").ToLowerInvariant()) with
               {
                   ShortNames = Texts(entry.Resource, "shortNames"),
                   Subresources = [.. all.Where(other => other.Name.StartsWith(entry.Name + "/", StringComparison.Ordinal)).Select(other => other.Name[(entry.Name.Length + 1)..])],
               },
        ];
    }

    static ResourceType Typed(string apiGroup, string plural, bool isNamespaced, string singular)
    {
        var type = new ResourceType(apiGroup, plural, isNamespaced);
        return singular.Length > 0 ? type with { Singular = singular } : type;
    }

    static IEnumerable<JsonElement> Items(JsonElement parent, string property) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(property, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    static ImmutableArray<string> Texts(JsonElement parent, string property) =>
        [.. Items(parent, property).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    static string Text(JsonElement parent, string property) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(property, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
