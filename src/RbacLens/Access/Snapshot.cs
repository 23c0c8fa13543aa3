using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Everything collected at one moment. Every input becomes one, every analysis is a function of it.</summary>
public sealed record Snapshot
{
    /// <summary>Where it comes from.</summary>
    public required ClusterInfo Cluster { get; init; }

    /// <summary>When it was collected; for files without a note of it, when they were read.</summary>
    public required DateTimeOffset CollectedAt { get; init; }

    /// <summary>ClusterRoles and Roles.</summary>
    public ImmutableArray<Role> Roles { get; init; } = [];

    /// <summary>ClusterRoleBindings and RoleBindings.</summary>
    public ImmutableArray<Binding> Bindings { get; init; } = [];

    /// <summary>Service accounts that exist.</summary>
    public ImmutableArray<Account> Accounts { get; init; } = [];

    /// <summary>Pods, and everything that makes pods.</summary>
    public ImmutableArray<Workload> Workloads { get; init; } = [];

    /// <summary>Namespaces.</summary>
    public ImmutableArray<Namespace> Namespaces { get; init; } = [];

    /// <summary>Nodes.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>Secrets of type kubernetes.io/service-account-token; their data is never read.</summary>
    public ImmutableArray<TokenSecret> TokenSecrets { get; init; } = [];

    /// <summary>Admission webhook configurations.</summary>
    public ImmutableArray<WebhookConfiguration> Webhooks { get; init; } = [];

    /// <summary>Certificate signing requests; the API server forgets them within hours or days.</summary>
    public ImmutableArray<SigningRequest> SigningRequests { get; init; } = [];

    /// <summary>The resources that the API server serves; empty where it was not asked.</summary>
    public ImmutableArray<ResourceType> Types { get; init; } = [];

    /// <summary>The names of the API groups that the API server serves, the core group aside; null where it was not asked.</summary>
    public ImmutableSortedSet<string>? ApiGroups { get; init; }

    /// <summary>Whether the cluster serves an API group, as far as that is known.</summary>
    public bool Serves(string apiGroup) => ApiGroups is null || KnownResources.Serves(apiGroup) || ApiGroups.Contains(apiGroup);

