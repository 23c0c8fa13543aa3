using System.Diagnostics;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Tells what is so about a deed.</summary>
sealed class Circumstances(AuditSurroundings surroundings, Accounts accounts, Superseded superseded)
{
    /// <summary>Whether it is so.</summary>
    public bool Hold(Circumstance circumstance, Deed deed) => circumstance switch
    {
        Circumstance.Allowed => deed.Outcome == Outcome.Allowed,
        Circumstance.Refused => deed.Outcome == Outcome.Refused,
        Circumstance.FailedRequest => deed is { Outcome: Outcome.Allowed, Code: >= 400 },
        Circumstance.RefusedLater => IsRefusedLater(deed),
        Circumstance.Fruitless => deed.Tail == Deed.DryRun || (deed is { Outcome: Outcome.Allowed, Code: >= 400 } && !IsRefusedLater(deed)),
        Circumstance.CrossNamespace => IsCrossNamespace(deed),
        Circumstance.SensitiveNamespace => surroundings.IsSensitive(deed.Namespace),
        Circumstance.ClusterWide => IsClusterWide(deed),
        Circumstance.Named => deed.ObjectName.Length > 0,
        Circumstance.OwnAccount => IsAboutItself(deed),
        Circumstance.ByServiceAccount => WellKnown.TryServiceAccount(deed.User.User) is not null,
        Circumstance.ByMasters => deed.User.Groups.Contains(WellKnown.Masters),
        Circumstance.ByNode => deed.User.IsNode,
        Circumstance.ByAnonymous => deed.User.User == WellKnown.Anonymous,
        Circumstance.Stock => surroundings.Stock.Explains(deed),
        Circumstance.StockInSystem => deed.Namespace == "kube-system" && surroundings.Stock.Explains(deed),
        Circumstance.Impersonated => deed.ActingAs is not null,
        Circumstance.AsMasters => deed.ActingAs?.Groups.Contains(WellKnown.Masters) ?? false,
        Circumstance.OldToken => deed.Credential != CredentialMark.None,
        Circumstance.LegacyToken => deed.Credential is CredentialMark.Legacy or CredentialMark.Invalidated,
        Circumstance.InvalidatedToken => deed.Credential == CredentialMark.Invalidated,
        Circumstance.WithoutBody => deed.Body is null,
        Circumstance.ForeignAddress => ForeignAddresses(deed).Any(),
        Circumstance.HostAccess => deed.Body is { Host: not HostAccess.None },
        Circumstance.BelowBaseline => deed.Body is { Host: not HostAccess.None } or { BelowBaseline.IsEmpty: false } || ProbeHosts(deed).Any(),
        Circumstance.GainsAccount => RunsAsAnother(deed) || MorePowerfulAccounts(deed).Any(),
        Circumstance.MorePowerfulAccount => MorePowerfulAccounts(deed).Any(),
        Circumstance.GivesEverything => accounts.GiveEverything(deed, superseded.Contains(deed)),
        Circumstance.GivesEverythingToday => accounts.GiveEverythingToday(deed, superseded.Contains(deed)),
        Circumstance.ClusterBinding => deed.Request is AccessRequest.Resource { Plural: "clusterrolebindings" },
        Circumstance.KubeletCommand => KubeletCommands.Any(path => deed.Tail.StartsWith(path, StringComparison.Ordinal)),
        Circumstance.ClimbingPath => IsClimbing(deed.Tail),
        Circumstance.KubeletReading => deed.Tail.Length > 0 && !IsClimbing(deed.Tail) && deed.Request.Verb == "get" && KubeletPath.Subresources(deed.Tail, fineGrained: true)[0] is not ("proxy" or "checkpoint"),
        Circumstance.PublicPath => deed.Request is AccessRequest.Path { Verb: "get" or "head" } asked && IsPublic(asked.Url),
        Circumstance.PartOfBody => deed.Body is { Changes.IsEmpty: false },
        Circumstance.WritesWildcard => deed.Body is { WritesWildcard: true },
        Circumstance.LeavesRights => deed.Body is { Touches: < Part.Rights },
        Circumstance.Removes => deed.Request.Verb is "delete" or "deletecollection",
        Circumstance.MirrorPod => deed.Body is { IsMirror: true } && deed.User.IsNode,
        Circumstance.DeniesCertificate => deed.Body is { IsDenial: true },
        Circumstance.ClientCertificate => deed.Body?.Signer is "kubernetes.io/kube-apiserver-client" or "kubernetes.io/legacy-unknown",
        _ => throw new UnreachableException(),
    };

