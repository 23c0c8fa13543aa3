using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>
/// Fills the sets of a graph to which permissions lead, and puts accounts into their groups. Accounts that hold nothing by themselves or by
/// their groups are left out: they lead nowhere.
/// </summary>
sealed class Members(EscalationGraph graph, Landscape landscape)
{
    readonly Dictionary<string, List<Subject.ServiceAccount>> accounts = new(StringComparer.Ordinal);
    readonly List<Subject.ServiceAccount> missing = [];
    HashSet<string> namespacesOfGroups = [];
    List<Subject.User> kubelets = [];
    bool anyGroupOfAll;
    bool isBorrowed;

    /// <summary>Fills the sets, those that only sets lead to included.</summary>
    /// <param name="holders">Whom bindings name, with the first that does; sorted.</param>
    /// <param name="from">The first waypoint that is not filled yet.</param>
    public void Fill(IEnumerable<(Subject Subject, Binding? Binding)> holders, int from)
    {
        anyGroupOfAll = Holds(new Subject.Group(WellKnown.ServiceAccounts)) || Holds(new Subject.Group(WellKnown.Authenticated));
        namespacesOfGroups = graph.Waypoints.OfType<Waypoint.Identity>().Select(identity => identity.Subject).OfType<Subject.Group>()
            .Where(group => group.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal))
            .Select(group => group.Name[WellKnown.ServiceAccountsPrefix.Length..])
            .ToHashSet(StringComparer.Ordinal);
        kubelets = [.. graph.Waypoints.OfType<Waypoint.Identity>().Select(identity => identity.Subject).OfType<Subject.User>()
            .Where(user => WellKnown.IsKubelet(user.Name)).OrderBy(user => user.Name, StringComparer.Ordinal)];
        foreach (var (subject, binding) in holders)
            if (subject is Subject.ServiceAccount account && graph.Find(account) is not null)
                if (binding is null ? landscape.Exists(account) : landscape.Exists(account, binding))
                    In(account.Namespace).Add(account);
                else
                    missing.Add(account);
        // The list grows while it is walked.
        for (var number = from; number < graph.Waypoints.Count; number++)
        {
            var borrowed = graph.Waypoints[number] as Waypoint.Borrowed;
            isBorrowed = borrowed is not null;
            Fill(number, borrowed?.What ?? graph.Waypoints[number]);
        }
    }

    List<Subject.ServiceAccount> In(string @namespace)
    {
        if (!accounts.TryGetValue(@namespace, out var list))
            accounts.Add(@namespace, list = []);
        return list;
    }

    void Fill(int number, Waypoint waypoint)
    {
        switch (waypoint)
        {
            case Waypoint.Identity identity:
                Inherit(number, identity.Subject);
                break;
            case Waypoint.AccountsOf { Scope.IsCluster: true }:
                foreach (var @namespace in accounts.Keys.Concat(NamespacesOfGroups()).Distinct().Order(StringComparer.Ordinal))
                    Add(number, new Waypoint.AccountsOf(new(@namespace)));
                break;
            case Waypoint.UnseenPodsOf { Scope.IsCluster: true }:
                foreach (var @namespace in accounts.Keys.Concat(NamespacesOfGroups()).Distinct().Order(StringComparer.Ordinal))
                    Add(number, new Waypoint.UnseenPodsOf(new(@namespace)));
                break;
            case Waypoint.UnseenPodsOf set:
                FillAccounts(number, set.Scope.Namespace, account => !landscape.IsController(account));
                break;
            case Waypoint.PodTokensOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Running.Namespaces)
                    Add(number, new Waypoint.PodTokensOf(new(@namespace)));
                break;
            case Waypoint.PodTokensOf set:
                FillPods(number, landscape.Running.PodsIn(set.Scope.Namespace), withNodes: false);
                break;
            case Waypoint.AccountsOf set:
                FillAccounts(number, set.Scope.Namespace);
                break;
            case Waypoint.MissingAccountsOf set:
                foreach (var account in missing.Where(account => (set.Scope.IsCluster || account.Namespace == set.Scope.Namespace) && (!set.IsMade || landscape.HasNamespace(account.Namespace))))
                    Add(number, new Waypoint.Identity(account));
                break;
            case Waypoint.PodsOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Running.Namespaces)
                    Add(number, new Waypoint.PodsOf(new(@namespace)));
                break;
            case Waypoint.PodsOf set:
                FillPods(number, landscape.Running.PodsIn(set.Scope.Namespace));
                break;
            case Waypoint.Pod pod:
                FillPods(number, landscape.Running.PodsIn(pod.Namespace).Where(other => other.Workload.Name == pod.Name));
                break;
            case Waypoint.StoppedPodsOf set:
                FillPods(number, landscape.Running.Stopped(new(set.Namespace)).Where(stopped => stopped.Plural == set.Plural && stopped.Pod.Workload.Name == set.Name).Select(stopped => stopped.Pod));
                break;
            case Waypoint.NodesOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Running.Namespaces)
                    Add(number, new Waypoint.NodesOf(new(@namespace)));
                break;
            case Waypoint.NodesOf set when landscape.AllowsPrivileged(set.Scope.Namespace):
                foreach (var pod in landscape.Running.PodsIn(set.Scope.Namespace).DistinctBy(RunningPods.NodeOf))
                    Add(number, new Waypoint.Node(RunningPods.NodeOf(pod)), pod.PodName, pod.Words);
                break;
            case Waypoint.SecretsOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Tokens)
                    Add(number, new Waypoint.SecretsOf(new(@namespace.Key)));
                break;
            case Waypoint.SecretsOf set:
                FillSecrets(number, landscape.Tokens[set.Scope.Namespace]);
                break;
            case Waypoint.Secret secret:
                FillSecrets(number, landscape.Tokens[secret.Namespace].Where(token => token.Name == secret.Name));
                break;
            case Waypoint.RefilledSecretsOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Tokens)
                    Add(number, new Waypoint.RefilledSecretsOf(new(@namespace.Key)));
                break;
            case Waypoint.RefilledSecretsOf set when landscape.Tokens[set.Scope.Namespace].FirstOrDefault() is { } any:
                FillRefilled(number, any.Namespace, any.Name);
                break;
            case Waypoint.RefilledSecret secret:
                FillRefilled(number, secret.Namespace, secret.Name);
                break;
            case Waypoint.Users:
                AddIdentities(number, subject => subject is Subject.User { Name: not WellKnown.Anonymous });
                break;
            case Waypoint.Groups:
                Add(number, new Waypoint.Identity(new Subject.Group(WellKnown.Masters)));
                AddIdentities(number, subject => subject is Subject.Group { Name: not WellKnown.Unauthenticated });
                break;
            case Waypoint.Certificates:
                // Any signer of client certificates signs the name and group of a kubelet, too.
                Add(number, new Waypoint.NodeIdentities());
                AddIdentities(number, subject => subject is not (Subject.Group { Name: WellKnown.Masters or WellKnown.Unauthenticated } or Subject.User { Name: WellKnown.Anonymous }));
                break;
            case Waypoint.BootstrapGroups:
                AddIdentities(number, subject => subject is Subject.Group group && (group.Name == WellKnown.Bootstrappers || group.Name.StartsWith(WellKnown.Bootstrappers + ":", StringComparison.Ordinal)));
                break;
            case Waypoint.MovablePodsOf { Scope.IsCluster: true }:
                foreach (var @namespace in landscape.Running.Namespaces)
                    Add(number, new Waypoint.MovablePodsOf(new(@namespace)));
                break;
            case Waypoint.MovablePodsOf set:
                FillPods(number, landscape.Running.PodsIn(set.Scope.Namespace).Where(RunningPods.IsMovable), withNodes: false);
                break;
            case Waypoint.MovablePod pod:
                FillPods(number, landscape.Running.PodsNamed(new(pod.Namespace), [pod.Name]).Where(RunningPods.IsMovable), withNodes: false);
                break;
            case Waypoint.WithNode with:
                Add(number, new Waypoint.Identity(with.Account));
                break;
            case Waypoint.NodeIdentities node:
                FillNode(number, node.Name, isRoot: false);
                break;
            case Waypoint.Node node:
                FillNode(number, node.Name, isRoot: true);
                break;
        }
    }

    void Inherit(int number, Subject subject)
    {
        foreach (var group in Identity.Of(subject).Groups)
            if (group != subject.Name && graph.Find(new Subject.Group(group)) is { } known)
                graph.Add(new Edge(number, isBorrowed ? graph.Add(new Waypoint.Borrowed(graph.Waypoints[known])) : known, EdgeKind.Inherits));
        if (subject is Subject.Group { Name: WellKnown.Masters })
            graph.Add(new Edge(number, graph.Add(new Waypoint.End(Goal.ClusterAdmin)), EdgeKind.OnNode) { Rank = 20 });
    }

    void FillAccounts(int number, string @namespace, Predicate<Subject.ServiceAccount>? isMember = null)
    {
        foreach (var account in accounts.GetValueOrDefault(@namespace) ?? [])
            if (isMember?.Invoke(account) ?? true)
                Add(number, new Waypoint.Identity(account));
        var any = new Subject.ServiceAccount(@namespace, "default");
        // Nobody asks whether it exists before it is impersonated.
        if (GroupsHold(@namespace) && (isBorrowed || landscape.Exists(any)))
            Add(number, new Waypoint.Identity(any));
    }

    void FillPods(int number, IEnumerable<Running> pods, bool withNodes = true)
    {
        var (known, nodes) = (new HashSet<Subject>(), new HashSet<string>(StringComparer.Ordinal));
        Running? before = null;
        foreach (var pod in pods)
        {
            if (!pod.HoldsAs(before))
                foreach (var (account, _) in pod.Accounts)
                    if (known.Add(account) && Matters(account))
                        Add(number, new Waypoint.Identity(account), pod.PodName, pod.Words);
            before = pod;
            if (withNodes && pod.Escape is not null && nodes.Add(RunningPods.NodeOf(pod)))
                graph.Add(new Edge(number, graph.Add(new Waypoint.Node(RunningPods.NodeOf(pod))), EdgeKind.Member)
                {
                    Object = pod.PodName,
                    Within = pod.Words,
                    Namespace = pod.Workload.Namespace,
                    IsEscape = true,
                });
        }
    }

    void FillSecrets(int number, IEnumerable<TokenSecret> secrets)
    {
        foreach (var secret in secrets)
            if (new Subject.ServiceAccount(secret.Namespace, secret.ServiceAccount!) is var account && Matters(account))
                Add(number, new Waypoint.Identity(account), secret.Name, $"Secret {secret.Name}");
    }

    void FillRefilled(int number, string @namespace, string secret) =>
        Add(number, new Waypoint.AccountsOf(new(@namespace)), secret, $"Secret {secret}");

    void FillNode(int number, string node, bool isRoot)
    {
        Add(number, new Waypoint.End(Goal.Node));
        if (isRoot && node.Length > 0 && landscape.IsControlPlane(node))
            OnNode(number, new Waypoint.End(Goal.ClusterAdmin), null);
        foreach (var kubelet in KubeletsOf(node, isRoot))
            OnNode(number, Alike(new Waypoint.Identity(kubelet)), null);
        var known = new HashSet<Subject>();
        Running? before = null;
        foreach (var pod in landscape.Running.PodsOn(node))
        {
            if (!pod.HoldsAs(before))
                foreach (var (account, _) in pod.Accounts)
                    Find(account, pod);
            before = pod;
            if (landscape.Running.OnNode(pod) is { } own)
                Find(own, pod);
        }

        void Find(Subject.ServiceAccount account, Running pod)
        {
            if (known.Add(account) && Matters(account))
                foreach (var there in WithNode(account, node))
                    OnNode(number, there, pod);
        }
    }

    // Whoever has a node can do more with the accounts that move pods.
    List<Waypoint> WithNode(Subject.ServiceAccount account, string node)
    {
        Waypoint[] with = node == "*" ? [] : [new Waypoint.WithNode(account), new Waypoint.WithNode(account, node)];
        var known = with.Distinct().Where(way => graph.Find(way) is not null).ToList();
        return known.Count > 0 ? known : [new Waypoint.Identity(account)];
    }

    // A certificate may be for a node that is not there.
    IEnumerable<Subject> KubeletsOf(string node, bool isRoot)
    {
        var group = new Subject.Group(WellKnown.Nodes);
        if (Holds(group))
            yield return group;
        if (node == "*")
            foreach (var user in kubelets.Where(user => !isRoot || landscape.HasNode(user.Name[WellKnown.NodePrefix.Length..])))
                yield return user;
        else if (node.Length > 0 && new Subject.User(WellKnown.NodePrefix + node) is var own && graph.Find(own) is not null)
            yield return own;
    }

    void OnNode(int number, Waypoint to, Running? pod) => graph.Add(new Edge(number, graph.Add(to), EdgeKind.OnNode)
    {
        Within = pod?.Words,
        Namespace = pod?.Workload.Namespace,
        IsEscape = true,
        Rank = 10,
    });

    // Waypoints that are added meanwhile are not among those that hold anything.
    void AddIdentities(int number, Func<Subject, bool> isMember)
    {
        for (int other = 0, count = graph.Waypoints.Count; other < count; other++)
            if (graph.Waypoints[other] is Waypoint.Identity identity && isMember(identity.Subject))
                Add(number, identity);
    }

    void Add(int number, Waypoint member, string? @object = null, string? within = null) =>
        graph.Add(new Edge(number, graph.Add(Alike(member)), EdgeKind.Member) { Object = @object, Within = within });

    // Whoever acts as any of a set acts as a member; a goal is a goal.
    Waypoint Alike(Waypoint member) => isBorrowed && member is not Waypoint.End ? new Waypoint.Borrowed(member) : member;

    bool Holds(Subject.Group group) => graph.Find(group) is not null;

    bool GroupsHold(string @namespace) => anyGroupOfAll || namespacesOfGroups.Contains(@namespace);

    bool Matters(Subject.ServiceAccount account) => graph.Find(account) is not null || GroupsHold(account.Namespace);

    // With a group of all accounts any namespace will do.
    IEnumerable<string> NamespacesOfGroups() => anyGroupOfAll ? namespacesOfGroups.Append("default") : namespacesOfGroups;
}
