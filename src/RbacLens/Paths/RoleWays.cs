using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Draws the ways around the check on what roles and bindings may hand out.</summary>
/// <param name="graph">Where to.</param>
/// <param name="landscape">What there is.</param>
/// <param name="rewriting">Which roles can be bound or written into.</param>
/// <param name="ways">Adds ways.</param>
/// <param name="draw">Draws all ways of what a role allows that was bound first.</param>
sealed class RoleWays(EscalationGraph graph, Landscape landscape, RoleRewriting rewriting, Ways ways, Action<Beginning, Hit> draw)
{
    /// <summary>Those that can write into roles of others.</summary>
    public List<Hit> Writers { get; } = [];

    /// <summary>Notes who can write into roles of others. Whoever becomes one of these wins, so they belong to the graph whatever they hold as yet.</summary>
    public void DrawWriter(Hit hit)
    {
        Writers.Add(hit);
        foreach (var (subject, role) in rewriting.OfOthers(hit))
        {
            graph.Add(new Waypoint.Identity(subject));
            foreach (var (to, _, _) in landscape.WithEverythingIn(role.Scope))
                graph.Add(to);
        }
    }

    /// <summary>Draws what roles give that are bound or written into. Returns whether one of them is everything there is.</summary>
    public bool DrawRoles(Beginning source, Hit hit)
    {
        var isAll = false;
        foreach (var rewritten in rewriting.Of(hit))
        {
            var bound = source with { Rewritten = rewritten };
            if (rewritten.IsEverything && rewritten.Scope.IsCluster && rewritten.IsClusterWide)
            {
                ways.Request(bound, hit, new Waypoint.End(Goal.ClusterAdmin));
                isAll = true;
            }
            else if (rewritten.IsEverything)
                DrawEverythingIn(bound, hit, rewritten.Scope);
            else
                foreach (var use in rewriting.UsesOf(rewritten, hit).Where(use => landscape.Installed.Serves(use.Case, hit.Holder.Subject)))
                    draw(bound, use);
        }

        return isAll;
    }

    // What is everything in each namespace, for want of cluster-scoped resources, is not the whole cluster.
    void DrawEverythingIn(Beginning source, Hit hit, Scope scope)
    {
        if (!scope.IsCluster)
            foreach (var (to, @namespace, isEscape) in landscape.WithEverythingIn(scope))
                ways.Request(source, hit, to, @namespace, isEscape);
        else
        {
            ways.Request(source, hit, new Waypoint.AccountsOf(scope));
            if (landscape.LaxNamespace is { } lax)
                ways.Request(source, hit, new Waypoint.Node("*"), lax, isEscape: true);
        }
    }
}
