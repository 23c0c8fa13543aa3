using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Reports;

/// <summary>A pod or pod template with nothing but what access depends on.</summary>
static class WorkloadWriter
{
    public static void Write(Utf8JsonWriter json, Workload workload)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", ApiVersion(workload.Kind));
        json.WriteString("kind", workload.Kind);
        WriteMetadata(json, workload);
        string[] path = workload.Kind switch
        {
            "Pod" => ["spec"],
            "CronJob" => ["spec", "jobTemplate", "spec", "template", "spec"],
            _ => ["spec", "template", "spec"],
        };
        foreach (var property in path)
            json.WriteStartObject(property);
        WriteSpec(json, workload);
        foreach (var _ in path)
            json.WriteEndObject();
        json.WriteEndObject();
    }

    static string ApiVersion(string kind) => kind switch
    {
        "Pod" or "ReplicationController" => "v1",
        "Job" or "CronJob" => "batch/v1",
        "DeploymentConfig" => "apps.openshift.io/v1",
        _ => "apps/v1",
    };

    static void WriteMetadata(Utf8JsonWriter json, Workload workload)
    {
        json.WriteStartObject("metadata");
        json.WriteString("name", workload.Name);
        json.WriteString("namespace", workload.Namespace);
        if (workload.Owner?.Split('/', 2) is [var kind, var name])
        {
            json.WriteStartArray("ownerReferences");
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("name", name);
            json.WriteBoolean("controller", value: true);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteSpec(Utf8JsonWriter json, Workload workload)
    {
        json.WriteString("serviceAccountName", workload.ServiceAccount);
        if (workload.Automount is { } automount)
            json.WriteBoolean("automountServiceAccountToken", automount);
        if (workload.Node is { } node)
            json.WriteString("nodeName", node);
        if (workload.Host.HasFlag(HostAccess.Pid))
            json.WriteBoolean("hostPID", value: true);
        if (workload.Host.HasFlag(HostAccess.Network))
            json.WriteBoolean("hostNetwork", value: true);
        if (workload.IsNonRoot)
        {
            json.WriteStartObject("securityContext");
            json.WriteBoolean("runAsNonRoot", value: true);
            json.WriteEndObject();
        }

        WriteContainer(json, workload);
        WriteVolumes(json, workload);
    }

    // One container stands for all of them.
    static void WriteContainer(Utf8JsonWriter json, Workload workload)
    {
        if (!workload.Host.HasFlag(HostAccess.Privileged) && workload.Capabilities.IsEmpty && workload.ReadOnlyHostPaths.IsEmpty && !workload.IsNonRoot)
            return;
        json.WriteStartArray("containers");
        json.WriteStartObject();
        json.WriteString("name", "pruned");
        json.WriteStartObject("securityContext");
        if (workload.Host.HasFlag(HostAccess.Privileged))
            json.WriteBoolean("privileged", value: true);
        json.WriteStartObject("capabilities");
        json.WriteStartArray("add");
        foreach (var capability in workload.Capabilities)
            json.WriteStringValue(capability);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        WriteMounts(json, workload);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static void WriteMounts(Utf8JsonWriter json, Workload workload)
    {
        if (workload.ReadOnlyHostPaths.IsEmpty)
            return;
        json.WriteStartArray("volumeMounts");
        foreach (var (number, path) in workload.HostPaths.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", $"host-{number}");
            json.WriteString("mountPath", path);
            json.WriteBoolean("readOnly", workload.ReadOnlyHostPaths.Contains(path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteVolumes(Utf8JsonWriter json, Workload workload)
    {
        if (workload.SecretVolumes.IsEmpty && !workload.ProjectsToken && !workload.Host.HasFlag(HostAccess.Path))
            return;
        json.WriteStartArray("volumes");
        foreach (var (number, secret) in workload.SecretVolumes.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", $"secret-{number}");
            json.WriteStartObject("secret");
            json.WriteString("secretName", secret);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (workload.ProjectsToken)
            WriteProjectedToken(json, workload);
        foreach (var (number, path) in workload.HostPaths.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", $"host-{number}");
            json.WriteStartObject("hostPath");
            json.WriteString("path", path);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteProjectedToken(Utf8JsonWriter json, Workload workload)
    {
        json.WriteStartObject();
        json.WriteString("name", "token");
        json.WriteStartObject("projected");
        json.WriteStartArray("sources");
        json.WriteStartObject();
        json.WriteStartObject("serviceAccountToken");
        json.WriteString("path", "token");
        if (workload.TokenAudience is { } audience)
            json.WriteString("audience", audience);
        if (workload.TokenSeconds is { } seconds)
            json.WriteNumber("expirationSeconds", seconds);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
