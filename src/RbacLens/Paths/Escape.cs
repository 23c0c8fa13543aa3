using RbacLens.Access;

namespace RbacLens.Paths;

/// <summary>Ways out of a container to its node (root on it, or the credentials of everything that runs there).</summary>
static class Escape
{
    // Reading them is enough for the tokens of all pods, the kubelet's own credentials or those of the control plane.
    static readonly string[] Secrets =
    [
        "/", "/etc", "/root", "/home", "/var", "/var/lib", "/run", "/var/run", "/etc/kubernetes", "/etc/kubernetes/pki", "/root/.ssh", "/root/.kube", "/var/lib/kubelet",
        "/var/lib/kubelet/pods", "/var/lib/kubelet/pki", "/var/lib/docker", "/var/lib/containerd", "/var/lib/crio", "/var/lib/containers", "/var/lib/etcd",
        "/var/lib/rancher", "/etc/rancher", "/run/containerd", "/var/run/containerd", "/run/crio", "/var/run/crio", "/run/k3s",
    ];

    // Writing them is a command as root: programs, modules, settings of the kernel, jobs.
    static readonly string[] Programs =
    [
        "/proc", "/proc/sys", "/proc/sys/kernel", "/opt", "/opt/cni/bin", "/usr", "/usr/bin", "/usr/local/bin", "/bin", "/sbin", "/lib", "/boot",
        "/etc/cron.d", "/etc/crontab", "/etc/kubernetes/manifests", "/etc/systemd", "/etc/systemd/system", "/etc/ssh", "/var/spool/cron",
    ];

    static readonly string[] Sockets = ["docker.sock", "containerd.sock", "crio.sock", "dockershim.sock", "cri-dockerd.sock"];

    // A module, a raw mount, or a file handle of the host's own disk.
    static readonly string[] Capabilities = ["ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH", "SYS_RAWIO"];

    /// <summary>How the workload's containers reach their node, as in "is privileged"; null where nothing says they can.</summary>
    public static string? Of(Workload workload)
    {
        if (workload.Host.HasFlag(HostAccess.Privileged))
            return "is privileged";
        // Neither the files that matter nor the sockets are anybody's but root's.
        if (!workload.IsNonRoot && workload.HostPaths.FirstOrDefault(path => IsDangerous(path, workload.ReadOnlyHostPaths.Contains(path))) is { } path)
            return $"mounts {path} of its node";
        if (workload.Capabilities.FirstOrDefault(capability => Capabilities.Contains(capability)) is { } capability)
            return capability == "ALL" ? "has all capabilities" : $"has the capability {capability}";
        return workload.Host.HasFlag(HostAccess.Pid) && workload.Capabilities.Contains("SYS_PTRACE")
            ? "may trace the processes of its node"
            : null;
    }

    /// <summary>Whether it can make links where the kubelet looks for logs.</summary>
    public static bool WritesLogs(Workload workload) => !workload.IsNonRoot
        && workload.HostPaths.Any(path => !workload.ReadOnlyHostPaths.Contains(path) && Plain(path) is "/var/log" or "/var/log/pods" or "/var/log/containers");

    // Keys, and kubeconfigs: admin.conf, kubelet.conf and the like.
    static bool IsCredential(string plain) => plain.StartsWith("/etc/kubernetes/pki/", StringComparison.Ordinal)
        || (plain.StartsWith("/etc/kubernetes/", StringComparison.Ordinal) && plain.EndsWith(".conf", StringComparison.Ordinal));

    static string Plain(string path) => path.TrimEnd('/') is { Length: > 0 } plain ? plain : "/";

    static bool IsDangerous(string path, bool isReadOnly)
    {
        var plain = Plain(path);
        return Secrets.Contains(plain)
            || (!isReadOnly && Programs.Contains(plain))
            || IsCredential(plain)
            || Sockets.Any(socket => plain.EndsWith('/' + socket, StringComparison.Ordinal));
    }
}
