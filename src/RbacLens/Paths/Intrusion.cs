using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Finds where an intruder in a workload's containers comes to: as an account whose token is there, or over the node.</summary>
sealed class Intrusion(EscalationGraph graph, RunningPods pods, Telling telling)
{
    /// <summary>The shortest path; null where there is none.</summary>
    /// <param name="running">Whose containers.</param>
    /// <param name="to">Where to.</param>
    /// <param name="routes">The ways there.</param>
    public Path? From(Running running, Target to, Routes routes)
    {
        var best = Beginnings(running).Where(beginning => routes.Leads(beginning.At)).OrderBy(beginning => routes.CostOf(beginning.At)).FirstOrDefault();
        return best.Step is null ? null
            : new(new(running.Workload.Kind, running.Workload.Namespace, running.Workload.Name), to, [best.Step, .. telling.Steps(routes.From(best.At))]);
    }

    IEnumerable<(Step Step, int At)> Beginnings(Running running)
    {
        foreach (var (account, _) in running.Accounts)
            foreach (var at in Find(account))
                yield return (Telling.Holds(running, account), at);
        if (running.Escape is not null)
            foreach (var node in pods.NodesOf(running))
                if (graph.Find(new Waypoint.Node(node)) is { } at)
                    yield return (Telling.Escapes(running, node), at);
    }

    // An account that holds nothing by itself is what its groups are.
    IEnumerable<int> Find(Subject.ServiceAccount account) => graph.Find(account) is { } own ? [own]
        : Identity.Of(account).Groups.Select(group => graph.Find(new Subject.Group(group))).OfType<int>();
}
