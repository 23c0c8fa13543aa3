using RbacLens.Access;

namespace RbacLens.Paths;

/// <summary>Ways out of a container to its node (root on it, or the credentials of everything that runs there).</summary>
static class Escape
{
    // Reading them is enough for the tokens of all pods or the kubelet's own, or writing them for commands as root.
    static readonly string[] Directories =
    [
        "/", "/etc", "/root", "/home", "/proc", "/var", "/var/lib", "/run", "/var/run", "/opt", "/usr", "/bin", "/sbin", "/lib", "/boot",
        "/etc/kubernetes", "/etc/cron.d", "/etc/systemd", "/etc/systemd/system", "/etc/ssh", "/root/.ssh", "/root/.kube", "/usr/bin",
        "/usr/local/bin", "/proc/sys", "/proc/sys/kernel", "/opt/cni/bin", "/var/lib/kubelet", "/var/lib/kubelet/pods", "/var/lib/kubelet/pki",
        "/var/lib/docker", "/var/lib/containerd", "/var/lib/etcd", "/var/lib/rancher", "/etc/rancher", "/var/spool/cron", "/run/containerd",
        "/var/run/containerd", "/run/k3s", "/var/run/crio", "/run/crio", "/var/lib/crio", "/var/lib/containers", "/etc/crontab",
    ];

    static readonly string[] Sockets = ["docker.sock", "containerd.sock", "crio.sock", "dockershim.sock", "cri-dockerd.sock"];

    // A module, a raw mount, or a file handle of the host's own disk.
    static readonly string[] Capabilities = ["ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH", "SYS_RAWIO"];

    /// <summary>How the workload's containers reach their node, as in "is privileged"; null where nothing says they can.</summary>
    public static string? Of(Workload workload)
    {
        if (workload.Host.HasFlag(HostAccess.Privileged))
            return "is privileged";
        if (workload.HostPaths.FirstOrDefault(IsDangerous) is { } path)
            return $"mounts {path} of its node";
        if (workload.Capabilities.FirstOrDefault(capability => Capabilities.Contains(capability)) is { } capability)
            return capability == "ALL" ? "has all capabilities" : $"has the capability {capability}";
        return workload.Host.HasFlag(HostAccess.Pid) && workload.Capabilities.Contains("SYS_PTRACE")
            ? "may trace the processes of its node"
            : null;
    }

    /// <summary>Whether it is where the kubelet looks for logs.</summary>
    public static bool IsLogs(string path) => Plain(path) is "/var/log" or "/var/log/pods" or "/var/log/containers";

    static string Plain(string path) => path.TrimEnd('/') is { Length: > 0 } plain ? plain : "/";

    static bool IsDangerous(string path)
    {
        var plain = Plain(path);
        return Directories.Contains(plain)
            || plain.StartsWith("/etc/kubernetes/", StringComparison.Ordinal)
            || Sockets.Any(socket => plain.EndsWith('/' + socket, StringComparison.Ordinal));
    }
}
