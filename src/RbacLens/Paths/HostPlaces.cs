using System.Collections.Immutable;

namespace RbacLens.Paths;

/// <summary>Which places of a node's disk give the node away to a container that has them mounted and runs as root.</summary>
static class HostPlaces
{
    // Reading them is enough: the tokens of all pods, the credentials of the kubelet or of the control plane, keys to log in with.
    static readonly ImmutableArray<Place> Credentials =
    [
        new("/etc/kubernetes/pki/**"), new("/etc/kubernetes/ssl/**"), new("/etc/kubernetes/*.conf"), new("/etc/kubernetes/kubeconfig"),
        new("/etc/kubernetes/*.kubeconfig"), new("/root/.ssh/**"), new("/root/.kube/**"), new("/home/*/.ssh/**"), new("/home/*/.kube/**"),
        new("/var/lib/kubelet/pods"), new("/var/lib/kubelet/pki/**"), new("/var/lib/kubelet/kubeconfig"), new("/var/lib/kubernetes/**"),
        new("/var/lib/minikube/certs/**"), new("/var/lib/etcd/**"), new("/etc/rancher/**"), new("/var/lib/rancher/*/server/**"), new("/var/lib/rancher/*/agent/*.kubeconfig"),
        new("/var/lib/docker"), new("/var/lib/containerd"), new("/var/lib/crio"), new("/var/lib/containers"), new("/run/containerd"), new("/run/crio"), new("/run/k3s"),
    ];

    // Writing them is a command as root: programs, modules, settings of the kernel, jobs, keys that log in.
    static readonly ImmutableArray<Place> Programs =
    [
        new("/bin/**"), new("/sbin/**"), new("/lib"), new("/lib/systemd/**"), new("/lib/modules/**"), new("/usr/bin/**"), new("/usr/sbin/**"), new("/usr/lib"),
        new("/usr/lib/systemd/**"), new("/usr/lib/modules/**"), new("/usr/local/bin/**"), new("/usr/local/sbin/**"), new("/usr/libexec/kubernetes/**"), new("/opt/cni/bin/**"),
        new("/boot/**"), new("/proc/sys/kernel/core_pattern"), new("/proc/sys/kernel/modprobe"), new("/etc/cron.d/**"), new("/etc/cron.hourly/**"), new("/etc/cron.daily/**"),
        new("/etc/cron.weekly/**"), new("/etc/cron.monthly/**"), new("/etc/crontab"), new("/var/spool/cron/**"), new("/etc/systemd/**"), new("/etc/kubernetes/manifests/**"),
        new("/etc/ssh/**"), new("/etc/ld.so.preload"), new("/etc/udev/rules.d/**"), new("/etc/modprobe.d/**"), new("/etc/containerd/**"), new("/etc/passwd"), new("/etc/shadow"),
        new("/etc/sudoers.d/**"), new("/etc/pam.d/**"), new("/root/.ssh/authorized_keys"), new("/home/*/.ssh/authorized_keys"),
    ];

    // Whoever talks to a runtime or to systemd starts what it likes, and needs no right to write for that.
    static readonly ImmutableArray<string> Sockets =
        ["docker.sock", "containerd.sock", "crio.sock", "dockershim.sock", "cri-dockerd.sock", "podman.sock", "system_bus_socket"];

    static readonly ImmutableArray<Place> SocketFolders = [new("/run/dbus"), new("/run/podman")];

    // What stands among credentials and is none.
    static readonly ImmutableArray<string> Public = ["*.crt", "*.pub", "authorized_keys", "known_hosts"];

    /// <summary>Whether a mount gives its node away.</summary>
    /// <param name="path">The path on the node, as in <c>/var/lib/kubelet</c>.</param>
    /// <param name="isReadOnly">Whether all that mount it do so to read only.</param>
    public static bool GiveAway(string path, bool isReadOnly)
    {
        var mount = Parts(path);
        if (mount is ["var", "run", ..])
            mount = mount[1..];
        return (Credentials.Any(place => place.IsGivenBy(mount)) && !(mount.Length > 0 && Public.Any(name => Place.Fits(name, mount[^1]))))
            || SocketFolders.Any(place => place.IsGivenBy(mount))
            || (mount.Length > 0 && Sockets.Contains(mount[^1]))
            || (!isReadOnly && Programs.Any(place => place.IsGivenBy(mount)));
    }

    static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A file or folder; <c>*</c> stands for any beginning of a name, and <c>/**</c> says that whatever lies within counts alone, too.</summary>
    sealed class Place(string pattern)
    {
        readonly string[] parts = Parts(pattern.EndsWith("/**", StringComparison.Ordinal) ? pattern[..^3] : pattern);
        readonly bool holdsMore = pattern.EndsWith("/**", StringComparison.Ordinal);

        /// <summary>Whether a mount has it: the place itself, a folder above it or something in it that counts alone.</summary>
        public bool IsGivenBy(string[] mount) =>
            (mount.Length <= parts.Length || holdsMore) && mount.Zip(parts).All(pair => Fits(pair.Second, pair.First));

        public static bool Fits(string pattern, string name) =>
            pattern[0] == '*' ? name.EndsWith(pattern[1..], StringComparison.Ordinal) : name == pattern;
    }
}
