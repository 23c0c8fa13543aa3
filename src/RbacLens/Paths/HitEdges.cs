using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Draws the ways that permissions open: from the holder of a hit to what its case reaches, where the preconditions hold.</summary>
sealed class HitEdges
{
    readonly EscalationGraph graph;
    readonly Landscape landscape;
    readonly Ways ways;
    readonly IdentityWays identities;
    readonly NodeWays nodes;
    readonly RoleWays roles;
    readonly ConstrainedNames constrained;

    /// <summary>Into a graph.</summary>
    public HitEdges(EscalationGraph graph, Landscape landscape, RoleRewriting rewriting, ConstrainedNames constrained)
    {
        this.constrained = constrained;
        (this.graph, this.landscape, ways) = (graph, landscape, new(graph, landscape));
        (identities, nodes, roles) = (new(landscape, ways), new(graph, landscape, ways), new(graph, landscape, rewriting, ways, Draw));
    }

    /// <summary>Draws all ways of one hit.</summary>
    /// <param name="hit">The hit.</param>
    /// <param name="from">Where they start; the hit's holder without it. A controller writes for others, and does nothing else for them.</param>
    public void Draw(Hit hit, Waypoint? from = null)
    {
        // What a role is called adds nothing to what it allows, and a controller that is not installed acts for nobody.
        if (hit.Policy.Match is Match.Requests { OnlyRole: null } or Match.Requests { IsEverything: true } && landscape.Installed.Serves(hit.Case, hit.Holder.Subject))
            Draw(new Beginning(graph.Add(from ?? new Waypoint.Identity(hit.Holder.Subject)), hit), hit);
    }

    /// <summary>Those that can move pods, who need a node for them to come to.</summary>
    public List<Mover> Movers => nodes.Movers;

    /// <summary>Those that can write into roles of others.</summary>
    public List<Hit> RoleWriters => roles.Writers;

    void Draw(Beginning source, Hit hit)
    {
        // Who may create any name needs no apply, and what is there is not created.
        if (hit.Case.All.Any(question => question.IsByApply) && landscape.FreeName(hit) is null)
            return;
        if (!constrained.Serve(hit))
            return;
        // A controller that is not there acts for nobody.
        if (hit.Case.Controller is { } controller && !DrawController(source, hit, controller))
            return;
        var reaches = hit.Case.Reaches;
        if (reaches.HasFlag(Reach.ClusterAdmin))
            DrawClusterAdmin(source, hit);
        if (reaches.HasFlag(Reach.Accounts))
            identities.DrawAccounts(source, hit);
        if (reaches.HasFlag(Reach.MissingAccounts))
            identities.DrawMissingAccounts(source, hit);
        if (reaches.HasFlag(Reach.Pods))
            identities.DrawPods(source, hit);
        if (reaches.HasFlag(Reach.PodTokens))
            ways.Request(source, hit, landscape.Running.KnowsPods ? new Waypoint.PodTokensOf(hit.Scope) : new Waypoint.UnseenPodsOf(hit.Scope));
        if (reaches.HasFlag(Reach.StoppedPods))
            identities.DrawStoppedPods(source, hit);
        if (reaches.HasFlag(Reach.Secrets))
            identities.DrawSecrets(source, hit);
        if (reaches.HasFlag(Reach.RefilledSecrets))
            identities.DrawRefilledSecrets(source, hit);
        if (reaches.HasFlag(Reach.Host))
            nodes.DrawHost(source, hit);
        if (reaches.HasFlag(Reach.Nodes))
            nodes.DrawNodes(source, hit);
        if (reaches.HasFlag(Reach.Users))
            identities.DrawNamed(source, hit, "users", new Waypoint.Users(), name => new Subject.User(name));
        if (reaches.HasFlag(Reach.Groups))
        {
            identities.DrawNamed(source, hit, "groups", new Waypoint.Groups(), name => new Subject.Group(name));
            identities.DrawKubelets(source, hit);
        }

        if (reaches.HasFlag(Reach.Certificates))
            ways.Request(source, hit, new Waypoint.Certificates());
        if (reaches.HasFlag(Reach.NodeIdentities))
            ways.Request(source, hit, new Waypoint.NodeIdentities());
        if (reaches.HasFlag(Reach.BootstrapGroups))
            ways.Request(source, hit, new Waypoint.BootstrapGroups(), "kube-system");
        // Whoever grants it by name expects it to be there.
        if (reaches.HasFlag(Reach.IamUsers) && (landscape.Installed.IsEks || hit.Grants.Any(grant => grant.Rules.Any(rule => !grant.Role.Rules[rule].ResourceNames.IsEmpty))))
            ways.Request(source, hit, new Waypoint.End(Goal.ClusterAdmin), "kube-system");
        if (source.Rewritten is null)
            DrawOwn(source, hit);
    }

    bool DrawController(Beginning source, Hit hit, Controller controller)
    {
        var accounts = landscape.AccountsOf(controller).Where(account => controller.WatchesAll || hit.Scope.IsCluster || hit.Scope.Namespace == account.Namespace).ToList();
        foreach (var account in accounts)
        {
            if (hit.Case.Reaches.HasFlag(Reach.Controller))
                ways.Request(source, hit, new Waypoint.ActsAs(account), Ways.HomeOf(controller, account));
            if (hit.Case.Reaches.HasFlag(Reach.ControllerAccounts))
                ways.Request(source, hit, new Waypoint.AccountsOf(new(account.Namespace)), Ways.HomeOf(controller, account));
        }

        return accounts.Count > 0;
    }

    // What a role that was bound a moment ago allows of these is left to whoever holds it already.
    void DrawOwn(Beginning source, Hit hit)
    {
        var reaches = hit.Case.Reaches;
        if ((reaches & (Reach.Roles | Reach.OwnRoles)) != Reach.Nothing && !roles.DrawRoles(source, hit) && reaches.HasFlag(Reach.OwnRoles) && graph.Waypoints[source.From] is Waypoint.Identity)
            roles.DrawWriter(hit);
        if (reaches.HasFlag(Reach.MovedPods) && graph.Waypoints[source.From] is Waypoint.Identity)
            nodes.DrawMovedPods(source, hit);
    }

    void DrawClusterAdmin(Beginning source, Hit hit)
    {
        var isThere = hit.Case.Named == NamedObjects.Irrelevant || hit.Case.All.All(question => IsThere(hit, question));
        // Part of some cases holds in a namespace only, and what it is needed for does not.
        if ((hit.Scope.IsCluster || hit.Case.All.Any(question => question.Place == Question.Places.Cluster)) && isThere)
            ways.Request(source, hit, new Waypoint.End(Goal.ClusterAdmin));
    }

    // Changing what decides about every object wants one that is there, unless one may be created. Of admission policies it is not known.
    bool IsThere(Hit hit, Question question) =>
        question.Resources.Lists("mutatingwebhookconfigurations") ? Asking.Allows(hit, question, "create") || landscape.HasWebhook(hit.Names)
        : question.Resources.Any(plural => plural.StartsWith("mutatingadmission", StringComparison.Ordinal)) ? Asking.Allows(hit, question, "create")
        : hit.ForAnyName;
}
