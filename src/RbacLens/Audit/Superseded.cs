using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// The writes of roles and bindings of which today's objects say nothing: the log shows that they were written as a whole or deleted afterwards, or
/// the object that is there today was made later.
/// </summary>
sealed class Superseded
{
    // A request may wait for webhooks before its object is made; the API server ends it after a minute.
    static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(1);

    readonly HashSet<Deed> deeds = new(ReferenceEqualityComparer.Instance);

    /// <summary>Nothing is known to be.</summary>
    public static Superseded Nothing { get; } = new();

    /// <summary>Those of a log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="cluster">Today's objects; null where only the log is known.</param>
    public static Superseded In(AuditLog log, Snapshot? cluster)
    {
        var superseded = new Superseded();
        if (cluster is null)
            return superseded;
        var writes = (from count in log.Deeds
                      where count is { Deed: { ObjectName.Length: > 0, Request: AccessRequest.Resource { ApiGroup: "rbac.authorization.k8s.io", Subresource: "" } }, Last: not null } && IsDone(count.Deed)
                      select (Count: count, Place: PlaceOf(count.Deed))).ToList();
        var lastWhole = writes.Where(write => SettlesAll(write.Count.Deed)).GroupBy(write => write.Place).ToDictionary(place => place.Key, place => place.Max(write => write.Count.Last));
        var made = Made(cluster);
        foreach (var (count, place) in writes)
            if (lastWhole.GetValueOrDefault(place) > count.Last || made.GetValueOrDefault(place) > count.Last + LongestRequest)
                superseded.deeds.Add(count.Deed);
        return superseded;
    }

    /// <summary>Whether today's object says nothing of what a deed wrote.</summary>
    public bool Contains(Deed deed) => deeds.Contains(deed);

    static (string Plural, string Namespace, string Name) PlaceOf(Deed deed) => (((AccessRequest.Resource)deed.Request).Plural, deed.Namespace, deed.ObjectName);

    static bool IsDone(Deed deed) => deed is { Outcome: Outcome.Allowed, Code: < 400, Tail: not Deed.DryRun, Request.Verb: "create" or "update" or "patch" or "delete" };

    static bool SettlesAll(Deed deed) => deed.Request.Verb == "delete" || deed.Body is { HoldsAllRules: true, RoleRef: null, Rules.Count: > 0 } or { RoleRef: not null };

    static Dictionary<(string, string, string), DateTimeOffset?> Made(Snapshot cluster) =>
        cluster.Roles.Select(role => (role.Kind, role.Scope, role.Name, role.Created))
            .Concat(cluster.Bindings.Select(binding => (binding.Kind, binding.Scope, binding.Name, binding.Created)))
            .DistinctBy(made => (made.Kind, made.Scope, made.Name))
            .ToDictionary(made => (made.Kind.ToLowerInvariant() + "s", made.Scope.Namespace, made.Name), made => made.Created);
}
