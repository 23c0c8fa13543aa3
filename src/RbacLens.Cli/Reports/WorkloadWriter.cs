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
        if (workload.Host.HasFlag(HostAccess.Privileged))
            json.WriteRaw("containers", """[{"name":"pruned","securityContext":{"privileged":true}}]""");
        WriteVolumes(json, workload);
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
        if (workload.Host.HasFlag(HostAccess.Path))
            json.WriteRawValue("""{"name":"host","hostPath":{"path":"/"}}""");
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

    static void WriteRaw(this Utf8JsonWriter json, string property, string value)
    {
        json.WritePropertyName(property);
        json.WriteRawValue(value);
    }
}
