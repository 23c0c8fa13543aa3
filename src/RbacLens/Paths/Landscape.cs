using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A pod, or the template of pods that are not there yet, with the accounts whose tokens are in it.</summary>
/// <param name="Workload">The pod or template.</param>
/// <param name="Accounts">The accounts whose tokens it holds, each with how.</param>
/// <param name="Escape">How it reaches its node; null where it does not.</param>
/// <param name="Node">Where it runs: a node; <c>*</c> for a DaemonSet, which runs on all of them; empty where that is not known.</param>
sealed record Running(Workload Workload, ImmutableArray<(Subject.ServiceAccount Account, string How)> Accounts, string? Escape, string Node)
{
    /// <summary>The pod's name; null for pods of a template, whose names are not known.</summary>
    public string? PodName => Workload.Kind == "Pod" ? Workload.Name : null;

    /// <summary>As in "pod web", "a pod of Deployment web".</summary>
    public string Words => Workload.Kind == "Pod" ? $"pod {Workload.Name}" : $"a pod of {Workload.Kind} {Workload.Name}";
}

/// <summary>What of a snapshot a path may lead through: accounts that exist, pods that run, nodes, tokens that lie in Secrets.</summary>
sealed class Landscape
{
    readonly HashSet<Subject.ServiceAccount>? existing;
    readonly HashSet<string> described;
    readonly Dictionary<string, string?> podSecurity;
    readonly Snapshot snapshot;
    readonly Stock stock;
    readonly bool kubeletAsksForAny;
    ILookup<string, Running>? running;

    public Landscape(Snapshot snapshot, Stock stock)
    {
        (this.snapshot, this.stock) = (snapshot, stock);
        Mounted = new(snapshot);
        kubeletAsksForAny = snapshot.Cluster.Release is { } release && release < new KubernetesVersion(1, 33);
        // A cluster always has accounts, so none means that they were not read.
        existing = snapshot.Accounts.IsEmpty && !IsManifests ? null : snapshot.Accounts.Select(account => account.Subject).ToHashSet();
        described = snapshot.Namespaces.Select(ns => ns.Name).Concat(snapshot.Accounts.Select(account => account.Namespace)).ToHashSet(StringComparer.Ordinal);
        podSecurity = snapshot.Namespaces.ToDictionary(ns => ns.Name, ns => ns.PodSecurity, StringComparer.Ordinal);
        KnowsPods = !snapshot.Workloads.IsEmpty;
        // Where the input says of no pod where it runs, all of them run somewhere.
        KnowsPlaces = snapshot.Workloads.Any(workload => workload.Node is not null);
    }

    /// <summary>Which workloads hold whose tokens.</summary>
    public MountedTokens Mounted { get; }

    /// <summary>Whether the input holds any workloads. Without them every account is taken to run in some pod.</summary>
    public bool KnowsPods { get; }

    /// <summary>Whether the input says where any pod runs.</summary>
    public bool KnowsPlaces { get; }

    /// <summary>Workloads by namespace; pods of one controller that are alike in everything that matters are there once.</summary>
    public ILookup<string, Running> Pods => running ??= AllRunning().ToLookup(pod => pod.Workload.Namespace, StringComparer.Ordinal);

    /// <summary>What people made: a pod of a Deployment is spoken of as the Deployment.</summary>
    public IEnumerable<Running> TopLevel => Mounted.TopLevel.Where(workload => !workload.IsIdle).Select(Describe);

    /// <summary>One of them; null where there is none of this name.</summary>
    public Running? TopLevelOf(Target made)
    {
        topLevel ??= TopLevel.DistinctBy(TargetOf).ToDictionary(TargetOf);
        return topLevel.GetValueOrDefault(made);

        static Target TargetOf(Running running) => new(running.Workload.Kind, running.Workload.Namespace, running.Workload.Name);
    }

    Dictionary<Target, Running>? topLevel;

    /// <summary>Whether the server's version is known, and so which of the ways that only some versions have.</summary>
    public bool KnowsRelease => snapshot.Cluster.Release is not null;

