using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Tests;

/// <summary>Roles and bindings read from JSON in the plainest way, independent of the product's own reader.</summary>
sealed record RbacJson(ImmutableArray<Role> Roles, ImmutableArray<Binding> Bindings)
{
    /// <summary>A <c>kind: List</c> file, gzipped if its name says so.</summary>
    public static RbacJson Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var document = JsonDocument.Parse(stream);
        return Objects(document.RootElement.GetProperty("items"));
    }

    /// <summary>The objects of an array; kinds that are not RBAC are skipped.</summary>
    public static RbacJson Objects(JsonElement items)
    {
        var byKind = items.EnumerateArray().ToLookup(item => Text(item, "kind"), StringComparer.Ordinal);
        return new(
            [.. byKind["ClusterRole"].Concat(byKind["Role"]).Select(Role)],
            [.. byKind["ClusterRoleBinding"].Concat(byKind["RoleBinding"]).Select(Binding)]);
    }

    public static Role Role(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        return new(new(Text(metadata, "namespace")), Text(metadata, "name"), Rules(item, "rules"))
        {
            Labels = Labels(metadata, "labels"),
            Aggregates = item.TryGetProperty("aggregationRule", out var aggregation) ? [.. Array(aggregation, "clusterRoleSelectors").Select(Selector)] : [],
        };
    }

    public static RuleSet Rules(JsonElement item, string property) => RuleSet.Of(Array(item, property).Select(Rule));

    public static PolicyRule Rule(JsonElement rule) => new()
    {
        Verbs = Field(rule, "verbs"),
        ApiGroups = Field(rule, "apiGroups"),
        Resources = Field(rule, "resources"),
        ResourceNames = Field(rule, "resourceNames"),
        NonResourceUrls = Field(rule, "nonResourceURLs"),
    };

    public static Subject Subject(JsonElement subject, string bindingNamespace) => Text(subject, "kind") switch
    {
        "User" => new Subject.User(Text(subject, "name")),
        "Group" => new Subject.Group(Text(subject, "name")),
        "ServiceAccount" => new Subject.ServiceAccount(
            Text(subject, "namespace") is { Length: > 0 } ns ? ns : bindingNamespace, Text(subject, "name")),
        var kind => new Subject.Unknown(kind, Text(subject, "name")),
    };

    public static string Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    public static IEnumerable<JsonElement> Array(JsonElement item, string property) =>
        item.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(JsonElement item, string property) => Array(item, property).Select(text => text.GetString()!);

    static Binding Binding(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var (ns, reference) = (Text(metadata, "namespace"), item.GetProperty("roleRef"));
        return new(
            new(ns),
            Text(metadata, "name"),
            [.. Array(item, "subjects").Select(subject => Subject(subject, ns))],
            new(Text(reference, "kind"), Text(reference, "name")));
    }

    static Names Field(JsonElement rule, string property) => Names.Of(Texts(rule, property));

    static LabelSelector Selector(JsonElement selector) => new(
        Labels(selector, "matchLabels"),
        [.. Array(selector, "matchExpressions").Select(e => new LabelSelector.Requirement(Text(e, "key"), Text(e, "operator"), Field(e, "values")))]);

    static ImmutableSortedDictionary<string, string> Labels(JsonElement item, string property) =>
        item.TryGetProperty(property, out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToImmutableSortedDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;
}
