using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>Reads one Kubernetes list.</summary>
sealed class ListReader(SnapshotBuilder into, string origin)
{
    public async Task<ListPage> ReadAsync(Stream stream, string? itemKind, CancellationToken ct)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, default, ct);
            var root = document.RootElement;
            foreach (var item in Items(root, "items"))
                Add(item, Text(item, "kind") is { } kind and not "PartialObjectMetadata" ? kind : itemKind ?? "");
            var metadata = Field(root, "metadata");
            return new(Text(metadata, "continue") ?? "", Text(metadata, "resourceVersion") ?? "");
        }
        catch (JsonException e)
        {
            throw new InputException($"{origin}: is not whole JSON", e);
        }
    }

    void Add(JsonElement item, string kind)
    {
        var metadata = Field(item, "metadata");
        var (name, space) = (Text(metadata, "name") ?? "", Text(metadata, "namespace") ?? "");
        switch (kind)
        {
            case "ClusterRole" or "Role":
                into.Add(new Role(new(space), name, RuleSet.Of(Items(item, "rules").Select(Rule))));
                break;
            case "ClusterRoleBinding" or "RoleBinding":
                var role = Field(item, "roleRef");
                into.Add(new Binding(new(space), name, [.. Items(item, "subjects").Select(Whom)], new(Text(role, "kind") ?? "", Text(role, "name") ?? "")));
                break;
            case "ServiceAccount":
                into.Add(new Account(space, name, null));
                break;
            case "Namespace":
                into.Add(new Namespace(name, null));
                break;
            case "Node":
                into.Add(new Node(name, null));
                break;
            case "Secret":
                into.Add(new TokenSecret(space, name, Text(Field(metadata, "annotations"), "kubernetes.io/service-account.name")));
                break;
            case "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration":
                into.Add(new WebhookConfiguration(kind, name, []));
                break;
            default:
                into.Add(new Workload(kind, space, name, "default", null, false, null));
                break;
        }
    }

    static PolicyRule Rule(JsonElement rule) => new()
    {
        Verbs = Words(rule, "verbs"),
        ApiGroups = Words(rule, "apiGroups"),
        Resources = Words(rule, "resources"),
        ResourceNames = Words(rule, "resourceNames"),
        NonResourceUrls = Words(rule, "nonResourceURLs"),
    };

    static Subject Whom(JsonElement subject) => Text(subject, "kind") switch
    {
        "User" => new Subject.User(Text(subject, "name") ?? ""),
        "Group" => new Subject.Group(Text(subject, "name") ?? ""),
        _ => new Subject.ServiceAccount(Text(subject, "namespace") ?? "", Text(subject, "name") ?? ""),
    };

    static Names Words(JsonElement rule, string field) => Names.Of([.. Items(rule, field).Select(word => word.GetString() ?? "")]);

    static ImmutableArray<JsonElement> Items(JsonElement parent, string field) =>
        Field(parent, field) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    static JsonElement Field(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) ? value : default;

    static string? Text(JsonElement parent, string field) => Field(parent, field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>What a list says of itself.</summary>
sealed record ListPage(string Continue, string ResourceVersion);
