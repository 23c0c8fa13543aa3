using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Draws the ways that permissions open: from the holder of a hit to what its case reaches, where the preconditions hold.</summary>
sealed class HitEdges(EscalationGraph graph, Landscape landscape, RoleRewriting rewriting)
{
    /// <summary>Draws all ways of one hit.</summary>
    /// <param name="hit">The hit.</param>
    /// <param name="from">Where they start; the hit's holder without it. A controller writes for others, and does nothing else for them.</param>
    public void Draw(Hit hit, Waypoint? from = null)
    {
        // What a role is called adds nothing to what it allows, and a controller that is not installed acts for nobody.
        if (hit.Policy.Match is Match.Requests { OnlyRole: null } or Match.Requests { IsEverything: true } && landscape.Installed.Serves(hit.Case, hit.Holder.Subject))
            Draw(new Source(graph.Add(from ?? new Waypoint.Identity(hit.Holder.Subject)), hit), hit);
    }

    /// <summary>Those that can move pods, who need a node for them to come to.</summary>
    public List<Mover> Movers { get; } = [];

    /// <summary>Those that can write into roles of others.</summary>
    public List<Hit> RoleWriters { get; } = [];

    /// <summary>Where a way starts, and why: for a role that is bound first, the hit that binds it and the role.</summary>
    sealed record Source(int From, Hit Hit, Rewritten? Rewritten = null)
    {
        public Role? Role => Rewritten?.Role;

        // By the older verb or the constrained ones.
        public bool IsImpersonation { get; } = Hit.Case.All.Any(question => question.Verbs.Any(verb => verb.StartsWith("impersonate", StringComparison.Ordinal)));
    }

    void Draw(Source source, Hit hit)
    {
        // Who may create any name needs no apply, and what is there is not created.
        if (hit.Case.All.Any(question => question.IsByApply) && landscape.FreeName(hit) is null)
            return;
        // A controller that is not there acts for nobody.
        if (hit.Case.Controller is { } controller && !DrawController(source, hit, controller))
            return;
        var reaches = hit.Case.Reaches;
        if (reaches.HasFlag(Reach.ClusterAdmin))
            DrawClusterAdmin(source, hit);
        if (reaches.HasFlag(Reach.Accounts))
            DrawAccounts(source, hit);
        if (reaches.HasFlag(Reach.MissingAccounts))
            DrawMissingAccounts(source, hit);
        if (reaches.HasFlag(Reach.Pods))
            DrawPods(source, hit);
        if (reaches.HasFlag(Reach.PodTokens))
            Request(source, hit, landscape.Running.KnowsPods ? new Waypoint.PodTokensOf(hit.Scope) : new Waypoint.UnseenPodsOf(hit.Scope));
        if (reaches.HasFlag(Reach.StoppedPods))
            DrawStoppedPods(source, hit);
        if (reaches.HasFlag(Reach.Secrets))
            DrawSecrets(source, hit);
        if (reaches.HasFlag(Reach.Host))
            DrawHost(source, hit);
        if (reaches.HasFlag(Reach.Nodes))
            DrawNodes(source, hit);
        if (reaches.HasFlag(Reach.Users))
            DrawNamed(source, hit, "users", new Waypoint.Users(), name => new Subject.User(name));
        if (reaches.HasFlag(Reach.Groups))
        {
            DrawNamed(source, hit, "groups", new Waypoint.Groups(), name => new Subject.Group(name));
            DrawKubelets(source, hit);
        }

        if (reaches.HasFlag(Reach.Certificates))
            Request(source, hit, new Waypoint.Certificates());
        if (reaches.HasFlag(Reach.NodeIdentities))
            Request(source, hit, new Waypoint.NodeIdentities());
        if (reaches.HasFlag(Reach.BootstrapGroups))
            Request(source, hit, new Waypoint.BootstrapGroups(), "kube-system");
        // Whoever grants it by name expects it to be there.
        if (reaches.HasFlag(Reach.IamUsers) && (landscape.Installed.IsEks || hit.Grants.Any(grant => grant.Rules.Any(rule => !grant.Role.Rules[rule].ResourceNames.IsEmpty))))
            Request(source, hit, new Waypoint.End(Goal.ClusterAdmin), "kube-system");
        if (source.Rewritten is null)
            DrawOwn(source, hit);
    }

