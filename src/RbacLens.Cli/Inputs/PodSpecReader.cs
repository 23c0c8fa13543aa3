using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// A pod's spec, wherever a kind keeps it: <c>spec</c>, <c>spec.template.spec</c> or <c>spec.jobTemplate.spec.template.spec</c>.
/// Values of environment variables, commands, probes and the like are passed over unparsed.
/// </summary>
sealed class PodSpecReader
{
    readonly List<string> secrets = [];
    readonly List<string> variables = [];
    readonly List<(string Volume, string Path)> hostPaths = [];
    readonly List<(string Volume, bool IsReadOnly)> mounts = [];
    readonly List<string> capabilities = [];
    string account = "";
    string legacyAccount = "";
    string? node;
    bool? automount;
    bool projectsToken;
    string? audience;
    long? tokenSeconds;
    HostAccess host;
    bool? podNonRoot;
    bool anyContainer;
    bool anyRoot;
    bool anyUnsaid;
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
        secrets.Clear();
        variables.Clear();
        hostPaths.Clear();
        mounts.Clear();
        capabilities.Clear();
        (account, legacyAccount, node, automount, projectsToken, host) = ("", "", null, null, false, HostAccess.None);
        (audience, tokenSeconds) = (null, null);
        (podNonRoot, anyContainer, anyRoot, anyUnsaid, isStopped) = (null, false, false, false, false);
    }

    public Workload Workload(string kind, string ns, string name, string? owner) =>
        new(kind, ns, name, AccountName, automount, projectsToken, owner)
        {
            SecretVolumes = secrets.Count == 0 ? [] : [.. secrets],
            SecretVariables = variables.Count == 0 ? [] : [.. variables.Distinct().Order(StringComparer.Ordinal)],
            IsIdle = isStopped || isDone || phase is "Succeeded" or "Failed" || (phase == "Pending" && node is null),
            Host = host,
            HostPaths = hostPaths.Count == 0 ? [] : [.. hostPaths.Where(IsMounted).Select(volume => volume.Path).Order(StringComparer.Ordinal)],
            ReadOnlyHostPaths = hostPaths.Count == 0 ? [] : [.. hostPaths.Where(IsReadOnly).Select(volume => volume.Path).Order(StringComparer.Ordinal)],
            IsNonRoot = anyContainer && !anyRoot && (podNonRoot == true || !anyUnsaid),
            Capabilities = capabilities.Count == 0 ? [] : [.. capabilities.Distinct().Order(StringComparer.Ordinal)],
            TokenAudience = audience,
            TokenSeconds = tokenSeconds,
            Node = node,
        };

    bool IsMounted((string Volume, string Path) volume) => mounts.Exists(mount => mount.Volume == volume.Volume);

    bool IsReadOnly((string Volume, string Path) volume) =>
        IsMounted(volume) && !mounts.Exists(mount => mount.Volume == volume.Volume && !mount.IsReadOnly);

    // "serviceAccount" is the old spelling; both are kept in step by the API server.
    string AccountName => account.Length > 0 ? account : legacyAccount.Length > 0 ? legacyAccount : "default";

    public void ReadSpec(ref JsonCursor json)
    {
        StartSpec();
        Read(ref json, "spec");
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
            legacyAccount = json.String("serviceAccount");
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
            podNonRoot = ReadUser(ref json, "securityContext");
        else if (json.Is("volumes"u8) && json.Read())
            ReadVolumes(ref json);
        else if ((json.Is("containers"u8) || json.Is("initContainers"u8) || json.Is("ephemeralContainers"u8)) && json.Read())
            ReadContainers(ref json);
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

    void ReadVolumes(ref JsonCursor json)
    {
        if (!json.EntersArray("volumes"))
            return;
        while (json.NextElement())
            if (json.EntersObject("volumes[]"))
            {
                var (volume, path) = ("", "");
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        volume = json.String("volumes[].name");
                    else
                        ReadVolume(ref json, ref path);
                }

                if (path.Length > 0)
                    hostPaths.Add((volume, path));
            }
    }

    void ReadVolume(ref JsonCursor json, ref string hostPath)
    {
        if (json.Is("hostPath"u8) && json.Read())
        {
            host |= json.Token == JsonTokenType.StartObject ? HostAccess.Path : HostAccess.None;
            hostPath = TextIn(ref json, "path"u8);
        }
        else if (json.Is("secret"u8) && json.Read())
        {
            if (TextIn(ref json, "secretName"u8) is { Length: > 0 } name)
                secrets.Add(name);
        }
        else if (json.Is("projected"u8) && json.Read())
            ReadProjected(ref json);
        else if (json.Read())
            json.Skip();
    }

    // What the admission controller injects for automount is a projected volume, too; its name says so (kube-api-access-…),
    // but names prove nothing: it is told apart by asking for the default 3607 seconds without an audience.
    void ReadProjected(ref JsonCursor json)
    {
        if (!json.EntersObject("volumes[].projected"))
            return;
        while (json.NextProperty())
        {
            var isSources = json.Is("sources"u8);
            if (json.Read() && isSources && json.EntersArray("volumes[].projected.sources"))
                while (json.NextElement())
                    ReadSource(ref json);
            else
                json.Skip();
        }
    }

    void ReadSource(ref JsonCursor json)
    {
        if (!json.EntersObject("volumes[].projected.sources[]"))
            return;
        while (json.NextProperty())
        {
            var (isToken, isSecret) = (json.Is("serviceAccountToken"u8), json.Is("secret"u8));
            if (!json.Read())
                return;
            if (isToken)
                ReadToken(ref json);
            else if (isSecret && json.Token == JsonTokenType.StartObject)
                AddSecret(TextIn(ref json, "name"u8), secrets);
            else
                json.Skip();
        }
    }

    void ReadToken(ref JsonCursor json)
    {
        var (seconds, wanted) = (0L, "");
        if (json.EntersObject("serviceAccountToken"))
            while (json.NextProperty())
            {
                if (json.Is("expirationSeconds"u8) && json.Read())
                    seconds = json.Integer("expirationSeconds");
                else if (json.Is("audience"u8) && json.Read())
                    wanted = json.String("audience");
                else if (json.Read())
                    json.Skip();
            }

        if (seconds == 3607 && wanted.Length == 0)
            return;
        if (seconds > (tokenSeconds ?? 0))
            tokenSeconds = seconds;
        // Of several tokens, one for the API server itself counts most.
        audience = wanted.Length == 0 || (projectsToken && audience is null) ? null : wanted;
        projectsToken = true;
    }

    void ReadContainers(ref JsonCursor json)
    {
        if (!json.EntersArray("containers"))
            return;
        while (json.NextElement())
            if (json.EntersObject("containers[]"))
                ReadContainer(ref json);
    }

    void ReadContainer(ref JsonCursor json)
    {
        bool? nonRoot = null;
        while (json.NextProperty())
        {
            if (json.Is("securityContext"u8) && json.Read())
                nonRoot = ReadSecurityContext(ref json);
            else if (json.Is("volumeMounts"u8) && json.Read())
                ReadMounts(ref json);
            else if (json.Is("env"u8) && json.Read())
                ReadReferences(ref json, "env", "valueFrom"u8, "secretKeyRef"u8);
            else if (json.Is("envFrom"u8) && json.Read())
                ReadReferences(ref json, "envFrom", "secretRef"u8, default);
            else if (json.Read())
                json.Skip();
        }

        anyContainer = true;
        anyRoot |= nonRoot == false;
        anyUnsaid |= nonRoot is null;
    }

    // Only the names of the Secrets are kept; values pass by unparsed.
    void ReadReferences(ref JsonCursor json, string place, ReadOnlySpan<byte> source, ReadOnlySpan<byte> within)
    {
        if (!json.EntersArray(place))
            return;
        while (json.NextElement())
            if (json.EntersObject(place))
                while (json.NextProperty())
                {
                    var isSource = json.Is(source);
                    if (!json.Read())
                        return;
                    if (!isSource || json.Token != JsonTokenType.StartObject)
                        json.Skip();
                    else if (within.IsEmpty)
                        AddSecret(TextIn(ref json, "name"u8), variables);
                    else
                        ReadKeyReference(ref json, place, within);
                }
    }

    void ReadKeyReference(ref JsonCursor json, string place, ReadOnlySpan<byte> reference)
    {
        if (!json.EntersObject(place))
            return;
        while (json.NextProperty())
        {
            var isReference = json.Is(reference);
            if (!json.Read())
                return;
            if (isReference && json.Token == JsonTokenType.StartObject)
                AddSecret(TextIn(ref json, "name"u8), variables);
            else
                json.Skip();
        }
    }

    static void AddSecret(string name, List<string> to)
    {
        if (name.Length > 0)
            to.Add(name);
    }

    void ReadMounts(ref JsonCursor json)
    {
        if (!json.EntersArray("volumeMounts"))
            return;
        while (json.NextElement())
        {
            var (volume, isReadOnly) = ("", false);
            if (json.EntersObject("volumeMounts[]"))
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        volume = json.String("volumeMounts[].name");
                    else if (json.Is("readOnly"u8) && json.Read())
                        isReadOnly = json.Boolean("volumeMounts[].readOnly") == true;
                    else if (json.Read())
                        json.Skip();
                }

            mounts.Add((volume, isReadOnly));
        }
    }

    /// <summary>Whether a security context forbids root; null where it says nothing about it.</summary>
    static bool? ReadUser(ref JsonCursor json, string place)
    {
        bool? nonRoot = null;
        if (json.EntersObject(place))
            while (json.NextProperty())
                if (!ReadUser(ref json, ref nonRoot) && json.Read())
                    json.Skip();
        return nonRoot;
    }

    // A user by number counts; runAsNonRoot: false forbids nothing, and names none.
    static bool ReadUser(ref JsonCursor json, ref bool? nonRoot)
    {
        if (json.Is("runAsUser"u8) && json.Read())
            nonRoot = json.Token == JsonTokenType.Number ? json.Integer("securityContext.runAsUser") != 0 : nonRoot;
        else if (json.Is("runAsNonRoot"u8) && json.Read())
            nonRoot = json.Boolean("securityContext.runAsNonRoot") == true ? true : nonRoot;
        else
            return false;
        return true;
    }

    bool? ReadSecurityContext(ref JsonCursor json)
    {
        bool? nonRoot = null;
        if (!json.EntersObject("securityContext"))
            return nonRoot;
        while (json.NextProperty())
        {
            if (json.Is("privileged"u8) && json.Read())
                host |= json.Boolean("securityContext.privileged") == true ? HostAccess.Privileged : HostAccess.None;
            else if (json.Is("capabilities"u8) && json.Read())
                ReadCapabilities(ref json);
            else if (!ReadUser(ref json, ref nonRoot) && json.Read())
                json.Skip();
        }

        return nonRoot;
    }

    void ReadCapabilities(ref JsonCursor json)
    {
        if (!json.EntersObject("securityContext.capabilities"))
            return;
        while (json.NextProperty())
        {
            var isAdded = json.Is("add"u8);
            if (json.Read() && isAdded && json.EntersArray("securityContext.capabilities.add"))
                while (json.NextElement())
                    capabilities.Add(Bare(json.String("securityContext.capabilities.add")));
            else
                json.Skip();
        }
    }

    // Container runtimes take both spellings.
    static string Bare(string capability) => capability.StartsWith("CAP_", StringComparison.Ordinal) ? capability[4..] : capability;

    static string TextIn(ref JsonCursor json, ReadOnlySpan<byte> property)
    {
        var text = "";
        if (json.EntersObject("a reference"))
            while (json.NextProperty())
            {
                if (json.Is(property) && json.Read())
                    text = json.String("a reference");
                else if (json.Read())
                    json.Skip();
            }

        return text;
    }
}
