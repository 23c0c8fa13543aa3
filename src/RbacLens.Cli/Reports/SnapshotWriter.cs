using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>A snapshot as a <c>kind: List</c>: what kubectl understands, and what reading it again gives the same snapshot for.</summary>
static class SnapshotWriter
{
    const string RbacGroup = "rbac.authorization.k8s.io/v1";

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
            WriteRole(json, role);
        foreach (var binding in snapshot.Bindings)
            WriteBinding(json, binding);
        foreach (var ns in snapshot.Namespaces)
            WriteNamespace(json, ns);
        foreach (var node in snapshot.Nodes)
            WriteNode(json, node);
        foreach (var account in snapshot.Accounts)
            WriteAccount(json, account);
        foreach (var workload in snapshot.Workloads)
            WorkloadWriter.Write(json, workload);
        foreach (var secret in snapshot.TokenSecrets)
            WriteSecret(json, secret);
        foreach (var webhook in snapshot.Webhooks)
            WriteWebhook(json, webhook);
        foreach (var request in snapshot.SigningRequests)
            WriteSigningRequest(json, request);
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

        json.WriteStartArray("gaps");
        foreach (var gap in snapshot.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("kind", gap.Kind);
            json.WriteString("reason", gap.Reason);
            json.WriteString("detail", gap.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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
        bool isReconciled = true, KeyValuePair<string, string>? annotation = null)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", apiVersion);
        json.WriteString("kind", kind);
        json.WriteStartObject("metadata");
        json.WriteString("name", name);
        if (ns.Length > 0)
            json.WriteString("namespace", ns);
        if (labels?.Any() == true)
            WriteMap(json, "labels", labels);
        if (!isReconciled)
            annotation = new("rbac.authorization.kubernetes.io/autoupdate", "false");
        if (annotation is { } only)
            WriteMap(json, "annotations", [only]);
        if (kind != "Secret")
            json.WriteEndObject();
    }

    static void WriteMap(Utf8JsonWriter json, string? property, IEnumerable<KeyValuePair<string, string>> map)
    {
        if (property is not null)
            json.WritePropertyName(property);
        json.WriteStartObject();
        foreach (var (key, value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    static void WriteRole(Utf8JsonWriter json, Role role)
    {
        Start(json, RbacGroup, role.Kind, role.Scope.Namespace, role.Name, role.Labels, role.IsReconciled);
        if (!role.Aggregates.IsEmpty)
            WriteAggregation(json, role);
        WriteRules(json, role.Rules);
        json.WriteEndObject();
    }

    /// <summary>A role's rules, as Kubernetes writes them.</summary>
    public static void WriteRules(Utf8JsonWriter json, RuleSet rules)
    {
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            WriteNames(json, "verbs", rule.Verbs);
            WriteNames(json, "apiGroups", rule.ApiGroups);
            WriteNames(json, "resources", rule.Resources);
            WriteNames(json, "resourceNames", rule.ResourceNames);
            WriteNames(json, "nonResourceURLs", rule.NonResourceUrls);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteAggregation(Utf8JsonWriter json, Role role)
    {
        json.WriteStartObject("aggregationRule");
        json.WriteStartArray("clusterRoleSelectors");
        foreach (var selector in role.Aggregates)
        {
            json.WriteStartObject();
            WriteMap(json, "matchLabels", selector.MatchLabels);
            json.WriteStartArray("matchExpressions");
            foreach (var requirement in selector.MatchExpressions)
            {
                json.WriteStartObject();
                json.WriteString("key", requirement.Key);
                json.WriteString("operator", requirement.Operator);
                WriteNames(json, "values", requirement.Values);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteNames(Utf8JsonWriter json, string property, Names names)
    {
        if (names.IsEmpty)
            return;
        json.WriteStartArray(property);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    static void WriteBinding(Utf8JsonWriter json, Binding binding)
    {
        Start(json, RbacGroup, binding.Kind, binding.Scope.Namespace, binding.Name, isReconciled: binding.IsReconciled);
        json.WriteStartObject("roleRef");
        json.WriteString("apiGroup", "rbac.authorization.k8s.io");
        json.WriteString("kind", binding.RoleRef.Kind);
        json.WriteString("name", binding.RoleRef.Name);
        json.WriteEndObject();
        json.WriteStartArray("subjects");
        foreach (var subject in binding.Subjects)
        {
            json.WriteStartObject();
            json.WriteString("kind", subject.Kind);
            if (subject.NamespaceOrEmpty.Length > 0)
                json.WriteString("namespace", subject.NamespaceOrEmpty);
            json.WriteString("name", subject.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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

    static void WriteAccount(Utf8JsonWriter json, Account account)
    {
        Start(json, "v1", "ServiceAccount", account.Namespace, account.Name, annotation: account.CloudIdentity is { } cloud ? new(cloud.Annotation, cloud.Name) : null);
        if (account.Automount is { } automount)
            json.WriteBoolean("automountServiceAccountToken", automount);
        if (!account.Secrets.IsEmpty)
        {
            json.WriteStartArray("secrets");
            foreach (var secret in account.Secrets)
                WriteMap(json, null, [new("name", secret)]);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteSecret(Utf8JsonWriter json, TokenSecret secret)
    {
        var labels = new List<KeyValuePair<string, string>>();
        if (secret.LastUsed is { } used)
            labels.Add(new("kubernetes.io/legacy-token-last-used", used));
        if (secret.InvalidSince is { } since)
            labels.Add(new("kubernetes.io/legacy-token-invalid-since", since));
        Start(json, "v1", "Secret", secret.Namespace, secret.Name, labels);
        if (secret.ServiceAccount is { } account)
            WriteMap(json, "annotations", [new("kubernetes.io/service-account.name", account)]);
        json.WriteEndObject();
        json.WriteString("type", "kubernetes.io/service-account-token");
        json.WriteEndObject();
    }

    static void WriteSigningRequest(Utf8JsonWriter json, SigningRequest request)
    {
        Start(json, "certificates.k8s.io/v1", "CertificateSigningRequest", "", request.Name);
        json.WriteStartObject("spec");
        json.WriteString("signerName", request.Signer);
        json.WriteString("username", request.Requester);
        if (request.ExpirationSeconds is { } seconds)
            json.WriteNumber("expirationSeconds", seconds);
        json.WriteString("request", request.Request);
        json.WriteEndObject();
        json.WriteStartObject("status");
        json.WriteStartArray("conditions");
        foreach (var type in new[] { request.IsApproved ? "Approved" : "", request.IsRejected ? "Denied" : "" }.Where(type => type.Length > 0))
            WriteMap(json, null, [new("type", type)]);
        json.WriteEndArray();
        if (request.Certificate.Length > 0)
            json.WriteString("certificate", request.Certificate);
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