    /// <summary>Whether any node runs the control plane, or this one.</summary>
    public bool IsControlPlane(string node) => snapshot.Nodes.Any(known => known.IsControlPlane && (node == "*" || known.Name == node));

    /// <summary>Whether a case is about nothing but what Kubernetes itself serves.</summary>
    public static bool IsPlain(Case @case) => @case.All.All(question => question.ApiGroup == "*" || KnownResources.Serves(question.ApiGroup));

    /// <summary>
    /// Whether the cluster serves what a case asks for. Where its API groups are not known, roles tell: whoever installs custom resources brings
    /// roles that name their group, and a <c>*</c> is no sign of them. A case that names its controller is asked for its account instead.
    /// </summary>
    /// <param name="case">The case.</param>
    /// <param name="judged">Whose role is no sign: who may use what is not there shows only that somebody wrote a role.</param>
    public bool Serves(Case @case, Subject judged) => snapshot.ApiGroups is not null ? @case.AppliesTo(snapshot) : @case.Controller is not null || @case.All.All(question =>
        question.ApiGroup == "*" || KnownResources.Serves(question.ApiGroup) || IsNamedByOthers(question.ApiGroup, judged));

    bool IsNamedByOthers(string group, Subject judged)
    {
        namedBy ??= NamedGroups();
        return namedBy.TryGetValue(group, out var subjects) && (subjects.Count == 0 || subjects.Count > 1 || !subjects.Contains(judged));
    }

    // A role that is bound to nobody comes with the controller, as a rule: it adds to admin, edit or view.
    Dictionary<string, HashSet<Subject>> NamedGroups()
    {
        var named = new Dictionary<string, HashSet<Subject>>(StringComparer.Ordinal);
        var bound = snapshot.Bindings.ToLookup(binding => (binding.RoleRef.Kind, binding.RoleRef.Name));
        foreach (var role in snapshot.Roles)
        {
            var subjects = bound[(role.Kind, role.Name)].Where(binding => role.Scope.IsCluster || role.Scope == binding.Scope).SelectMany(binding => binding.Subjects).Select(subject => subject.Canonical).ToHashSet();
            foreach (var group in role.Rules.SelectMany(rule => rule.ApiGroups).Distinct().Where(group => !KnownResources.Serves(group)))
                if (!named.TryAdd(group, subjects))
                    named[group] = Together(named[group], subjects);
        }

        return named;
    }

    // An empty set stands for a role without subjects, which is sign enough, and so are two subjects.
    static HashSet<Subject> Together(HashSet<Subject> some, HashSet<Subject> more) => some.Count is 0 or > 1 ? some : more.Count == 0 ? more : [.. some, .. more];

    Dictionary<string, HashSet<Subject>>? namedBy;

    /// <summary>Whether Pod Security lets privileged pods start. Only labels show; the defaults of its admission plugin cannot be read.</summary>
    public bool AllowsPrivileged(string @namespace) => podSecurity.GetValueOrDefault(@namespace) is null or "privileged";

    /// <summary>A namespace in which privileged pods may start; the cluster's own first. Null where every namespace forbids it.</summary>
    public string? LaxNamespace => AllowsPrivileged("kube-system")
        ? "kube-system"
        : snapshot.Namespaces.Select(ns => ns.Name).Where(AllowsPrivileged).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>
    /// Whether there is such an account. Manifests describe the namespaces they bring, and tell nothing of others; every namespace has its
    /// <c>default</c>, and what ships has its accounts.
    /// </summary>
    public bool Exists(Subject.ServiceAccount account) =>
        existing is null || existing.Contains(account) || (IsManifests && (account.Name == "default" || !described.Contains(account.Namespace)));

    /// <summary>Whether an account can be made there: the namespace is listed, or anything is in it. Where none are listed, nothing is known.</summary>
    public bool HasNamespace(string name) =>
        snapshot.Namespaces.IsEmpty || podSecurity.ContainsKey(name) || name is "default" or "kube-system" or "kube-public" or "kube-node-lease" || snapshot.Mentions(name);

