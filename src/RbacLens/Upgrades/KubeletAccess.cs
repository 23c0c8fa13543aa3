using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>
/// Access to kubelets. From KubeletFineGrainedAuthz (1.33 by default, a gate of the kubelet) it asks for narrower subresources before
/// nodes/proxy; holding nodes/proxy stays as dangerous as ever.
/// </summary>
sealed class KubeletAccess(UpgradeCase upgrade, HeldAccess access)
{
    static readonly KubernetesVersion FineGrained = new(1, 33);
    static readonly string[] Always = ["metrics", "stats", "log"];
    static readonly string[] ProxyVerbs = ["get", "create"];
    static readonly string[] Finer = ["pods", "healthz", "configz"];

    readonly Kubelets kubelets = new(upgrade.Snapshot.Nodes);

    /// <summary>Each holder of nodes/proxy: what it may use instead, and whether its nodes allow that yet.</summary>
    public IEnumerable<Finding> Proxies(Policy policy)
    {
        var held = from asked in access.Asked(policy, [Nodes("proxy", "get", "create")])
                   group asked.Hit by asked.Hit.Holder.Subject into ofSubject
                   let grants = ofSubject.SelectMany(hit => hit.Grants).ToImmutableArray()
                   where IsSpelledOut(grants, "proxy")
                   select new Finding(policy, Target.Of(ofSubject.Key), [Scope.Cluster], Severity.High, Because(ofSubject.Key))
                   {
                       Grants = grants,
                       IsStock = access.IsStock(grants),
                   };
        return held.Concat(Unbound(policy));
    }

    /// <summary>Holders of the narrower subresources whose kubelets do not ask for them yet, and refuse.</summary>
    public IEnumerable<Finding> TooEarly(Policy policy)
    {
        if (!MayBeOld)
            return [];
        return from asked in access.Asked(policy, Finer.Select(subresource => Nodes(subresource, "get")))
               where IsSpelledOut(asked.Hit.Grants, Finer[asked.Question]) && !access.May(asked.Hit.Holder.Subject, Nodes("proxy", "get"), Scope.Cluster, asked.Hit.Names)
               group asked by asked.Hit.Holder.Subject into ofSubject
               let grants = ofSubject.SelectMany(asked => asked.Hit.Grants).Distinct().ToImmutableArray()
               let what = string.Join(", ", ofSubject.Select(asked => $"nodes/{Finer[asked.Question]}").Distinct())
               select new Finding(policy, Target.Of(ofSubject.Key), [Scope.Cluster], AreOld ? Severity.Medium : Severity.Info, $"get on {what} is enough for kubelets from {FineGrained} only; older ones ask for nodes/proxy and refuse{Nodes()}")
               {
                   Grants = grants,
                   IsStock = access.IsStock(grants),
               };
    }

    // A kubelet is up to three minor versions older than its API server, and never newer.
    bool MayBeOld => kubelets.AreKnown ? kubelets.AnyBefore(FineGrained) : upgrade.Path.To < new KubernetesVersion(FineGrained.Major, FineGrained.Minor + 3);

    bool AreOld => kubelets.AnyBefore(FineGrained) || upgrade.Path.To < FineGrained;

    string Nodes() => kubelets.AnyBefore(FineGrained) ? $" ({kubelets.Before(FineGrained)})"
        : kubelets.AreKnown ? ""
        : upgrade.Path.To < FineGrained ? " (kubelets are never newer than the API server)"
        : " (the input does not tell the kubelets' versions)";

    string Because(Subject subject)
    {
        var has = Always.Concat(Finer).Where(subresource => access.May(subject, Nodes(subresource, "get"), Scope.Cluster, [])).Select(subresource => $"nodes/{subresource}").ToList();
        var holds = has.Count == 0 ? "" : $" Holds {string.Join(", ", has)} already.";
        return $"nodes/proxy runs commands in every pod of every node, in {upgrade.Path.To} as in {upgrade.Path.From}. {Instead}{holds}";
    }

    string Instead => $"Instead: nodes/metrics, nodes/stats, nodes/log on any kubelet; " + (upgrade, kubelets) switch
    {
        ({ Path.To: var to }, _) when to < FineGrained => $"nodes/pods, nodes/healthz, nodes/configz only from {FineGrained}.",
        (_, { AreKnown: true }) when !kubelets.AnyBefore(FineGrained) => $"nodes/pods, nodes/healthz, nodes/configz too, as {(kubelets.Count == 1 ? "the only kubelet is" : $"all {kubelets.Count} kubelets are")} {FineGrained} or newer.",
        _ when kubelets.AnyBefore(FineGrained) => $"nodes/pods, nodes/healthz, nodes/configz once no kubelet is older than {FineGrained}; now {kubelets.Before(FineGrained)}.",
        _ => $"nodes/pods, nodes/healthz, nodes/configz on kubelets from {FineGrained}; the input does not tell their versions.",
    };

    // A chart may bring the role and leave the binding to others. Who holds an aggregating role is spoken of already.
    IEnumerable<Finding> Unbound(Policy policy) =>
        from role in upgrade.Snapshot.Roles
        where role.Scope.IsCluster && role.Rules.Any(GivesProxy) && !upgrade.From.Stock.Ships(role) && !HeldAccess.GrantsOf(role, upgrade.Snapshot).Any()
        where !upgrade.Snapshot.Roles.Any(other => other.Name != role.Name && other.Aggregates.Any(selector => selector.Selects(role.Labels)))
        select new Finding(policy, new(role.Kind, "", role.Name), [Scope.Cluster], Severity.Medium, $"nodes/proxy would run commands in every pod of every node; no binding in the input refers to the role. {Instead}");

    /// <summary>Whether a rule spells nodes/proxy out and allows what runs commands.</summary>
    public static bool GivesProxy(PolicyRule rule) => rule.Resources.Lists("nodes/proxy") && AllowsProxy(rule);

    /// <summary>Whether a rule allows what runs commands through nodes/proxy, of one node at least; a wildcard is enough.</summary>
    public static bool AllowsProxy(PolicyRule rule) =>
        ProxyVerbs.Any(verb => rule.ResourceNames.DefaultIfEmpty("").Any(name => rule.Allows(new AccessRequest.Resource(verb, "", "nodes", "proxy", Name: name))));

    // Whoever holds every resource holds far more than this, which a scan says.
    static bool IsSpelledOut(IEnumerable<Grant> grants, string subresource) =>
        grants.SelectMany(grant => grant.Rules.Select(rule => grant.Role.Rules[rule])).Any(rule => rule.Resources.Lists($"nodes/{subresource}"));

    static Question Nodes(string subresource, params string[] verbs) =>
        new(Names.Of(verbs), "", Names.Of($"nodes/{subresource}"), Names.None, Names.None, Question.Places.Cluster);
}
