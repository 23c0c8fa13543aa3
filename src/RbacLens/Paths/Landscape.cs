using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>What of a snapshot a path may lead through: accounts that exist, pods that run, nodes, tokens that lie in Secrets.</summary>
sealed class Landscape
{
    readonly HashSet<Subject.ServiceAccount>? existing;
    readonly HashSet<string>? readNamespaces;
    readonly Lazy<HashSet<string>> described;
    readonly Dictionary<string, string?> podSecurity;
    readonly Snapshot snapshot;
    readonly Stock stock;

    public Landscape(Snapshot snapshot, Stock stock)
    {
        (this.snapshot, this.stock) = (snapshot, stock);
        Mounted = new(snapshot);
        Running = new(snapshot, Mounted, IsGone);
        Installed = new(snapshot);
        // A cluster always has accounts, so none means that they were not read.
        Accounts = Subjects(snapshot.Accounts);
        existing = snapshot.Accounts.IsEmpty && !IsManifests ? null : Accounts;
        readNamespaces = snapshot.IsComplete("ServiceAccount") ? null : snapshot.Accounts.Select(account => account.Namespace).ToHashSet(StringComparer.Ordinal);
        described = new(() => snapshot.Namespaces.Select(ns => ns.Name).Concat(snapshot.Accounts.Select(account => account.Namespace)).ToHashSet(StringComparer.Ordinal));
        podSecurity = snapshot.Namespaces.ToDictionary(ns => ns.Name, ns => ns.PodSecurity, StringComparer.Ordinal);
    }

    static HashSet<Subject.ServiceAccount> Subjects(ImmutableArray<Account> accounts)
    {
        var subjects = new HashSet<Subject.ServiceAccount>(accounts.Length);
        foreach (var account in accounts)
            subjects.Add(account.Subject);
        return subjects;
    }

    /// <summary>The accounts that were read; there may be tens of thousands, so they are looked up here only.</summary>
    public HashSet<Subject.ServiceAccount> Accounts { get; }

    /// <summary>Which workloads hold whose tokens.</summary>
    public MountedTokens Mounted { get; }

    /// <summary>What runs, and where.</summary>
    public RunningPods Running { get; }

    /// <summary>What somebody installed, as far as it shows.</summary>
    public Installations Installed { get; }

    /// <summary>Whether the server's version is known, and so which of the ways that only some versions have.</summary>
    public bool KnowsRelease => snapshot.Cluster.Release is not null;

    /// <summary>Whether any node runs the control plane, or this one.</summary>
    public bool IsControlPlane(string node) => snapshot.Nodes.Any(known => known.IsControlPlane && (node == "*" || known.Name == node));

    /// <summary>Whether there is such a node, as far as the input tells: nodes that are not listed may still be where its pods run.</summary>
    public bool HasNode(string name) => snapshot.Nodes.IsEmpty || snapshot.Nodes.Any(node => node.Name == name) || !snapshot.IsComplete("Node") || Running.PodsOn(name).Any(pod => pod.Node == name);

    /// <summary>Whether Pod Security lets privileged pods start. Only labels show; the defaults of its admission plugin cannot be read.</summary>
    public bool AllowsPrivileged(string @namespace) => podSecurity.GetValueOrDefault(@namespace) is null or "privileged";

    /// <summary>A namespace in which privileged pods may start; the cluster's own first. Null where every namespace forbids it.</summary>
    public string? LaxNamespace => AllowsPrivileged("kube-system")
        ? "kube-system"
        : snapshot.Namespaces.Select(ns => ns.Name).Where(AllowsPrivileged).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>
    /// Whether there is such an account. Manifests describe the namespaces they bring, and tell nothing of others; every namespace has its
    /// <c>default</c>, and what ships has its accounts. Where only some namespaces were read, those of others may be there.
    /// </summary>
    public bool Exists(Subject.ServiceAccount account) =>
        existing is null || existing.Contains(account) || readNamespaces?.Contains(account.Namespace) == false || (IsManifests && (account.Name == "default" || !described.Value.Contains(account.Namespace)));