    /// <summary>What could not be collected.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>Objects that were read, per kind.</summary>
    public ImmutableSortedDictionary<string, int> Counts { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Which manifest an object is in, by kind, namespace (empty for what has none) and name; empty for what no manifest says.</summary>
    public IReadOnlyDictionary<(string Kind, string Namespace, string Name), SourceLine> Sources { get; init; } =
        ImmutableDictionary<(string, string, string), SourceLine>.Empty;

    /// <summary>
    /// What a cluster would make of manifests: the roles and bindings that Kubernetes ships are there where the manifests do not bring their
    /// own, and aggregated ClusterRoles are filled in. A live cluster's stored rules need none of this.
    /// </summary>
    public Snapshot Applied(IEnumerable<Role> shippedRoles, IEnumerable<Binding> shippedBindings) => this with
    {
        Roles = [.. Aggregation.Resolve([.. Roles.UnionBy(shippedRoles, role => (role.Kind, role.Scope, role.Name))])],
        Bindings = [.. Bindings.UnionBy(shippedBindings, binding => (binding.Kind, binding.Scope, binding.Name))],
    };

    /// <summary>
    /// The cluster with these objects applied to it: what has the same kind, namespace and name is replaced, the rest stays. Aggregated
    /// ClusterRoles are filled in anew.
    /// </summary>
    public Snapshot Replaced(Snapshot by) => this with
    {
        Roles = [.. Aggregation.Resolve([.. by.Roles.UnionBy(Roles, role => (role.Kind, role.Scope, role.Name))])],
        Bindings = [.. by.Bindings.UnionBy(Bindings, binding => (binding.Kind, binding.Scope, binding.Name))],
        Accounts = [.. by.Accounts.UnionBy(Accounts, account => (account.Namespace, account.Name))],
        Workloads = [.. by.Workloads.UnionBy(Workloads, workload => (workload.Kind, workload.Namespace, workload.Name))],
        TokenSecrets = [.. by.TokenSecrets.UnionBy(TokenSecrets, secret => (secret.Namespace, secret.Name))],
        Gaps = Gaps.AddRange(by.Gaps.Where(gap => gap.Reason == Gap.Reasons.Malformed)),
    };

    /// <summary>Whether there is a namespace of that name, or anything in it.</summary>
    public bool Mentions(string @namespace) =>
        Namespaces.Any(ns => ns.Name == @namespace) || Accounts.Any(account => account.Namespace == @namespace)
        || Roles.Any(role => role.Scope.Namespace == @namespace) || Bindings.Any(binding => binding.Scope.Namespace == @namespace)
        || Workloads.Any(workload => workload.Namespace == @namespace);

    /// <summary>Whether all objects of a kind are here, so that one which is not does not exist.</summary>
    public bool IsComplete(string kind) => !Gaps.Any(gap => (gap.Kind == kind || gap.Kind == "*") && gap.Reason != Gap.Reasons.Contradicting);

    static readonly string[] LimitedKinds = ["Role", "RoleBinding", "ServiceAccount", "Pod", "Secret"];

    /// <summary>Only these namespaces, and what belongs to none: what a scan of a live cluster would read with them named.</summary>
    public Snapshot Within(IReadOnlyCollection<string> namespaces)
    {
        var names = namespaces.ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Roles = Roles.RemoveAll(role => !Keeps(role.Scope.Namespace)),
            Bindings = Bindings.RemoveAll(binding => !Keeps(binding.Scope.Namespace)),
            Accounts = Accounts.RemoveAll(account => !Keeps(account.Namespace)),
            Workloads = Workloads.RemoveAll(workload => !Keeps(workload.Namespace)),
            TokenSecrets = TokenSecrets.RemoveAll(secret => !Keeps(secret.Namespace)),
            Gaps = Gaps.AddRange(
                from kind in LimitedKinds
                select new Gap(kind, Gap.Reasons.Partial, $"{kind}: only of the namespaces {string.Join(", ", names.Order(StringComparer.Ordinal))}")),
        };

        bool Keeps(string @namespace) => @namespace.Length == 0 || names.Contains(@namespace);
    }
}

/// <summary>Where a snapshot comes from.</summary>
/// <param name="Context">The kubeconfig context, or the file that was read.</param>
/// <param name="Version">The API server's <c>gitVersion</c>; null where nothing says it.</param>
/// <param name="Source"><c>live</c>, <c>dump</c> or <c>manifests</c>; <c>kubeconfig</c> where no cluster was looked at.</param>
public sealed record ClusterInfo(string Context, string? Version, string Source)
{
    /// <summary>
    /// The UID of the namespace kube-system, by which clusters are told apart whatever they are called (as OpenTelemetry's
    /// <c>k8s.cluster.uid</c>); null where it was not read.
    /// </summary>
    public string? Uid { get; init; }

    /// <summary>Whether it is what a cluster is to become, and not what one holds.</summary>
    public bool IsManifests => Source == "manifests";

    /// <summary>The version as far as authorization depends on it; null when unknown.</summary>
    public KubernetesVersion? Release => KubernetesVersion.TryParse(Version);
}

/// <summary>A ServiceAccount object.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Automount"><c>automountServiceAccountToken</c>; null where it is silent.</param>
public sealed record Account(string Namespace, string Name, bool? Automount)
{
    /// <summary>As a binding would name it.</summary>
    public Subject.ServiceAccount Subject => new(Namespace, Name);

    /// <summary>When this object was made, to a second; null where nothing says it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The identity of a cloud that an annotation gives it; null for none.</summary>
    public CloudIdentity? CloudIdentity { get; init; }

    /// <summary>The names under <c>secrets</c>: tokens that Kubernetes generated before 1.24 are listed there, those made by hand are not.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];
}

/// <summary>What a service account stands for in the cloud that the cluster runs in.</summary>
/// <param name="Annotation">The annotation that says so, as in <c>eks.amazonaws.com/role-arn</c>.</param>
/// <param name="Name">The role, account or client of the cloud.</param>
public sealed record CloudIdentity(string Annotation, string Name);

