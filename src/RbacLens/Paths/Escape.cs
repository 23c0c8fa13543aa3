using RbacLens.Access;

namespace RbacLens.Paths;

/// <summary>Ways out of a container to its node (root on it, or the credentials of everything that runs there).</summary>
static class Escape
{
    // A module, a raw mount, or a file handle of the host's own disk.
    static readonly string[] Capabilities = ["ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH", "SYS_RAWIO"];

    /// <summary>How the workload's containers reach their node, as in "is privileged"; null where nothing says they can.</summary>
    public static string? Of(Workload workload)
    {
        if (workload.Host.HasFlag(HostAccess.Privileged))
            return "is privileged";
        // Neither the files that matter nor the sockets are anybody's but root's, and a capability that was added is only root's to use.
        if (workload.IsNonRoot)
            return null;
        foreach (var path in workload.HostPaths)
            if (HostPlaces.GiveAway(path, workload.ReadOnlyHostPaths.Contains(path)))
                return $"mounts {path} of its node";
        foreach (var capability in workload.Capabilities)
            if (Capabilities.Contains(capability))
                return capability == "ALL" ? "has all capabilities" : $"has the capability {capability}";
        return workload.Host.HasFlag(HostAccess.Pid) && workload.Capabilities.Contains("SYS_PTRACE")
            ? "may trace the processes of its node"
            : null;
    }

    /// <summary>Whether it can make links where the kubelet looks for logs.</summary>
    public static bool WritesLogs(Workload workload)
    {
        if (workload.IsNonRoot)
            return false;
        foreach (var path in workload.HostPaths)
            if (!workload.ReadOnlyHostPaths.Contains(path) && Plain(path) is "/var/log" or "/var/log/pods" or "/var/log/containers")
                return true;
        return false;
    }

    static string Plain(string path) => path.TrimEnd('/');
}
