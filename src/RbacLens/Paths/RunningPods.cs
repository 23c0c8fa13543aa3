using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>The pods of a snapshot: what runs, with whose tokens, and on which node.</summary>
/// <remarks>
/// What runs on a node is what the input shows there. A pod that waits for a node, and a workload that has no pods now, is on none, unless the
/// input says of no pod where it runs: then all of them run somewhere. A DaemonSet is on all nodes.
/// </remarks>
sealed class RunningPods(Snapshot snapshot, MountedTokens mounted, Predicate<Subject.ServiceAccount> isGone)
{
    readonly bool kubeletAsksForAny = snapshot.Cluster.Release is { } release && release < new KubernetesVersion(1, 33);
    OrderedDictionary<string, Running[]>? running;

    /// <summary>Whether the input holds any workloads. Without them every account is taken to run in some pod.</summary>
    public bool KnowsPods { get; } = !snapshot.Workloads.IsEmpty;

    /// <summary>Whether the input says where any pod runs.</summary>
    public bool KnowsPlaces { get; } = snapshot.Workloads.Any(workload => workload.Node is not null);

    /// <summary>What runs, by namespace and name: pods, and workloads without any.</summary>
    public IEnumerable<Running> Pods => ByNamespace.Values.SelectMany(pods => pods);

    /// <summary>The namespaces in which anything runs, sorted.</summary>
    public IEnumerable<string> Namespaces => ByNamespace.Keys;

    /// <summary>What runs in a namespace, by name.</summary>
    public IReadOnlyList<Running> PodsIn(string @namespace) => ByNamespace.GetValueOrDefault(@namespace) ?? [];

    /// <summary>Looks at all of them now, which is done otherwise when one is asked for.</summary>
    public void Prepare() => _ = ByNamespace;

    OrderedDictionary<string, Running[]> ByNamespace => running ??= AllRunning();

    /// <summary>What people made: a pod of a Deployment is spoken of as the Deployment.</summary>
    public IEnumerable<Running> TopLevel => mounted.TopLevel.Where(workload => !workload.IsIdle).Select(Describe);

    /// <summary>One of them; null where there is none of this name.</summary>
    public Running? TopLevelOf(Target made)
    {
        topLevel ??= TopLevel.DistinctBy(TargetOf).ToDictionary(TargetOf);
        return topLevel.GetValueOrDefault(made);

        static Target TargetOf(Running running) => new(running.Workload.Kind, running.Workload.Namespace, running.Workload.Name);
    }

    Dictionary<Target, Running>? topLevel;

    /// <summary>The running pods of these names.</summary>
    public IEnumerable<Running> PodsNamed(Scope scope, ImmutableArray<string> names)
    {
        if (!scope.IsCluster)
            return PodsIn(scope.Namespace).Where(pod => pod.PodName is { } name && names.Contains(name));
        podsByName ??= Pods.Where(pod => pod.PodName is not null).ToLookup(pod => pod.Workload.Name, StringComparer.Ordinal);
        return names.SelectMany(name => podsByName[name]);
    }

    ILookup<string, Running>? podsByName;

    /// <summary>Workloads of a scope that run no pods since they were scaled to zero, with their resource, as their pods will be.</summary>
    public IEnumerable<(string Plural, Running Pod)> Stopped(Scope scope)
    {
        stopped ??= mounted.TopLevel.Where(workload => workload is { IsIdle: true, Owner: null } && ScalablePluralOf(workload.Kind) is not null)
            .OrderBy(workload => workload.Namespace, StringComparer.Ordinal).ThenBy(workload => workload.Kind, StringComparer.Ordinal).ThenBy(workload => workload.Name, StringComparer.Ordinal)
            .Select(workload => (Plural: ScalablePluralOf(workload.Kind)!, Pod: Describe(workload)))
            .ToLookup(entry => entry.Pod.Workload.Namespace, StringComparer.Ordinal);
        return scope.IsCluster ? stopped.SelectMany(pods => pods) : stopped[scope.Namespace];
    }

    ILookup<string, (string Plural, Running Pod)>? stopped;

    // A Job that is done and a CronJob that is suspended are not started by a number.
    static string? ScalablePluralOf(string kind) => kind switch
    {
        "Deployment" => "deployments",
        "StatefulSet" => "statefulsets",
        "ReplicaSet" => "replicasets",
        "ReplicationController" => "replicationcontrollers",
        _ => null,
    };