    bool DrawController(Source source, Hit hit, Controller controller)
    {
        var accounts = landscape.AccountsOf(controller).Where(account => controller.WatchesAll || hit.Scope.IsCluster || hit.Scope.Namespace == account.Namespace).ToList();
        foreach (var account in accounts)
        {
            if (hit.Case.Reaches.HasFlag(Reach.Controller))
                Request(source, hit, new Waypoint.ActsAs(account), HomeOf(controller, account));
            if (hit.Case.Reaches.HasFlag(Reach.ControllerAccounts))
                Request(source, hit, new Waypoint.AccountsOf(new(account.Namespace)), HomeOf(controller, account));
        }

        return accounts.Count > 0;
    }

    // Where what it is told has to be written; null for anywhere.
    static string? HomeOf(Controller controller, Subject.ServiceAccount account) => controller.WatchesAll ? null : account.Namespace;

    string? HomeOf(Controller? controller) => controller is not null && landscape.AccountsOf(controller) is [var first, ..] ? HomeOf(controller, first) : null;

    // What a role that was bound a moment ago allows of these is left to whoever holds it already.
    void DrawOwn(Source source, Hit hit)
    {
        var reaches = hit.Case.Reaches;
        if ((reaches & (Reach.Roles | Reach.OwnRoles)) != Reach.Nothing && !DrawRoles(source, hit) && reaches.HasFlag(Reach.OwnRoles) && graph.Waypoints[source.From] is Waypoint.Identity)
            DrawRoleWriter(hit);
        if (reaches.HasFlag(Reach.MovedPods) && graph.Waypoints[source.From] is Waypoint.Identity)
            DrawMovedPods(source, hit);
    }

    // All nodes but one's own are made to refuse pods. A pod that was moved has another name, so a named one is moved once, which is enough.
    void DrawMovedPods(Source source, Hit hit)
    {
        var nodes = hit.Case.All.First(question => question.Resources.Lists("nodes"));
        if (!landscape.Running.KnowsPods || landscape.Ships(hit) || landscape.NodeLeftBy(Asking.NamesOf(hit, nodes)) is not { } left)
            return;
        var names = hit.Case.All.FirstOrDefault(question => question != nodes) is { } removal ? Asking.NamesOf(hit, removal) : null;
        Waypoint[] pods = names is null ? [new Waypoint.MovablePodsOf(hit.Scope)]
            : [.. landscape.Running.PodsNamed(hit.Scope, names.Value).Where(RunningPods.IsMovable).Select(pod => new Waypoint.MovablePod(pod.Workload.Namespace, pod.Workload.Name))];
        if (pods.Length == 0)
            return;
        Movers.Add(new(hit, [.. pods], left.Length == 0 ? null : left));
        foreach (var set in pods)
        {
            graph.Add(set);
            if (hit.Holder.Subject is Subject.ServiceAccount account)
                Request(source with { From = graph.Add(new Waypoint.WithNode(account, left)) }, hit, set, Mover.PlaceOf(set));
        }
    }

    void DrawClusterAdmin(Source source, Hit hit)
    {
        var isThere = hit.Case.Named == NamedObjects.Irrelevant || hit.Case.All.All(question => IsThere(hit, question));
        // Part of some cases holds in a namespace only, and what it is needed for does not.
        if ((hit.Scope.IsCluster || hit.Case.All.Any(question => question.Place == Question.Places.Cluster)) && isThere)
            Request(source, hit, new Waypoint.End(Goal.ClusterAdmin));
    }

    // Changing what decides about every object wants one that is there, unless one may be created. Of admission policies it is not known.
    bool IsThere(Hit hit, Question question) =>
        question.Resources.Lists("mutatingwebhookconfigurations") ? Asking.Allows(hit, question, "create") || landscape.HasWebhook(hit.Names)
        : question.Resources.Any(plural => plural.StartsWith("mutatingadmission", StringComparison.Ordinal)) ? Asking.Allows(hit, question, "create")
        : hit.ForAnyName;

