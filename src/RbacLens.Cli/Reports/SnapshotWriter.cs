using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Reports;

/// <summary>A snapshot as a <c>kind: List</c>: what kubectl understands, and what reading it again gives the same snapshot for.</summary>
static class SnapshotWriter
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static void Write(Snapshot snapshot, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("apiVersion", "v1");
        json.WriteString("kind", "List");
        WriteNote(json, snapshot);
        json.WriteStartArray("items");
        foreach (var role in snapshot.Roles)
            RbacJson.WriteRole(json, role);
        foreach (var binding in snapshot.Bindings)
            RbacJson.WriteBinding(json, binding);
        foreach (var ns in snapshot.Namespaces)
            WriteNamespace(json, ns);
        foreach (var node in snapshot.Nodes)
            WriteNode(json, node);
        foreach (var account in snapshot.Accounts)
            CredentialJson.WriteAccount(json, account);
        foreach (var workload in snapshot.Workloads)
            WorkloadWriter.Write(json, workload);
        foreach (var secret in snapshot.TokenSecrets)
            CredentialJson.WriteSecret(json, secret);
        foreach (var webhook in snapshot.Webhooks)
            WriteWebhook(json, webhook);
        foreach (var request in snapshot.SigningRequests)
            CredentialJson.WriteSigningRequest(json, request);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Beside what kubectl knows: without it a reader could not tell "none" from "not asked".
    static void WriteNote(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteStartObject("rbacLens");
        json.WriteString("context", snapshot.Cluster.Context);
        if (snapshot.Cluster.Version is { } version)
            json.WriteString("version", version);
        if (snapshot.Cluster.Uid is { } uid)
            json.WriteString("uid", uid);
        json.WriteString("collectedAt", JsonReport.Time(snapshot.CollectedAt));
        json.WriteStartArray("kinds");
        foreach (var kind in Collected.Except(snapshot.Gaps.Select(gap => gap.Kind)))
            json.WriteStringValue(kind);
        json.WriteEndArray();
        if (snapshot.ApiGroups is { } groups)
        {
            json.WriteStartArray("apiGroups");
            foreach (var name in groups)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }

        GapsJson.Write(json, snapshot.Gaps);
        json.WriteEndObject();
    }

    static readonly string[] Collected =
    [
        "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "MutatingWebhookConfiguration", "Namespace", "Node", "Pod", "Role", "RoleBinding", "Secret",
        "ServiceAccount", "ValidatingWebhookConfiguration",
    ];

    /// <summary>Begins an object: apiVersion, kind and metadata with namespace, name and labels.</summary>
    public static void Start(
        Utf8JsonWriter json, string apiVersion, string kind, string ns, string name, IEnumerable<KeyValuePair<string, string>>? labels = null,
        bool isReconciled = true, KeyValuePair<string, string>? annotation = null, DateTimeOffset? created = null)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", apiVersion);
        json.WriteString("kind", kind);
        json.WriteStartObject("metadata");
        json.WriteString("name", name);
        if (ns.Length > 0)
            json.WriteString("namespace", ns);
        if (created is { } time)
            json.WriteString("creationTimestamp", JsonReport.Time(time));
        if (labels?.Any() == true)
            WriteMap(json, "labels", labels);
        if (!isReconciled)
            annotation = new("rbac.authorization.kubernetes.io/autoupdate", "false");
        if (annotation is { } only)
            WriteMap(json, "annotations", [only]);
        if (kind != "Secret")
            json.WriteEndObject();
    }

    /// <summary>Texts by name, as a property; as an element of a list without one.</summary>
    public static void WriteMap(Utf8JsonWriter json, string? property, IEnumerable<KeyValuePair<string, string>> map)
    {
        if (property is not null)
            json.WritePropertyName(property);
        json.WriteStartObject();
        foreach (var (key, value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    static void WriteNamespace(Utf8JsonWriter json, Namespace ns)
    {
        Start(json, "v1", "Namespace", "", ns.Name, ns.PodSecurity is { } level ? [new("pod-security.kubernetes.io/enforce", level)] : null);
        json.WriteEndObject();
    }

    static void WriteNode(Utf8JsonWriter json, Node node)
    {
        KeyValuePair<string, string>[] labels = node.IsControlPlane ? [new("node-role.kubernetes.io/control-plane", "")] : [];
        Start(json, "v1", "Node", "", node.Name, labels);
        json.WriteStartObject("status");
        json.WriteStartObject("nodeInfo");
        json.WriteString("kubeletVersion", node.KubeletVersion ?? "");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteWebhook(Utf8JsonWriter json, WebhookConfiguration webhook)
    {
        Start(json, "admissionregistration.k8s.io/v1", webhook.Kind, "", webhook.Name);
        json.WriteStartArray("webhooks");
        foreach (var name in webhook.FailingOpen)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("failurePolicy", "Ignore");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
