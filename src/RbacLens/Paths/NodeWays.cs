using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Draws the ways to nodes, and by a node to pods that are moved to it.</summary>
sealed class NodeWays(EscalationGraph graph, Landscape landscape, Ways ways)
{
    /// <summary>Those that can move pods, who need a node for them to come to.</summary>
    public List<Mover> Movers { get; } = [];

    /// <summary>To the node of a privileged container.</summary>
    public void DrawHost(Beginning source, Hit hit)
    {
        // What is added to a pod runs where the pod runs; a new pod goes to whatever node it names.
        var isAdded = hit.Case.Reaches.HasFlag(Reach.Pods);
        if (isAdded && hit.ForAnyName && landscape.Running.KnowsPods)
            ways.Request(source, hit, new Waypoint.NodesOf(hit.Scope), isEscape: true);
        else if (isAdded && landscape.Running.KnowsPods)
            foreach (var pod in landscape.Running.PodsNamed(hit.Scope, hit.Names).Where(pod => landscape.AllowsPrivileged(pod.Workload.Namespace)))
                ways.Request(source, hit, new Waypoint.Node(RunningPods.NodeOf(pod)), pod.Workload.Namespace, isEscape: true);
        else
            foreach (var (scope, _) in ways.Places(hit))
                if ((scope.IsCluster ? landscape.LaxNamespace : scope.Namespace) is { } @namespace && landscape.AllowsPrivileged(@namespace))
                    ways.Request(source, hit, new Waypoint.Node("*"), @namespace, isEscape: true);
    }

    /// <summary>To nodes as root.</summary>
    public void DrawNodes(Beginning source, Hit hit)
    {
        if (IsAbout(hit, "nodes") && !hit.ForAnyName)
            foreach (var name in hit.Names.Where(landscape.HasNode))
                ways.Request(source, hit, new Waypoint.Node(name));
        else
            foreach (var (scope, @namespace) in ways.Places(hit))
                DrawEveryNode(source, hit, scope.IsCluster ? @namespace ?? ways.HomeOf(hit.Case.Controller) ?? landscape.AnyNamespace : scope.Namespace);
    }

    // A permission on one Namespace object is of use in that namespace only.
    void DrawEveryNode(Beginning source, Hit hit, string @namespace)
    {
        var candidates = hit.Scope.IsCluster && !hit.ForAnyName && IsAbout(hit, "namespaces") ? hit.Names : [@namespace];
        if (candidates.FirstOrDefault(candidate => Asking.Requests(hit, new(candidate)) is not null) is { } works)
            ways.Request(source, hit, new Waypoint.Node("*"), works);
    }

    static bool IsAbout(Hit hit, string plural) =>
        hit.Case.All.Any(question => question.Resources.Any(resource => resource == plural || resource.StartsWith(plural + "/", StringComparison.Ordinal)));

    /// <summary>To what pods hold that are moved to a node of one's own, which waits until it is known who has one.</summary>
    public void DrawMovedPods(Beginning source, Hit hit)
    {
        // All nodes but one's own are made to refuse pods. A pod that was moved has another name, so a named one is moved once, which is enough.
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
                ways.Request(source with { From = graph.Add(new Waypoint.WithNode(account, left)) }, hit, set, Mover.PlaceOf(set));
        }
    }
}