    /// <summary>Whether a controller starts it anew elsewhere when it is deleted: not what runs on every node, nor what nobody made again.</summary>
    public static bool IsMovable(Running pod) => pod.Workload.Kind == "Pod"
        ? pod.Workload.Owner is { } owner && !owner.StartsWith("DaemonSet/", StringComparison.Ordinal) && !owner.StartsWith("Node/", StringComparison.Ordinal)
        : pod.Workload.Kind != "DaemonSet";

    /// <summary>Where a pod runs: a node; <c>*</c> for a DaemonSet, which runs on all of them; empty where that is not known.</summary>
    public static string NodeOf(Running pod) => pod.Node;

    static string NodeOf(Workload workload) => workload switch
    {
        { Node: { } node } => node,
        { Kind: "DaemonSet" } => "*",
        { Owner: { } owner } when owner.StartsWith("DaemonSet/", StringComparison.Ordinal) => "*",
        _ => "",
    };

    /// <summary>The pods that run on this node; <c>*</c> for any. What runs on all of them is all that is known of one that is not known.</summary>
    public IEnumerable<Running> PodsOn(string node)
    {
        byNode ??= new(Pods.ToArray(), NodeOf);
        return node == "*" ? KnowsPlaces ? byNode.All.Where(pod => pod.Node.Length > 0) : byNode.All
            : node.Length == 0 ? byNode["*"]
            : byNode[node].Concat(byNode["*"]);
    }

    Grouped<Running>? byNode;

    /// <summary>The nodes that containers of what people made run on, by its pods; where it would, without any.</summary>
    public IEnumerable<string> NodesOf(Running made)
    {
        if (made.Workload.Kind == "Pod")
            return [made.Node];
        var nodes = PlacesByMaker[(made.Workload.Namespace, $"{made.Workload.Kind}/{made.Workload.Name}")].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return nodes.Count > 0 ? nodes : [made.Node];
    }

    ILookup<(string Namespace, string Maker), string> PlacesByMaker => byMaker ??= snapshot.Workloads
        .Where(workload => workload is { Kind: "Pod", Owner: not null, IsIdle: false })
        .ToLookup(pod => (pod.Namespace, MakerOf(pod)), NodeOf);

    ILookup<(string Namespace, string Maker), string>? byMaker;

    // A Deployment makes pods by way of a ReplicaSet, a CronJob by way of a Job.
    string MakerOf(Workload pod) => owners.Value.GetValueOrDefault((pod.Namespace, pod.Owner!), pod.Owner!);

    readonly Lazy<Dictionary<(string Namespace, string Owned), string>> owners = new(() =>
    {
        var found = new Dictionary<(string Namespace, string Owned), string>();
        foreach (var workload in snapshot.Workloads)
            if (workload is { Kind: not "Pod", Owner: { } owner })
                found.TryAdd((workload.Namespace, $"{workload.Kind}/{workload.Name}"), owner);
        return found;
    });

    /// <summary>The account an intruder on its node gets hold of by a pod, besides those whose tokens the pod holds; null for none.</summary>
    /// <remarks>
    /// The kubelet may ask for a token of any account that runs on its node, mounted or not; from 1.33 only for audiences that the pod asks for
    /// (ServiceAccountNodeAudienceRestriction).
    /// </remarks>
    public Subject.ServiceAccount? OnNode(Running pod) =>
        kubeletAsksForAny && !pod.Workload.IsMirror && new Subject.ServiceAccount(pod.Workload.Namespace, pod.Workload.ServiceAccount) is var own && !isGone(own) ? own : null;

    /// <summary>Whether these resources are workloads that Kubernetes knows.</summary>
    public static bool AreWorkloads(Names plurals)
    {
        foreach (var plural in plurals.AsSpan())
            if (!IsWorkload(plural))
                return false;
        return true;
    }

    /// <summary>Whether this resource is one.</summary>
    public static bool IsWorkload(string plural) => KindOf(plural) is not null;

    /// <summary>A workload of this resource that a permission can change.</summary>
    /// <param name="plural">As in rules: <c>deployments</c>.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="names">Those the permission is limited to; empty for any.</param>
    /// <returns>Its name; null where there is none; the empty string where nothing can be said.</returns>
    public string? WorkloadOf(string plural, string @namespace, ImmutableArray<string> names)
    {
        if (!KnowsPods || KindOf(plural) is not { } kind)
            return names.IsEmpty ? "" : names[0];
        string? first = null;
        foreach (var workload in controllers.Value[@namespace])
            if (workload.Kind == kind && (names.IsEmpty || names.Contains(workload.Name)) && (first is null || string.CompareOrdinal(workload.Name, first) < 0))
                first = workload.Name;
        return first;
    }

    readonly Lazy<Grouped<Workload>> controllers = new(() => new([.. snapshot.Workloads.Where(workload => workload.Kind != "Pod")], workload => workload.Namespace));

