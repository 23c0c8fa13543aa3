using System.Text.Json;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads a kube-apiserver audit policy.</summary>
static class AuditPolicyFile
{
    /// <summary>The policy of a file; an object that carries one as text, as a ConfigMap does, is fine, too.</summary>
    /// <exception cref="InputException">The file is not there, or is no audit policy.</exception>
    public static AuditPolicy Read(string file)
    {
        if (!File.Exists(file))
            throw new InputException($"{file}: no such file, expected an audit policy");
        return Parse(File.ReadAllText(file), file);
    }

    /// <summary>Reads a policy's text.</summary>
    public static AuditPolicy Parse(string yaml, string file)
    {
        var json = YamlDocuments.ToJson(yaml, file, 1) ?? throw new InputException($"{file}: the file is empty, expected an audit policy");
        using var document = JsonDocument.Parse(json);
        var kind = BodyReader.Text(BodyReader.Member(document.RootElement, "kind"));
        if (kind != "Policy" && Texts(document.RootElement).Where(text => text.Contains("audit.k8s.io/", StringComparison.Ordinal) && text.Contains("kind: Policy", StringComparison.Ordinal)).ToList() is { Count: > 0 } inside)
            return inside is [var only] ? Parse(only, $"{file} (inside)") : throw new InputException($"{file}: holds {inside.Count} audit policies, expected one");
        if (kind != "Policy")
            throw new InputException($"{file}: kind is {(kind.Length == 0 ? "missing" : kind)}, expected Policy of audit.k8s.io");
        var node = new PolicyNode(document.RootElement, file, "");
        return new([.. node.Nodes("rules").Select(Rule)], node.Names("omitStages"));
    }

    // A ConfigMap, or the file of an installer, may carry a policy as text.
    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [BodyReader.Text(element)],
        _ => [],
    };

    static AuditPolicyRule Rule(PolicyNode node) => new()
    {
        Level = node.Text("level") switch
        {
            "None" => AuditLevel.None,
            "Metadata" => AuditLevel.Metadata,
            "Request" => AuditLevel.Request,
            "RequestResponse" => AuditLevel.RequestResponse,
            var other => throw node.Error("level", $"is {other}, expected None, Metadata, Request or RequestResponse"),
        },
        Users = node.Names("users"),
        UserGroups = node.Names("userGroups"),
        Verbs = node.Names("verbs"),
        Resources = [.. node.Nodes("resources").Select(resources => new AuditedResources(BodyReader.Text(resources.Raw("group")), resources.Names("resources"), resources.Names("resourceNames")))],
        Namespaces = node.Names("namespaces"),
        NonResourceUrls = node.Names("nonResourceURLs"),
        OmitStages = node.Names("omitStages"),
    };
}