/// <summary>A Namespace object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PodSecurity">The level of <c>pod-security.kubernetes.io/enforce</c>; null where nothing is enforced.</param>
public sealed record Namespace(string Name, string? PodSecurity);

/// <summary>A Node object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KubeletVersion">As the kubelet reports it; null when it does not.</param>
public sealed record Node(string Name, string? KubeletVersion)
{
    /// <summary>Whether its labels say that the control plane runs on it.</summary>
    public bool IsControlPlane { get; init; }
}

/// <summary>A pod, or an object with a pod template.</summary>
/// <param name="Kind">The Kubernetes kind: <c>Pod</c>, <c>Deployment</c>, …</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="ServiceAccount">The account its pods run as; <c>default</c> where nothing is said.</param>
/// <param name="Automount">The pod's <c>automountServiceAccountToken</c>; null where it is silent.</param>
/// <param name="ProjectsToken">Whether a projected volume asks for a service account token by hand.</param>
/// <param name="Owner">The controller that made it, as <c>Kind/name</c>; null for what people made.</param>
public sealed record Workload(
    string Kind, string Namespace, string Name, string ServiceAccount, bool? Automount, bool ProjectsToken, string? Owner)
{
    /// <summary>Names of Secrets that it mounts as volumes.</summary>
    public ImmutableArray<string> SecretVolumes { get; init; } = [];

    /// <summary>Names of Secrets whose values its containers have as environment variables.</summary>
    public ImmutableArray<string> SecretVariables { get; init; } = [];

    /// <summary>The audience the projected token is for; null for the API server's own.</summary>
    public string? TokenAudience { get; init; }

    /// <summary>The longest life, in seconds, that a projected token is asked for; null where none says it.</summary>
    public long? TokenSeconds { get; init; }

    /// <summary>What of its node it can get hold of by itself.</summary>
    public HostAccess Host { get; init; }

    /// <summary>Directories and sockets of the node that any of its containers mounts.</summary>
    public ImmutableArray<string> HostPaths { get; init; } = [];

    /// <summary>Those of them that every container which has them may only read.</summary>
    public ImmutableArray<string> ReadOnlyHostPaths { get; init; } = [];

    /// <summary>Whether no container may run as root.</summary>
    public bool IsNonRoot { get; init; }

    /// <summary>Linux capabilities that any of its containers is given, without <c>CAP_</c>; <c>ALL</c> for all of them.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>The node a pod runs on; null for templates and unscheduled pods.</summary>
    public string? Node { get; init; }

    /// <summary>Whether no container of it runs: a pod that is done or waits for a node, no replicas, a suspended CronJob or Job, a Job that is done.</summary>
    public bool IsIdle { get; init; }

    /// <summary>Whether it only shows a pod that a kubelet runs from its own files, which holds no token.</summary>
    public bool IsMirror { get; init; }
}

/// <summary>Ways in which a pod is not separated from its node.</summary>
[Flags]
public enum HostAccess
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A privileged container.</summary>
    Privileged = 1,

    /// <summary>The host's processes.</summary>
    Pid = 2,

    /// <summary>The host's network.</summary>
    Network = 4,

    /// <summary>A volume that is a directory of the host.</summary>
    Path = 8,

    /// <summary>The host's shared memory and semaphores.</summary>
    Ipc = 16,

    /// <summary>Capabilities that reach out of a container.</summary>
    Capabilities = 32,
}

/// <summary>A Secret that holds a token without expiry.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="ServiceAccount">The account it is for, from its annotation; null when that was not to be had.</param>
public sealed record TokenSecret(string Namespace, string Name, string? ServiceAccount)
{
    /// <summary>The label <c>kubernetes.io/legacy-token-last-used</c>, YYYY-MM-DD.</summary>
    public string? LastUsed { get; init; }

    /// <summary>The label <c>kubernetes.io/legacy-token-invalid-since</c>, YYYY-MM-DD.</summary>
    public string? InvalidSince { get; init; }
}

/// <summary>A MutatingWebhookConfiguration or ValidatingWebhookConfiguration.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="FailingOpen">The webhooks in it whose <c>failurePolicy</c> is <c>Ignore</c>.</param>
public sealed record WebhookConfiguration(string Kind, string Name, ImmutableArray<string> FailingOpen);