    /// <summary>Whether there is such an account, or Kubernetes ships the binding that names it.</summary>
    public bool Exists(Subject.ServiceAccount account, Binding binding) => Exists(account) || (IsManifests && stock.Ships(binding, account));

    /// <summary>Whether all that a hit rests on ships with Kubernetes, whose controllers lead everywhere anyway.</summary>
    public bool Ships(Hit hit) => hit.Grants.All(stock.Ships);

    /// <summary>Whether Kubernetes itself binds this account, which its own controllers use and no pod does.</summary>
    public bool IsController(Subject.ServiceAccount account) => (controllers ??= (from binding in snapshot.Bindings
                                                                                  from subject in binding.Subjects
                                                                                  where subject is Subject.ServiceAccount && stock.Ships(binding, subject)
                                                                                  select subject.Canonical).ToHashSet()).Contains(account);

    HashSet<Subject>? controllers;

    /// <summary>Existing accounts of these names: that of the namespace, or those of all.</summary>
    public IEnumerable<Subject.ServiceAccount> Named(Scope scope, ImmutableArray<string> names)
    {
        if (!scope.IsCluster)
            return names.Select(name => new Subject.ServiceAccount(scope.Namespace, name)).Where(Exists);
        accountsByName ??= Mentioned.Concat(from @namespace in GroupNamespaces select new Subject.ServiceAccount(@namespace, "default") into account where Exists(account) select account)
            .Distinct().ToLookup(account => account.Name, StringComparer.Ordinal);
        return names.SelectMany(name => accountsByName[name]);
    }

    /// <summary>Accounts of these names, whether or not they exist: nobody asks that before one is impersonated.</summary>
    public IEnumerable<Subject.ServiceAccount> Imaginable(Scope scope, ImmutableArray<string> names)
    {
        if (!scope.IsCluster)
            return names.Select(name => new Subject.ServiceAccount(scope.Namespace, name));
        boundByName ??= (from binding in snapshot.Bindings from subject in binding.Subjects select subject.Canonical).OfType<Subject.ServiceAccount>()
            .Distinct().ToLookup(account => account.Name, StringComparer.Ordinal);
        return names.SelectMany(name => boundByName[name].Concat(GroupNamespaces.Select(@namespace => new Subject.ServiceAccount(@namespace, name)))).Distinct();
    }

    ILookup<string, Subject.ServiceAccount>? boundByName;