    /// <summary>
    /// Whether a token of it, wherever one is found, is worth nothing: all accounts were read, and it is not among them. Manifests need not
    /// bring the accounts that their pods run as.
    /// </summary>
    public bool IsGone(Subject.ServiceAccount account) => existing?.Contains(account) == false && !IsManifests && snapshot.IsComplete("ServiceAccount");

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

    /// <summary>
    /// The first name that an apply of the hit can make there; null where it is limited to no names, or something has each of them. Only of pods,
    /// Jobs and webhooks it is known what is there.
    /// </summary>
    public string? FreeName(Hit hit)
    {
        var made = hit.Case.All.First(question => question.IsByApply);
        return (Asking.NamesOf(hit, made) ?? []).FirstOrDefault(name => IsFree(made, hit.Scope, name)
            && hit.Case.All.All(question => question.IsByApply || !hit.Case.MakesByApply(question) || Asking.Allows(hit, question, "patch", name)));
    }

    bool IsFree(Question made, Scope scope, string name) =>
        made.Resources.Lists("mutatingwebhookconfigurations") ? !HasWebhook([name])
        : scope.IsCluster || !snapshot.Workloads.Any(workload => workload.Namespace == scope.Namespace && workload.Name == name
            && ((workload.Kind == "Pod" && made.Resources.Lists("pods")) || (workload.Kind == "Job" && made.Resources.Lists("jobs"))));

    /// <summary>
    /// The only node that pods can still come to when all others that a permission may change refuse them; empty where it is free to choose, null
    /// where more than one is left, or where it is not known which nodes there are.
    /// </summary>
    /// <param name="names">The nodes it may change; null for any.</param>
    public string? NodeLeftBy(ImmutableArray<string>? names)
    {
        if (names is not { } changed)
            return "";
        var left = snapshot.Nodes.Select(node => node.Name).Where(node => !changed.Contains(node)).ToList();
        return snapshot.Nodes.IsEmpty || !snapshot.IsComplete("Node") || left.Count > 1 ? null : left is [var only] ? only : "";
    }

    /// <summary>Where whoever may do everything in a scope comes to, besides what it may do there, and in which namespace.</summary>
    public IEnumerable<(Waypoint To, string? Namespace, bool IsEscape)> WithEverythingIn(Scope scope)
    {
        if (scope.IsCluster)
            return [(new Waypoint.End(Goal.ClusterAdmin), null, false)];
        (Waypoint, string?, bool) accounts = (new Waypoint.AccountsOf(scope), scope.Namespace, false);
        return AllowsPrivileged(scope.Namespace) ? [accounts, (new Waypoint.Node("*"), scope.Namespace, true)] : [accounts];
    }

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

    /// <summary>Token Secrets, by namespace.</summary>
    public ILookup<string, TokenSecret> Tokens => tokenSecrets ??= snapshot.TokenSecrets
        .Where(secret => secret.ServiceAccount is not null && !IsGone(new(secret.Namespace, secret.ServiceAccount)))
        .OrderBy(secret => secret.Name, StringComparer.Ordinal)
        .ToLookup(secret => secret.Namespace, StringComparer.Ordinal);

    ILookup<string, TokenSecret>? tokenSecrets;

    /// <summary>The token Secrets of these names.</summary>
    public IEnumerable<TokenSecret> TokensNamed(Scope scope, ImmutableArray<string> names) =>
        (scope.IsCluster ? Tokens.SelectMany(tokens => tokens) : Tokens[scope.Namespace]).Where(secret => names.Contains(secret.Name));

    /// <summary>Namespaces with workloads, sorted; those that are known, where none are.</summary>
    public IEnumerable<string> NamespacesWithWorkloads => withWorkloads ??=
    [
        .. (Running.KnowsPods ? snapshot.Workloads.Select(workload => workload.Namespace) : described.Value.Append("kube-system"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    ImmutableArray<string>? withWorkloads;

    /// <summary>Some namespace, to show a permission that holds in all.</summary>
    public string AnyNamespace => LaxNamespace ?? "default";

    bool IsManifests => snapshot.Cluster.Source == "manifests";
}