    void DrawAccounts(Source source, Hit hit)
    {
        if (hit.Case.Named == NamedObjects.Accounts && !hit.ForAnyName)
        {
            foreach (var account in IsImpersonation(hit) ? landscape.Imaginable(hit.Scope, hit.Names).Concat(landscape.Named(hit.Scope, hit.Names)).Distinct() : landscape.Named(hit.Scope, hit.Names))
                Request(source, hit, new Waypoint.Identity(account));
            return;
        }

        foreach (var (scope, @namespace) in Places(hit))
            Request(source, hit, new Waypoint.AccountsOf(scope), @namespace);
        // Nobody asks whether an account exists before it is impersonated.
        if (IsImpersonation(hit))
            Request(source, hit, new Waypoint.MissingAccountsOf(hit.Scope, IsMade: false));
    }

    void DrawMissingAccounts(Source source, Hit hit)
    {
        if (hit.ForAnyName)
            Request(source, hit, new Waypoint.MissingAccountsOf(hit.Scope, IsMade: true));
        else
            foreach (var account in landscape.Imaginable(hit.Scope, hit.Names).Where(account => !landscape.Exists(account) && landscape.HasNamespace(account.Namespace)))
                if (Asking.Requests(hit, new(account.Namespace) { Account = account.Name }) is not null)
                    Request(source, hit, new Waypoint.Identity(account));
    }

    /// <summary>Whether a hit lets its holder act as others, without what they log in with. What constrained impersonation reaches is got in their name, and held.</summary>
    public static bool IsImpersonation(Hit hit) => hit.Case.All.Any(question => question.Verbs.Lists("impersonate"));

    static bool CanBeBorrowed(Waypoint waypoint) =>
        waypoint is Waypoint.Identity or Waypoint.AccountsOf or Waypoint.MissingAccountsOf or Waypoint.Users or Waypoint.Groups or Waypoint.NodeIdentities;

    // Creating works anywhere. Changing wants something that is there.
    IEnumerable<(Scope Scope, string? Namespace)> Places(Hit hit)
    {
        if (!hit.Case.All.Any(question => RunningPods.AreWorkloads(question.Resources) && !hit.Case.MakesByApply(question) && !Asking.Allows(hit, question, "create") && !hit.Names.Any(name => Asking.Makes(hit, question, name))))
            return [(hit.Scope, null)];
        return from scope in hit.Scope.IsCluster ? landscape.NamespacesWithWorkloads : [hit.Scope.Namespace]
               where Asking.Requests(hit, new(scope) { Workload = plural => landscape.Running.WorkloadOf(plural, scope, hit.Names) }) is not null
               select (new Scope(scope), (string?)scope);
    }

    void DrawPods(Source source, Hit hit)
    {
        if (!landscape.Running.KnowsPods && hit.ForAnyName)
            Request(source, hit, new Waypoint.UnseenPodsOf(hit.Scope));
        else if (hit.ForAnyName)
            Request(source, hit, new Waypoint.PodsOf(hit.Scope));
        else
            foreach (var pod in landscape.Running.PodsNamed(hit.Scope, hit.Names))
                Request(source, hit, new Waypoint.Pod(pod.Workload.Namespace, pod.Workload.Name), pod.Workload.Namespace);
    }

    // What the pods will be called is not known, so they have to be entered whatever they are called.
    void DrawStoppedPods(Source source, Hit hit)
    {
        if (hit.Case.All.Any(question => question.Resources.Any(resource => !resource.EndsWith("/scale", StringComparison.Ordinal)) && Asking.NamesOf(hit, question) is not null))
            return;
        foreach (var (plural, pod) in landscape.Running.Stopped(hit.Scope))
            if (Asking.Requests(hit, new(pod.Workload.Namespace) { Scaled = (plural, pod.Workload.Name) }) is not null)
                Request(source, hit, new Waypoint.StoppedPodsOf(pod.Workload.Namespace, plural, pod.Workload.Name), pod.Workload.Namespace);
    }

