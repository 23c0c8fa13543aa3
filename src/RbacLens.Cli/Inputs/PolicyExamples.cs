using System.Text;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads a policy's examples: <c>objects</c> (YAML documents), or <c>rules</c> for the usual case, which are bound to the service account
/// <c>app/robot</c>, cluster-wide or in a <c>namespace</c>.
/// </summary>
static class PolicyExamples
{
    public static IEnumerable<Example> Read(PolicyNode policy, string key)
    {
        foreach (var node in policy.Nodes(key))
        {
            var manifests = node.OptionalText("objects")
                ?? (node.Raw("rules") is { } rules ? Bind(rules, node.OptionalText("namespace")) : throw node.Error("objects", "or rules is missing"));
            yield return new(node.Text("title"), manifests, node.OptionalText("version"), node.Severity("severity"));
            node.Complete();
        }
    }

    /// <summary>Rules as manifests that bind them to the service account app/robot.</summary>
    public static string Bind(JsonElement rules, string? ns)
    {
        var kind = ns is null ? "ClusterRole" : "Role";
        var metadata = ns is null ? "{name: example}" : $"{{name: example, namespace: {ns}}}";
        return new StringBuilder()
            .Append($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: robot, namespace: app}}}}\n---\n")
            .Append($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {metadata}, rules: {rules.GetRawText()}}}\n---\n")
            .Append($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}Binding, metadata: {metadata}, ")
            .Append($"roleRef: {{kind: {kind}, name: example}}, subjects: [{{kind: ServiceAccount, name: robot, namespace: app}}]}}\n")
            .ToString();
    }
}
