using System.Collections.Immutable;
using RbacLens.Access;

namespace RbacLens.Upgrades;

/// <summary>The kubelets of a cluster by version; many changes begin with them, and not with the API server.</summary>
public sealed class Kubelets
{
    const int Named = 3;

    readonly ImmutableArray<(Node Node, KubernetesVersion? Release)> all;

    /// <summary>The kubelets of these nodes.</summary>
    public Kubelets(IEnumerable<Node> nodes) =>
        all = [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => (node, KubernetesVersion.TryParse(node.KubeletVersion)))];

    /// <summary>Whether there are nodes, and all of them tell their version.</summary>
    public bool AreKnown => !all.IsEmpty && all.All(kubelet => kubelet.Release is not null);

    /// <summary>How many nodes there are.</summary>
    public int Count => all.Length;

    /// <summary>Whether a kubelet is older than a release.</summary>
    public bool AnyBefore(KubernetesVersion release) => all.Any(kubelet => kubelet.Release < release);

    /// <summary>Those that are older than a release, in words: <c>2 of 5 are older: worker-1 v1.31.2, worker-2 v1.31.2</c>.</summary>
    public string Before(KubernetesVersion release) => Words([.. all.Where(kubelet => kubelet.Release < release)], "older");

    /// <summary>Nodes whose version is outside of what an API server supports (kubernetes.io/releases/version-skew-policy).</summary>
    /// <param name="server">The API server's release.</param>
    public IEnumerable<(Node Node, string Why)> OutOfSkew(KubernetesVersion server) =>
        from kubelet in all
        let release = kubelet.Release ?? server
        let allowed = release < new KubernetesVersion(1, 25) ? 2 : 3
        let why = release > server ? $"kubelet {kubelet.Node.KubeletVersion} is newer than the API server would be"
            : server.Minor - release.Minor > allowed ? $"kubelet {kubelet.Node.KubeletVersion} is {server.Minor - release.Minor} minor versions older than the API server would be; up to {allowed} are supported"
            : null
        where why is not null
        select (kubelet.Node, why);

    string Words(ImmutableArray<(Node Node, KubernetesVersion? Release)> some, string how)
    {
        var names = string.Join(", ", some.Take(Named).Select(kubelet => $"{kubelet.Node.Name} {kubelet.Node.KubeletVersion}"));
        return $"{some.Length} of {all.Length} {(some.Length == 1 ? "is" : "are")} {how}: {names}{(some.Length > Named ? ", …" : "")}";
    }
}