    static readonly string[] KubeletCommands = ["/exec/", "/run/", "/attach/", "/portForward/", "/cri/"];

    // What system:public-info-viewer opens, its parts, and the keys that tokens of service accounts are signed with.
    static bool IsPublic(string path) => path is "/version" or "/version/" or "/.well-known/openid-configuration" or "/openid/v1/jwks"
        || HealthPaths.Any(health => path == health || path.StartsWith(health + "/", StringComparison.Ordinal));

    static readonly string[] HealthPaths = ["/healthz", "/livez", "/readyz"];

    static bool IsRefusedLater(Deed deed) => deed is { Outcome: Outcome.Allowed, Code: 403 };

    // The kubelet, and what stands between, may each see another path in it. A path may be encoded twice.
    static bool IsClimbing(string path) =>
        (path.Contains("..", StringComparison.Ordinal) && path.Split('/', '\\').Contains(".."))
        || path.Contains("%2e", StringComparison.OrdinalIgnoreCase);

    /// <summary>Addresses written to a pod's status that belong to no network of the cluster.</summary>
    public IEnumerable<string> ForeignAddresses(Deed deed) =>
        deed.Body?.PodAddresses.Where(address => AddressRange.IsAddress(address) && !surroundings.Networks.Any(range => range.Contains(address))) ?? [];

    /// <summary>Hosts that probes ask instead of the pod, where the Pod Security standard of the cluster's version does not allow it.</summary>
    public IEnumerable<string> ProbeHosts(Deed deed) =>
        deed.Body is { ProbeHosts.IsEmpty: false } body && !(surroundings.Cluster?.Cluster.Release < FirstWithProbeHosts) ? body.ProbeHosts : [];

    static readonly KubernetesVersion FirstWithProbeHosts = new(1, 34);

    /// <summary>
    /// Accounts that pods made by a deed run as and that may do what their maker may not. Where the log does not hold the body, the pods of
    /// a namespace that is not the maker's own run as one of that namespace's accounts, and any of these is named.
    /// </summary>
    public IEnumerable<Subject.ServiceAccount> MorePowerfulAccounts(Deed deed) =>
        deed.Body?.RunsAs is { } runsAs ? accounts.MorePowerful(deed.Effective, deed.Namespace, runsAs.Length == 0 ? "default" : runsAs)
        : IsCrossNamespace(deed) ? accounts.MorePowerful(deed.Effective, deed.Namespace, name: null)
        : [];

    /// <summary>The binding that a deed wrote, as it is today; null where today's says nothing of it.</summary>
    public Binding? BindingToday(Deed deed) => superseded.Contains(deed) ? null : accounts.BindingToday(deed);

    static bool IsCrossNamespace(Deed deed) =>
        deed.Namespace.Length > 0 && WellKnown.TryServiceAccount(deed.Effective.User) is { } account && account.Namespace != deed.Namespace;

    // A pod can only run as an account of its own namespace, so what is made elsewhere runs as somebody else even if the body is not known.
    static bool RunsAsAnother(Deed deed) =>
        WellKnown.TryServiceAccount(deed.Effective.User) is { } account && deed.Namespace.Length > 0
        && (account.Namespace != deed.Namespace || (deed.Body?.RunsAs is { Length: > 0 } runsAs && runsAs != account.Name && runsAs != "default"));

    static bool IsClusterWide(Deed deed) =>
        deed is { Namespace.Length: 0, ObjectName.Length: 0, Request: AccessRequest.Resource resource }
        && KnownResources.AreNamespaced(resource.ApiGroup, resource.Plural) != false;

    static bool IsAboutItself(Deed deed) =>
        WellKnown.TryServiceAccount(deed.Effective.User) is { } account && deed.Request is AccessRequest.Resource { Plural: "serviceaccounts" }
        && account.Namespace == deed.Namespace && account.Name == deed.ObjectName;
}