    void DrawSecrets(Source source, Hit hit)
    {
        if (!hit.ForAnyName)
        {
            foreach (var secret in landscape.TokensNamed(hit.Scope, hit.Names))
                Request(source, hit, new Waypoint.Secret(secret.Namespace, secret.Name), secret.Namespace);
            return;
        }

        // Who may run pods as any account needs no token from a Secret.
        var mounts = hit.Case.Reaches.HasFlag(Reach.Accounts);
        // A controller is not limited to the namespace in which it is told what to do.
        var scope = hit.Case.Controller is null ? hit.Scope : Rbac.Scope.Cluster;
        if (!mounts)
            Request(source, hit, new Waypoint.SecretsOf(scope));
        if (scope.IsCluster && (!mounts || Places(hit).Any(place => place.Scope.IsCluster)))
            Request(source, hit, new Waypoint.End(Goal.AllSecrets));
    }

    void DrawHost(Source source, Hit hit)
    {
        // What is added to a pod runs where the pod runs; a new pod goes to whatever node it names.
        var isAdded = hit.Case.Reaches.HasFlag(Reach.Pods);
        if (isAdded && hit.ForAnyName && landscape.Running.KnowsPods)
            Request(source, hit, new Waypoint.NodesOf(hit.Scope), isEscape: true);
        else if (isAdded && landscape.Running.KnowsPods)
            foreach (var pod in landscape.Running.PodsNamed(hit.Scope, hit.Names).Where(pod => landscape.AllowsPrivileged(pod.Workload.Namespace)))
                Request(source, hit, new Waypoint.Node(RunningPods.NodeOf(pod)), pod.Workload.Namespace, isEscape: true);
        else
            foreach (var (scope, _) in Places(hit))
                if ((scope.IsCluster ? landscape.LaxNamespace : scope.Namespace) is { } @namespace && landscape.AllowsPrivileged(@namespace))
                    Request(source, hit, new Waypoint.Node("*"), @namespace, isEscape: true);
    }

    void DrawNodes(Source source, Hit hit)
    {
        if (IsAbout(hit, "nodes") && !hit.ForAnyName)
            foreach (var name in hit.Names.Where(landscape.HasNode))
                Request(source, hit, new Waypoint.Node(name));
        else
            foreach (var (scope, @namespace) in Places(hit))
                DrawEveryNode(source, hit, scope.IsCluster ? @namespace ?? HomeOf(hit.Case.Controller) ?? landscape.AnyNamespace : scope.Namespace);
    }

    // A permission on one Namespace object is of use in that namespace only.
    void DrawEveryNode(Source source, Hit hit, string @namespace)
    {
        var candidates = hit.Scope.IsCluster && !hit.ForAnyName && IsAbout(hit, "namespaces") ? hit.Names : [@namespace];
        if (candidates.FirstOrDefault(candidate => Asking.Requests(hit, new(candidate)) is not null) is { } works)
            Request(source, hit, new Waypoint.Node("*"), works);
    }

    void DrawNamed(Source source, Hit hit, string plural, Waypoint all, Func<string, Subject> subject)
    {
        var question = hit.Case.All.First(question => question.Resources.Lists(plural));
        if (Asking.NamesOf(hit, question) is not { } names)
            Request(source, hit, all);
        else
            foreach (var name in names)
                Request(source, hit, new Waypoint.Identity(subject(name).Canonical));
    }

    // To the node authorizer a kubelet is a username and a group.
    void DrawKubelets(Source source, Hit hit)
    {
        if (hit.Case.All.FirstOrDefault(question => question.Resources.Lists("users")) is not { } users
            || Asking.NamesOf(hit, hit.Case.All.First(question => question.Resources.Lists("groups"))) is { } groups && !groups.Contains(WellKnown.Nodes))
            return;
        if (Asking.NamesOf(hit, users) is not { } names)
            Request(source, hit, new Waypoint.NodeIdentities());
        else
            foreach (var name in names.Where(WellKnown.IsKubelet))
                Request(source, hit, new Waypoint.NodeIdentities(name[WellKnown.NodePrefix.Length..]));
    }

