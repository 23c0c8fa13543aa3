using System.Text.Json;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads of a pod, or of a template of pods, as whom it runs and how it is separated from its node.</summary>
static class PodBody
{
    static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    // Each of them is enough to reach the node or its other processes from a container (man 7 capabilities).
    static readonly HashSet<string> ReachingOut =
        new(["ALL", "BPF", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The facts; null where the body describes no pods, or a patch changes nothing of interest.</summary>
    public static BodyFacts? Facts(Body body)
    {
        var owner = Template(body.Whole);
        var spec = BodyReader.Member(owner, "spec");
        var account = BodyReader.Text(BodyReader.Member(spec, "serviceAccountName"));
        if (account.Length == 0)
            account = BodyReader.Text(BodyReader.Member(spec, "serviceAccount"));
        var host = Host(spec);
        var below = Names.Of(PodBaseline.Breaches(owner).Distinct().Order(StringComparer.Ordinal));
        var probed = Names.Of(PodBaseline.ProbeHosts(spec).Distinct().Order(StringComparer.Ordinal));
        if (body.IsPart ? account.Length == 0 && host == HostAccess.None && below.IsEmpty && probed.IsEmpty : spec is null)
            return null;
        var about = BodyReader.Member(body.Whole, "metadata");
        return new()
        {
            IsMirror = BodyReader.Member(BodyReader.Member(about, "annotations"), "kubernetes.io/config.mirror") is not null,
            Owner = BodyReader.Elements(BodyReader.Member(about, "ownerReferences")).Select(by => $"{BodyReader.Text(BodyReader.Member(by, "kind"))} {BodyReader.Text(BodyReader.Member(by, "name"))}").FirstOrDefault() ?? "",
            RunsAs = body.IsPart && account.Length == 0 ? null : account,
            Host = host,
            HostPaths = Names.Of(BodyReader.Elements(BodyReader.Member(spec, "volumes")).Select(HostPath).Where(path => path.Length > 0).Distinct().Order(StringComparer.Ordinal)),
            BelowBaseline = below,
            ProbeHosts = probed,
        };
    }

    /// <summary>What holds the pod's spec: the body itself, or the template in it.</summary>
    static JsonElement Template(JsonElement body)
    {
        var spec = BodyReader.Member(body, "spec");
        return BodyReader.Member(BodyReader.Member(BodyReader.Member(spec, "jobTemplate") ?? body, "spec"), "template") ?? BodyReader.Member(body, "template") ?? body;
    }

    /// <summary>The containers of a pod, of all kinds.</summary>
    public static IEnumerable<JsonElement> Containers(JsonElement? spec) => ContainerLists.SelectMany(list => BodyReader.Elements(BodyReader.Member(spec, list)));

    /// <summary>The capabilities that containers are given, without <c>CAP_</c>.</summary>
    public static IEnumerable<string> Capabilities(JsonElement? spec) =>
        from container in Containers(spec)
        from added in BodyReader.Elements(BodyReader.Member(BodyReader.Member(BodyReader.Member(container, "securityContext"), "capabilities"), "add"))
        select Plain(BodyReader.Text(added));

    static HostAccess Host(JsonElement? spec)
    {
        var contexts = Containers(spec).Select(container => BodyReader.Member(container, "securityContext")).Append(BodyReader.Member(spec, "securityContext"));
        return If(HostAccess.Privileged, contexts.Any(IsPrivileged))
            | If(HostAccess.Pid, Is(spec, "hostPID"))
            | If(HostAccess.Network, Is(spec, "hostNetwork"))
            | If(HostAccess.Ipc, Is(spec, "hostIPC"))
            | If(HostAccess.Path, BodyReader.Elements(BodyReader.Member(spec, "volumes")).Any(volume => BodyReader.Member(volume, "hostPath") is not null))
            | If(HostAccess.Capabilities, Capabilities(spec).Any(ReachingOut.Contains));
    }

    static HostAccess If(HostAccess access, bool holds) => holds ? access : HostAccess.None;

    static bool Is(JsonElement? element, string name) => BodyReader.IsTrue(BodyReader.Member(element, name));

    // On Windows a container becomes a process of its host in another way.
    static bool IsPrivileged(JsonElement? context) => Is(context, "privileged") || Is(BodyReader.Member(context, "windowsOptions"), "hostProcess");

    // A socket or a device is another thing than a directory.
    static string HostPath(JsonElement volume)
    {
        var host = BodyReader.Member(volume, "hostPath");
        var (path, kind) = (BodyReader.Text(BodyReader.Member(host, "path")), BodyReader.Text(BodyReader.Member(host, "type")));
        return kind.Length == 0 || path.Length == 0 ? path : $"{path} ({kind})";
    }

    static string Plain(string capability) => capability.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? capability[4..] : capability;
}