    // Namespaces whose accounts hold something by their groups; with a group of all accounts any namespace will do.
    IEnumerable<string> GroupNamespaces => groupNamespaces ??=
    [
        .. (from binding in snapshot.Bindings
            from subject in binding.Subjects
            where subject is Subject.Group && subject.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal)
            select subject.Name[WellKnown.ServiceAccountsPrefix.Length..]).Append("default").Distinct().Order(StringComparer.Ordinal),
    ];

    ImmutableArray<string>? groupNamespaces;

    ILookup<string, Subject.ServiceAccount>? accountsByName;

    /// <summary>The first name a hit is limited to that an apply can make there; null where it is limited to none, or a pod has each.</summary>
    public string? FreeName(Hit hit) => hit.Names.FirstOrDefault(name =>
        hit.Scope.IsCluster || !hit.Case.All[0].Resources.Lists("pods") || !Pods[hit.Scope.Namespace].Any(pod => pod.PodName == name));

    /// <summary>The accounts that a controller runs as, sorted; none where it is not installed.</summary>
    public ImmutableArray<Subject.ServiceAccount> AccountsOf(Controller controller)
    {
        if (!byController.TryGetValue(controller, out var found))
            byController.Add(controller, found = [.. Mentioned.Where(account => controller.Is(account.Name)).OrderBy(account => account.Namespace, StringComparer.Ordinal).ThenBy(account => account.Name, StringComparer.Ordinal)]);
        return found;
    }

    readonly Dictionary<Controller, ImmutableArray<Subject.ServiceAccount>> byController = [];

    /// <summary>Accounts that exist or that bindings of what ships name.</summary>
    IEnumerable<Subject.ServiceAccount> Mentioned => snapshot.Accounts.Select(account => account.Subject)
        .Concat(from binding in snapshot.Bindings
                from subject in binding.Subjects
                let account = subject.Canonical as Subject.ServiceAccount
                where account is not null && Exists(account, binding)
                select account)
        .Distinct();

    /// <summary>Whether one of these mutating webhook configurations is there; any, where there are no names.</summary>
    public bool HasWebhook(ImmutableArray<string> names) =>
        snapshot.Webhooks.Any(webhook => webhook.Kind == "MutatingWebhookConfiguration" && (names.IsEmpty || names.Contains(webhook.Name)));

    /// <summary>The running pods of these names.</summary>
    public IEnumerable<Running> PodsNamed(Scope scope, ImmutableArray<string> names)
    {
        if (!scope.IsCluster)
            return Pods[scope.Namespace].Where(pod => pod.PodName is { } name && names.Contains(name));
        podsByName ??= Pods.SelectMany(pods => pods).Where(pod => pod.PodName is not null).ToLookup(pod => pod.Workload.Name, StringComparer.Ordinal);
        return names.SelectMany(name => podsByName[name]);
    }

    ILookup<string, Running>? podsByName;

    /// <summary>Token Secrets, by namespace.</summary>
    public ILookup<string, TokenSecret> Tokens => tokenSecrets ??= snapshot.TokenSecrets
        .Where(secret => secret.ServiceAccount is not null)
        .OrderBy(secret => secret.Name, StringComparer.Ordinal)
        .ToLookup(secret => secret.Namespace, StringComparer.Ordinal);

    ILookup<string, TokenSecret>? tokenSecrets;

    /// <summary>The token Secrets of these names.</summary>
    public IEnumerable<TokenSecret> TokensNamed(Scope scope, ImmutableArray<string> names) =>
        (scope.IsCluster ? Tokens.SelectMany(tokens => tokens) : Tokens[scope.Namespace]).Where(secret => names.Contains(secret.Name));

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
        byNode ??= Pods.SelectMany(pods => pods).ToLookup(NodeOf, StringComparer.Ordinal);
        return node == "*" ? byNode.Where(pods => pods.Key.Length > 0 || !KnowsPlaces).SelectMany(pods => pods)
            : node.Length == 0 ? byNode["*"]
            : byNode[node].Concat(byNode["*"]);
    }

    ILookup<string, Running>? byNode;

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
    string MakerOf(Workload pod)
    {
        makers ??= snapshot.Workloads.Where(workload => workload is { Kind: not "Pod", Owner: not null })
            .DistinctBy(workload => (workload.Namespace, workload.Kind, workload.Name))
            .ToDictionary(workload => (workload.Namespace, $"{workload.Kind}/{workload.Name}"), workload => workload.Owner!);
        return makers.GetValueOrDefault((pod.Namespace, pod.Owner!), pod.Owner!);
    }

    Dictionary<(string Namespace, string Owned), string>? makers;

    /// <summary>
    /// Whether it is a cluster of EKS, where the aws-auth config map may say which IAM identities are who: its version says so, or the roles that
    /// EKS itself brings are there.
    /// </summary>
    public bool IsEks => isEks ??= snapshot.Cluster.Version?.Contains("-eks-", StringComparison.Ordinal) == true
        || snapshot.Roles.Any(role => role.Name.StartsWith("eks:", StringComparison.Ordinal));

    bool? isEks;

    /// <summary>The accounts an intruder on its node gets hold of by a pod.</summary>
    /// <remarks>
    /// The kubelet may ask for a token of any account that runs on its node, mounted or not; from 1.33 only for audiences that the pod asks for
    /// (ServiceAccountNodeAudienceRestriction).
    /// </remarks>
    public IEnumerable<Subject.ServiceAccount> OnNode(Running pod)
    {
        foreach (var (account, _) in pod.Accounts)
            yield return account;
        if (kubeletAsksForAny && !pod.Workload.IsMirror)
            yield return new(pod.Workload.Namespace, pod.Workload.ServiceAccount);
    }

    /// <summary>Namespaces with workloads, sorted; those that are known, where none are.</summary>
    public IEnumerable<string> NamespacesWithWorkloads => withWorkloads ??=
    [
        .. (KnowsPods ? snapshot.Workloads.Select(workload => workload.Namespace) : described.Append("kube-system"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    ImmutableArray<string>? withWorkloads;

    /// <summary>Some namespace, to show a permission that holds in all.</summary>
    public string AnyNamespace => LaxNamespace ?? "default";

    /// <summary>Whether these resources are workloads that Kubernetes knows.</summary>
    public static bool AreWorkloads(Names plurals) => plurals.All(plural => KindOf(plural) is not null);

    /// <summary>A workload of this resource that a permission can change.</summary>
    /// <param name="plural">As in rules: <c>deployments</c>.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="names">Those the permission is limited to; empty for any.</param>
    /// <returns>Its name; null where there is none; the empty string where nothing can be said.</returns>
    public string? WorkloadOf(string plural, string @namespace, ImmutableArray<string> names)
    {
        if (!KnowsPods || KindOf(plural) is not { } kind)
            return names.IsEmpty ? "" : names[0];
        byKind ??= snapshot.Workloads.ToLookup(workload => $"{workload.Kind}/{workload.Namespace}", workload => workload.Name, StringComparer.Ordinal);
        return byKind[$"{kind}/{@namespace}"].Where(name => names.IsEmpty || names.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    ILookup<string, string>? byKind;

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

    bool IsManifests => snapshot.Cluster.Source == "manifests";

    IEnumerable<Running> AllRunning() => snapshot.Workloads
        .Where(workload => workload is { Kind: "Pod", IsIdle: false })
        .Concat(Mounted.TopLevel.Where(workload => workload is { Kind: not "Pod", IsIdle: false } && !HasPods(workload)))
        .GroupBy(workload => workload.Namespace, StringComparer.Ordinal)
        .OrderBy(sharing => sharing.Key, StringComparer.Ordinal)
        .SelectMany(sharing => sharing.OrderBy(workload => workload.Name, StringComparer.Ordinal))
        .Select(Describe);

    // What is done does not speak for what is yet to come.
    bool HasPods(Workload workload) => PlacesByMaker.Contains((workload.Namespace, $"{workload.Kind}/{workload.Name}"));

    Running Describe(Workload workload)
    {
        var accounts = ImmutableArray.CreateBuilder<(Subject.ServiceAccount, string)>(1);
        foreach (var (account, how) in Mounted.Of(workload))
            if (!IsForOthers(workload, how))
                accounts.Add((new(workload.Namespace, account), how));
        return new(workload, accounts.DrainToImmutable(), Escape.Of(workload) ?? EscapeByLogs(workload), NodeOf(workload));
    }

    // A link in the directory of logs leads the kubelet, which serves them as root, to any file of the node.
    string? EscapeByLogs(Workload workload) =>
        Escape.WritesLogs(workload) && MayReadLogs(workload) ? "mounts the logs of its node, and its account may have the kubelet read them" : null;

    bool MayReadLogs(Workload workload)
    {
        authorizer ??= new(snapshot.Roles, snapshot.Bindings);
        var identity = Identity.Of(new Subject.ServiceAccount(workload.Namespace, workload.ServiceAccount));
        return Mounted.Of(workload).Any(token => token.Account == workload.ServiceAccount)
            && authorizer.Decide(identity, new AccessRequest.Resource("get", "", "nodes", "log", "", workload.Node ?? "")).Allowed;
    }

    Authorizer? authorizer;

    // The API server refuses a token made for another audience, unless it was set up to accept that one.
    static bool IsForOthers(Workload workload, string how) => workload.TokenAudience is not null && how.StartsWith("projected", StringComparison.Ordinal);
}