    // Whoever becomes one of those bound to such roles wins, so they belong to the graph whatever they hold as yet.
    void DrawRoleWriter(Hit hit)
    {
        RoleWriters.Add(hit);
        foreach (var (subject, role) in rewriting.OfOthers(hit))
        {
            graph.Add(new Waypoint.Identity(subject));
            foreach (var (to, _, _) in landscape.WithEverythingIn(role.Scope))
                graph.Add(to);
        }
    }

    // Whether one of them is everything there is.
    bool DrawRoles(Source source, Hit hit)
    {
        var isAll = false;
        foreach (var rewritten in rewriting.Of(hit))
        {
            var bound = source with { Rewritten = rewritten };
            if (rewritten.IsEverything && rewritten.Scope.IsCluster && rewritten.IsClusterWide)
            {
                Request(bound, hit, new Waypoint.End(Goal.ClusterAdmin));
                isAll = true;
            }
            else if (rewritten.IsEverything)
                DrawEverythingIn(bound, hit, rewritten.Scope);
            else
                foreach (var use in rewriting.UsesOf(rewritten, hit).Where(use => landscape.Installed.Serves(use.Case, hit.Holder.Subject)))
                    Draw(bound, use);
        }

        return isAll;
    }

    // What is everything in each namespace, for want of cluster-scoped resources, is not the whole cluster.
    void DrawEverythingIn(Source source, Hit hit, Scope scope)
    {
        if (!scope.IsCluster)
            foreach (var (to, @namespace, isEscape) in landscape.WithEverythingIn(scope))
                Request(source, hit, to, @namespace, isEscape);
        else
        {
            Request(source, hit, new Waypoint.AccountsOf(scope));
            if (landscape.LaxNamespace is { } lax)
                Request(source, hit, new Waypoint.Node("*"), lax, isEscape: true);
        }
    }

    static bool IsAbout(Hit hit, string plural) =>
        hit.Case.All.Any(question => question.Resources.Any(resource => resource == plural || resource.StartsWith(plural + "/", StringComparison.Ordinal)));

    void Request(Source source, Hit hit, Waypoint to, string? @namespace = null, bool isEscape = false) =>
        graph.Add(new Edge(source.From, graph.Add(IsImpersonation(hit) && CanBeBorrowed(to) ? new Waypoint.Borrowed(to) : to), EdgeKind.Request)
        {
            IsImpersonation = source.IsImpersonation,
            Hit = source.Hit,
            Then = ReferenceEquals(hit, source.Hit) ? null : hit,
            Rewritten = source.Rewritten,
            Namespace = @namespace ?? (hit.Scope.IsCluster ? HomeOf(hit.Case.Controller) : hit.Scope.Namespace),
            Rank = RankOf(source, hit, isEscape),
            IsEscape = isEscape,
        });

    // Reading and asking before entering, entering before creating, and what a controller does in the end.
    static int RankOf(Source source, Hit hit, bool isEscape)
    {
        var reaches = hit.Case.Reaches;
        var rank = hit.Policy.Match is Match.Requests { IsEverything: true } ? hit.Scope.IsCluster ? 0 : 9
            : !Installations.IsPlain(hit.Case) ? 14
            : reaches.HasFlag(Reach.Host) ? reaches.HasFlag(Reach.Pods) ? 3 : 5
            : reaches is Reach.Secrets or Reach.Users ? 1
            : reaches is Reach.Accounts && hit.Case.Named == NamedObjects.Accounts ? hit.Case.All[0].Verbs.Lists("impersonate") ? 2 : 1
            : reaches is Reach.Pods or Reach.PodTokens ? 2
            : reaches is Reach.Roles or Reach.OwnRoles or Reach.Certificates ? 3
            : reaches is Reach.Nodes or Reach.NodeIdentities ? hit.Case.All.Length > 1 ? 14 : 3
            : hit.Case.All.Length > 1 ? 4
            : 7;
        return rank + (isEscape ? 8 : 0) + (source.Role is null ? 0 : 2);
    }
}
