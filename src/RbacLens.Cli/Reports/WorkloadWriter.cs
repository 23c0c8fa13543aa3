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
        foreach (var (depth, property) in path.Index())
        {
            json.WriteStartObject(property);
            if (depth == 0 && workload.IsIdle)
                WriteIdle(json, workload.Kind);
        }

        WriteSpec(json, workload);
        foreach (var _ in path)
            json.WriteEndObject();
        if (workload is { Kind: "Pod", IsIdle: true })
        {
            json.WriteStartObject("status");
            json.WriteString("phase", "Succeeded");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void WriteIdle(Utf8JsonWriter json, string kind)
    {
        if (kind is "Job" or "CronJob")
            json.WriteBoolean("suspend", value: true);
        else if (kind != "Pod")
            json.WriteNumber("replicas", 0);
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
        if (workload.IsMirror)
        {
            json.WriteStartObject("annotations");
            json.WriteString("kubernetes.io/config.mirror", "");
            json.WriteEndObject();
        }

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
        if (!workload.Host.HasFlag(HostAccess.Privileged) && workload.Capabilities.IsEmpty && workload.HostPaths.IsEmpty && workload.SecretVariables.IsEmpty && !workload.IsNonRoot)
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
        WriteEnvironment(json, workload);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static void WriteEnvironment(Utf8JsonWriter json, Workload workload)
    {
        if (workload.SecretVariables.IsEmpty)
            return;
        json.WriteStartArray("envFrom");
        foreach (var secret in workload.SecretVariables)
        {
            json.WriteStartObject();
            json.WriteStartObject("secretRef");
            json.WriteString("name", secret);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteMounts(Utf8JsonWriter json, Workload workload)
    {
        if (workload.HostPaths.IsEmpty)
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
        if (workload.Host.HasFlag(HostAccess.Path) && workload.HostPaths.IsEmpty)
            WriteUnmounted(json);
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

    static void WriteUnmounted(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", "unmounted");
        json.WriteStartObject("hostPath");
        json.WriteEndObject();
        json.WriteEndObject();
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
