using System.Globalization;
using System.Text.Json;

namespace RbacLens.Benchmarks;

/// <summary>
/// Writes a large cluster as kubectl would dump it: the same bytes for the same scale, with the fields that make real dumps large (managed
/// fields, environment variables, status) and the repetition that makes them compressible.
/// </summary>
static class ClusterGenerator
{
    const int Namespaces = 5_000;
    const int RolesAtFullScale = 10_000;
    const int BindingsAtFullScale = 20_000;
    const int AccountsAtFullScale = 50_000;
    const int AppsAtFullScale = 5_000;
    const int PodsAtFullScale = 100_000;

    static readonly string[][] Bodies =
    [
        ["get,list,watch", "", "pods,services,endpoints,configmaps"],
        ["get,list,watch,create,update,patch,delete", "apps", "deployments,statefulsets,replicasets"],
        ["create", "", "pods/exec"],
        ["get,list", "", "secrets"],
        ["get", "", "nodes,nodes/metrics"],
        ["*", "batch", "jobs,cronjobs"],
        ["update,patch", "coordination.k8s.io", "leases"],
        ["create", "", "serviceaccounts/token"],
    ];

    /// <summary>Writes the dump; a scale of 1 is some 300 MB.</summary>
    public static void Write(Stream output, double scale)
    {
        using var json = new Utf8JsonWriter(output, new() { Indented = true, IndentSize = 1, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("apiVersion", "v1");
        json.WriteStartArray("items");
        foreach (var (count, write) in new (int, Action<Utf8JsonWriter, int>)[]
        {
            (Namespaces, WriteNamespace), (RolesAtFullScale, WriteRole), (BindingsAtFullScale, WriteBinding),
            (AccountsAtFullScale, WriteAccount), (AppsAtFullScale, WriteDeployment), (AppsAtFullScale, WriteReplicaSet), (PodsAtFullScale, WritePod),
        })
        {
            for (var i = 0; i < count * scale; i++)
            {
                write(json, i);
                if (json.BytesPending > 1 << 20)
                    json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteString("kind", "List");
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", "");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static string NamespaceOf(int i) => $"team-{i % Namespaces:d4}";

    static string AppOf(int i) => $"app-{i % AppsAtFullScale}";

    static string ReplicaSetOf(int i) => $"{AppOf(i)}-7d9f8b6c5d";

    static void Start(Utf8JsonWriter json, string apiVersion, string kind, string? ns, string name, int i, string? owner = null)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", apiVersion);
        json.WriteString("kind", kind);
        json.WriteStartObject("metadata");
        json.WriteString("creationTimestamp", "2026-01-02T03:04:05Z");
        json.WriteStartObject("labels");
        json.WriteString("app.kubernetes.io/managed-by", "Helm");
        json.WriteString("app.kubernetes.io/instance", $"release-{i % 997}");
        json.WriteEndObject();
        WriteManagedFields(json);
        json.WriteString("name", name);
        if (ns is not null)
            json.WriteString("namespace", ns);
        if (owner?.Split('/') is [var ownerKind, var ownerName])
            json.WriteRawValueProperty("ownerReferences", $$"""[{"apiVersion":"apps/v1","blockOwnerDeletion":true,"controller":true,"kind":"{{ownerKind}}","name":"{{ownerName}}"}]""");
        json.WriteString("resourceVersion", (1_000_000 + i).ToString(CultureInfo.InvariantCulture));
        json.WriteString("uid", $"{i:x8}-0000-4000-8000-{i * 7919L:x12}");
        json.WriteEndObject();
    }

    static void WriteManagedFields(Utf8JsonWriter json)
    {
        json.WriteStartArray("managedFields");
        json.WriteRawValue("""{"apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app.kubernetes.io/managed-by":{},"f:app.kubernetes.io/instance":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{}}}}},"manager":"helm","operation":"Update","time":"2026-01-02T03:04:05Z"}""");
        json.WriteEndArray();
    }

    static void WriteNamespace(Utf8JsonWriter json, int i)
    {
        Start(json, "v1", "Namespace", null, NamespaceOf(i), i);
        json.WriteEndObject();
    }

    static void WriteRole(Utf8JsonWriter json, int i)
    {
        var isCluster = i % 20 == 0;
        Start(json, "rbac.authorization.k8s.io/v1", isCluster ? "ClusterRole" : "Role", isCluster ? null : NamespaceOf(i), $"role-{i}", i);
        json.WriteStartArray("rules");
        for (var k = 0; k < 3; k++)
        {
            var body = Bodies[(i + (k * 3)) % Bodies.Length];
            json.WriteStartObject();
            WriteList(json, "apiGroups", [body[1]]);
            WriteList(json, "resources", body[2].Split(','));
            if (i % 10 == k)
                WriteList(json, "resourceNames", [$"name-{i}"]);
            WriteList(json, "verbs", body[0].Split(','));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteList(Utf8JsonWriter json, string property, IEnumerable<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static void WriteBinding(Utf8JsonWriter json, int i)
    {
        var isCluster = i % 40 == 0;
        var toCluster = isCluster || i % 4 == 0;
        Start(json, "rbac.authorization.k8s.io/v1", isCluster ? "ClusterRoleBinding" : "RoleBinding", isCluster ? null : NamespaceOf(i), $"binding-{i}", i);
        json.WriteStartObject("roleRef");
        json.WriteString("apiGroup", "rbac.authorization.k8s.io");
        json.WriteString("kind", toCluster ? "ClusterRole" : "Role");
        json.WriteString("name", $"role-{(toCluster ? i % RolesAtFullScale / 20 * 20 : i % RolesAtFullScale)}");
        json.WriteEndObject();
        json.WriteStartArray("subjects");
        json.WriteStartObject();
        json.WriteString("kind", i % 7 == 0 ? "Group" : "ServiceAccount");
        json.WriteString("name", i % 7 == 0 ? $"group-{i % 211}" : $"account-{i % 10}");
        if (i % 7 != 0)
            json.WriteString("namespace", NamespaceOf(i));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteAccount(Utf8JsonWriter json, int i)
    {
        Start(json, "v1", "ServiceAccount", NamespaceOf(i), $"account-{i / Namespaces}", i);
        if (i % 3 == 0)
            json.WriteBoolean("automountServiceAccountToken", value: false);
        json.WriteEndObject();
    }

    static void WriteDeployment(Utf8JsonWriter json, int i)
    {
        Start(json, "apps/v1", "Deployment", NamespaceOf(i), AppOf(i), i);
        WriteTemplate(json, i);
    }

    static void WriteReplicaSet(Utf8JsonWriter json, int i)
    {
        Start(json, "apps/v1", "ReplicaSet", NamespaceOf(i), ReplicaSetOf(i), i, $"Deployment/{AppOf(i)}");
        WriteTemplate(json, i);
    }

    static void WriteTemplate(Utf8JsonWriter json, int i)
    {
        json.WriteStartObject("spec");
        json.WriteNumber("replicas", PodsAtFullScale / AppsAtFullScale);
        json.WriteStartObject("template");
        json.WriteStartObject("spec");
        WritePodSpec(json, i);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WritePod(Utf8JsonWriter json, int i)
    {
        Start(json, "v1", "Pod", NamespaceOf(i), $"{ReplicaSetOf(i)}-x{i:x5}", i, $"ReplicaSet/{ReplicaSetOf(i)}");
        json.WriteStartObject("spec");
        WritePodSpec(json, i);
        json.WriteString("nodeName", $"node-{i % 1000}");
        json.WriteRawValueProperty("volumes", $$$"""[{"name":"kube-api-access-{{{i:x5}}}","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"items":[{"key":"ca.crt","path":"ca.crt"}],"name":"kube-root-ca.crt"}},{"downwardAPI":{"items":[{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"},"path":"namespace"}]}}]}}]""");
        json.WriteEndObject();
        json.WriteRawValueProperty("status", $$"""{"conditions":[{"lastProbeTime":null,"lastTransitionTime":"2026-01-02T03:04:05Z","status":"True","type":"Ready"},{"lastProbeTime":null,"lastTransitionTime":"2026-01-02T03:04:05Z","status":"True","type":"PodScheduled"}],"hostIP":"10.0.{{i % 250}}.{{i / 250 % 250}}","phase":"Running","podIP":"10.1.{{i % 250}}.{{i / 250 % 250}}","podIPs":[{"ip":"10.1.{{i % 250}}.{{i / 250 % 250}}"}],"qosClass":"Burstable","startTime":"2026-01-02T03:04:05Z"}""");
        json.WriteEndObject();
    }

    static void WritePodSpec(Utf8JsonWriter json, int i)
    {
        json.WriteRawValueProperty("containers", $$$"""[{"env":[{"name":"DATABASE_URL","value":"postgres://db.{{{NamespaceOf(i)}}}.svc:5432/app"},{"name":"LOG_LEVEL","value":"info"},{"name":"FEATURES","value":"a,b,c,d,e,f,g"}],"image":"registry.example/team/app:{{{i % 100}}}","imagePullPolicy":"IfNotPresent","livenessProbe":{"failureThreshold":3,"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"},"periodSeconds":10,"successThreshold":1,"timeoutSeconds":1},"name":"app","ports":[{"containerPort":8080,"name":"http","protocol":"TCP"}],"resources":{"limits":{"memory":"256Mi"},"requests":{"cpu":"100m","memory":"256Mi"}},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"kube-api-access-{{{i:x5}}}","readOnly":true}]}]""");
        json.WriteString("dnsPolicy", "ClusterFirst");
        json.WriteString("restartPolicy", "Always");
        json.WriteString("serviceAccount", $"account-{i % 10}");
        json.WriteString("serviceAccountName", $"account-{i % 10}");
    }

    static void WriteRawValueProperty(this Utf8JsonWriter json, string property, string value)
    {
        json.WritePropertyName(property);
        json.WriteRawValue(value);
    }
}