    static string? KindOf(string plural) => plural switch
    {
        "deployments" => "Deployment",
        "daemonsets" => "DaemonSet",
        "statefulsets" => "StatefulSet",
        "replicasets" => "ReplicaSet",
        "replicationcontrollers" => "ReplicationController",
        "jobs" => "Job",
        "cronjobs" => "CronJob",
        _ => null,
    };

    OrderedDictionary<string, Running[]> AllRunning()
    {
        var all = new List<Workload>(snapshot.Workloads.Length);
        foreach (var workload in snapshot.Workloads)
            if (workload is { Kind: "Pod", IsIdle: false })
                all.Add(workload);
        foreach (var workload in mounted.TopLevel)
            if (workload is { Kind: not "Pod", IsIdle: false })
                all.Add(workload);
        var sharing = new Grouped<Workload>(all, workload => workload.Namespace);
        var namespaces = sharing.Keys.Order(StringComparer.Ordinal).ToArray();
        var described = namespaces.AsParallel().AsOrdered().WithExecutionMode(ParallelExecutionMode.ForceParallelism).Select(@namespace => RunningIn(sharing[@namespace])).ToArray();
        return new(namespaces.Zip(described, KeyValuePair.Create), StringComparer.Ordinal);
    }

    // What is done does not speak for what is yet to come.
    Running[] RunningIn(ArraySegment<Workload> sharing)
    {
        var makers = sharing.Any(workload => workload.Kind != "Pod") ? MakersIn(sharing) : [];
        Running? before = null;
        return
        [
            .. from workload in sharing.OrderBy(workload => workload.Name, StringComparer.Ordinal)
               where workload.Kind == "Pod" || !makers.Contains($"{workload.Kind}/{workload.Name}")
               select before = Describe(workload, before),
        ];
    }

    // Neighbours are often made by the same.
    HashSet<string> MakersIn(ArraySegment<Workload> sharing)
    {
        var makers = new HashSet<string>(StringComparer.Ordinal);
        string? before = null;
        foreach (var workload in sharing)
            if (workload is { Kind: "Pod", Owner: { } owner } && owner != before)
            {
                makers.Add(MakerOf(workload));
                before = owner;
            }

        return makers;
    }

    Running Describe(Workload workload) => Describe(workload, null);

    // Pods of one controller stand side by side, and hold the same.
    Running Describe(Workload workload, Running? before) => new(
        workload,
        before is not null && HoldAlike(before.Workload, workload) ? before.Accounts : AccountsOf(workload),
        Escape.Of(workload) ?? EscapeByLogs(workload),
        NodeOf(workload));

    static bool HoldAlike(Workload one, Workload other) =>
        one.ServiceAccount == other.ServiceAccount && one.Automount == other.Automount && one.ProjectsToken == other.ProjectsToken
        && one.TokenAudience == other.TokenAudience && one.IsMirror == other.IsMirror
        && one.SecretVolumes.AsSpan().SequenceEqual(other.SecretVolumes.AsSpan()) && one.SecretVariables.AsSpan().SequenceEqual(other.SecretVariables.AsSpan());

    ImmutableArray<(Subject.ServiceAccount Account, string How)> AccountsOf(Workload workload)
    {
        var accounts = ImmutableArray.CreateBuilder<(Subject.ServiceAccount, string)>(1);
        foreach (var (account, how) in mounted.Of(workload))
            if (!IsForOthers(workload, how) && new Subject.ServiceAccount(workload.Namespace, account) is var holds && !isGone(holds))
                accounts.Add((holds, how));
        return accounts.DrainToImmutable();
    }

    // A link in the directory of logs leads the kubelet, which serves them as root, to any file of the node.
    string? EscapeByLogs(Workload workload) =>
        Escape.WritesLogs(workload) && MayReadLogs(workload) ? "mounts the logs of its node, and its account may have the kubelet read them" : null;

    bool MayReadLogs(Workload workload)
    {
        var identity = Identity.Of(new Subject.ServiceAccount(workload.Namespace, workload.ServiceAccount));
        return mounted.Of(workload).Any(token => token.Account == workload.ServiceAccount)
            && authorizer.Value.Decide(identity, new AccessRequest.Resource("get", "", "nodes", "log", "", workload.Node ?? "")).Allowed;
    }

    readonly Lazy<Authorizer> authorizer = new(() => new(snapshot.Roles, snapshot.Bindings));

    // The API server refuses a token made for another audience, unless it was set up to accept that one.
    static bool IsForOthers(Workload workload, string how) => workload.TokenAudience is not null && how.StartsWith("projected", StringComparison.Ordinal);
}
