using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// What of a pod the Pod Security standard <c>baseline</c> does not allow and that is no way out to the node by itself
/// (kubernetes.io/docs/concepts/security/pod-security-standards).
/// </summary>
static class PodBaseline
{
    static readonly HashSet<string> Capabilities = new(
        ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
        StringComparer.OrdinalIgnoreCase);

    // Those that count for their pod alone; newer releases allow more of them than older ones.
    static readonly HashSet<string> Sysctls = new(
        ["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
        StringComparer.Ordinal);

    static readonly HashSet<string> SeLinuxTypes = new(["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"], StringComparer.Ordinal);

    const string AppArmor = "container.apparmor.security.beta.kubernetes.io/";

    /// <summary>Each in a few words.</summary>
    /// <param name="pod">What holds the pod's <c>metadata</c> and <c>spec</c>.</param>
    public static IEnumerable<string> Breaches(JsonElement pod)
    {
        var spec = BodyReader.Member(pod, "spec");
        var context = BodyReader.Member(spec, "securityContext");
        var containers = PodBody.Containers(spec).ToList();
        var hasOwnUsers = BodyReader.Member(spec, "hostUsers") is { ValueKind: JsonValueKind.False };
        return OfPod(pod, context)
            .Concat(PodBody.Capabilities(spec).Where(capability => !Capabilities.Contains(capability)).Select(capability => $"capability {capability.ToUpperInvariant()}"))
            // With the host's network every port is one of the host, and the API server says so by itself.
            .Concat(BodyReader.IsTrue(BodyReader.Member(spec, "hostNetwork")) ? [] : containers.SelectMany(HostPorts))
            .Concat(containers.Select(container => BodyReader.Member(container, "securityContext")).SelectMany(linux => OfContext(linux, hasOwnUsers)))
            .Concat(OfContext(context, hasOwnUsers));
    }

    /// <summary>
    /// Hosts that probes and lifecycle hooks name (check <c>hostProbesAndHostLifecycle</c>, from 1.34): the kubelet asks there, from its node, for
    /// whoever wrote the pod.
    /// </summary>
    /// <param name="spec">The pod's <c>spec</c>.</param>
    public static IEnumerable<string> ProbeHosts(JsonElement? spec) =>
        from container in PodBody.Containers(spec)
        let hooks = BodyReader.Member(container, "lifecycle")
        from handler in Probes.Select(probe => BodyReader.Member(container, probe)).Concat(Hooks.Select(hook => BodyReader.Member(hooks, hook)))
        from action in Actions
        let host = BodyReader.Text(BodyReader.Member(BodyReader.Member(handler, action), "host"))
        where host.Length > 0
        select host;

    static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    static readonly string[] Hooks = ["postStart", "preStop"];
    static readonly string[] Actions = ["httpGet", "tcpSocket"];

    static IEnumerable<string> OfPod(JsonElement pod, JsonElement? context) =>
        BodyReader.Elements(BodyReader.Member(context, "sysctls"))
            .Select(sysctl => BodyReader.Text(BodyReader.Member(sysctl, "name")))
            .Where(name => !Sysctls.Contains(name))
            .Select(name => $"sysctl {name}")
            .Concat(BodyReader.Member(BodyReader.Member(pod, "metadata"), "annotations") is { ValueKind: JsonValueKind.Object } annotations
                && annotations.EnumerateObject().Any(annotation => annotation.Name.StartsWith(AppArmor, StringComparison.Ordinal) && BodyReader.Text(annotation.Value) == "unconfined")
                    ? ["AppArmor Unconfined"] : []);

    static IEnumerable<string> HostPorts(JsonElement container) =>
        from port in BodyReader.Elements(BodyReader.Member(container, "ports"))
        where BodyReader.Member(port, "hostPort") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value != 0
        select $"hostPort {BodyReader.Member(port, "hostPort")}";

    // With users of its own a pod may see all of /proc, as the standard has it from 1.35 on.
    static IEnumerable<string> OfContext(JsonElement? context, bool hasOwnUsers)
    {
        var linux = BodyReader.Member(context, "seLinuxOptions");
        return new[]
        {
            Told("procMount", context, "procMount", text => text is not ("" or "Default") && !hasOwnUsers),
            Told("seccomp", BodyReader.Member(context, "seccompProfile"), "type", text => text == "Unconfined"),
            Told("AppArmor", BodyReader.Member(context, "appArmorProfile"), "type", text => text == "Unconfined"),
            Told("SELinux type", linux, "type", text => !SeLinuxTypes.Contains(text)),
            Told("SELinux user", linux, "user", text => text.Length > 0),
            Told("SELinux role", linux, "role", text => text.Length > 0),
        }.OfType<string>();
    }

    static string? Told(string what, JsonElement? element, string name, Func<string, bool> isBelow) =>
        BodyReader.Text(BodyReader.Member(element, name)) is var text && isBelow(text) ? $"{what} {text}" : null;
}
