using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// A pod's spec, wherever a kind keeps it: <c>spec</c>, <c>spec.template.spec</c> or <c>spec.jobTemplate.spec.template.spec</c>.
/// Values of environment variables, commands, probes and the like are passed over unparsed.
/// </summary>
sealed class PodSpecReader
{
    readonly PodVolumes volumes = new();
    readonly PodContainers containers = new();
    string account = "";
    Piece legacyAccount;
    string? node;
    bool? automount;
    HostAccess host;
    bool? podNonRoot;
    bool isStopped;
    string phase = "";
    bool isDone;

    public void Start()
    {
        (phase, isDone) = ("", false);
        StartSpec();
    }

    // Its status may come first.
    void StartSpec()
    {
        volumes.Start();
        containers.Start();
        (account, legacyAccount, node, automount, host) = ("", default, null, null, HostAccess.None);
        (podNonRoot, isStopped) = (null, false);
    }

    public Workload Workload(string kind, string ns, string name, string? owner, bool isMirror) =>
        new(kind, ns, name, account.Length > 0 ? account : "default", automount, volumes.ProjectsToken, owner)
        {
            SecretVolumes = volumes.Secrets.Count == 0 ? [] : [.. volumes.Secrets],
            SecretVariables = containers.Secrets.Count == 0 ? [] : [.. containers.Secrets.Distinct().Order(StringComparer.Ordinal)],
            IsIdle = isStopped || isDone || phase is "Succeeded" or "Failed" || (phase == "Pending" && node is null),
            Host = host | volumes.Host | containers.Host,
            HostPaths = volumes.HostPaths.Count == 0 ? [] : [.. volumes.HostPaths.Where(volume => containers.Mount(volume.Volume)).Select(volume => volume.Path).Order(StringComparer.Ordinal)],
            ReadOnlyHostPaths = volumes.HostPaths.Count == 0 ? [] : [.. volumes.HostPaths.Where(volume => containers.OnlyRead(volume.Volume)).Select(volume => volume.Path).Order(StringComparer.Ordinal)],
            IsNonRoot = containers.AreNonRoot(podNonRoot == true),
            Capabilities = containers.Capabilities.Count == 0 ? [] : [.. containers.Capabilities.Distinct().Order(StringComparer.Ordinal)],
            TokenAudience = volumes.TokenAudience,
            TokenSeconds = volumes.TokenSeconds,
            Node = node,
            IsMirror = isMirror,
        };

    public void ReadSpec(ref JsonCursor json)
    {
        StartSpec();
        Read(ref json, "spec");
        // "serviceAccount" is the old spelling; both are kept in step by the API server.
        if (account.Length == 0)
            account = json.String(legacyAccount);
        if (volumes.HostPaths.Count > 0)
            containers.NameMounts(ref json);
    }

    /// <summary>Whether a pod or Job is done; nothing else of its status is looked at.</summary>
    public void ReadStatus(ref JsonCursor json)
    {
        (phase, isDone) = ("", false);
        if (!json.EntersObject("status"))
            return;
        while (json.NextProperty())
        {
            if (json.Is("phase"u8) && json.Read())
                phase = json.String("status.phase");
            else if (json.Is("completionTime"u8) && json.Read())
            {
                isDone |= json.Token == JsonTokenType.String;
                json.Skip();
            }
            else if (json.Read())
                json.Skip();
        }
    }

    void Read(ref JsonCursor json, string place)
    {
        if (!json.EntersObject(place))
            return;
        while (json.NextProperty())
            ReadProperty(ref json);
    }

    void ReadProperty(ref JsonCursor json)
    {
        if ((json.Is("template"u8) || json.Is("jobTemplate"u8)) && json.Read())
            ReadTemplate(ref json);
        else if (json.Is("serviceAccountName"u8) && json.Read())
            account = json.String("serviceAccountName");
        else if (json.Is("serviceAccount"u8) && json.Read())
            legacyAccount = json.Piece("serviceAccount");
        else if (json.Is("automountServiceAccountToken"u8) && json.Read())
            automount = json.Boolean("automountServiceAccountToken");
        else if (json.Is("nodeName"u8) && json.Read())
            node = json.String("nodeName") is { Length: > 0 } name ? name : null;
        else if (json.Is("suspend"u8) && json.Read())
            isStopped |= json.Boolean("suspend") == true;
        else if (json.Is("replicas"u8) && json.Read())
        {
            if (json.Token == JsonTokenType.Number)
                isStopped |= json.Integer("replicas") == 0;
            else
                json.Skip();
        }
        else if (json.Is("hostPID"u8) && json.Read())
            host |= json.Boolean("hostPID") == true ? HostAccess.Pid : HostAccess.None;
        else if (json.Is("hostNetwork"u8) && json.Read())
            host |= json.Boolean("hostNetwork") == true ? HostAccess.Network : HostAccess.None;
        else if (json.Is("securityContext"u8) && json.Read())
            podNonRoot = PodContainers.ReadUser(ref json, "securityContext");
        else if (json.Is("volumes"u8) && json.Read())
            volumes.Read(ref json);
        else if ((json.Is("containers"u8) || json.Is("initContainers"u8) || json.Is("ephemeralContainers"u8)) && json.Read())
            containers.Read(ref json);
        else if (json.Read())
            json.Skip();
    }

    void ReadTemplate(ref JsonCursor json)
    {
        if (!json.EntersObject("template"))
            return;
        while (json.NextProperty())
        {
            if (json.Is("spec"u8) && json.Read())
                Read(ref json, "template.spec");
            else if (json.Read())
                json.Skip();
        }
    }
}
