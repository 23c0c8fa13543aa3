using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Looks for what detection rules describe.</summary>
public sealed class Detector
{
    const int MostApart = 5;

    readonly ImmutableArray<DetectionRule> rules;
    readonly ILookup<string, DetectionRule> byResource;
    readonly ImmutableArray<DetectionRule> others;
    readonly AuditSurroundings surroundings;
    readonly Accounts accounts;
    readonly Attribution attribution;
    readonly Circumstances circumstances;

    /// <summary>A detector of these rules.</summary>
    /// <param name="rules">What to look for.</param>
    /// <param name="surroundings">What to hold the log against.</param>
    public Detector(IEnumerable<DetectionRule> rules, AuditSurroundings surroundings)
    {
        this.rules = [.. rules];
        this.surroundings = surroundings;
        var authorizer = surroundings.Cluster is { } cluster ? new Authorizer(cluster.Roles, cluster.Bindings) : null;
        accounts = new Accounts(surroundings.Cluster, authorizer);
        attribution = new(authorizer, surroundings.Cluster);
        circumstances = new(surroundings, accounts, Superseded.Nothing);
        var named = this.rules.Where(rule => rule.Requests.Length > 0 && rule.Requests.All(pattern => !pattern.Resources.IsEmpty && !pattern.Resources.AdmitsAll)).ToList();
        byResource = (from rule in named
                      from resource in rule.Requests.SelectMany(pattern => pattern.Resources).Distinct()
                      select (resource, rule)).ToLookup(entry => entry.resource, entry => entry.rule, StringComparer.Ordinal);
        others = [.. this.rules.Except(named)];
    }

    /// <summary>
    /// What is worth keeping about the requests of a deed. A body is asked for before it is read: called without one, this says whether to
    /// read it.
    /// </summary>
    public Interest InterestIn(Deed deed)
    {
        var interest = Interest.None with { Since = attribution.MadeAt(deed) };
        foreach (var rule in Meant(deed, circumstances))
        {
            if (rule.Level > AuditLevel.Metadata && deed.Body is null)
                interest = interest.And(Interest.Body);
            if (IsSeen(rule, deed, circumstances))
                interest = interest.And(Interest.Evidence).And(rule.Burst is null ? Interest.None : Interest.Times);
        }

        return interest;
    }

    /// <summary>What a log shows, worst first.</summary>
    /// <param name="log">The log.</param>
    /// <param name="uses">What is allowed: that which an entry names by itself is told by itself.</param>
    public ImmutableArray<Detection> Detect(AuditLog log, ImmutableArray<AllowedUse> uses = default)
    {
        // Only the whole log shows what became of a role or a binding after a deed.
        var known = new Circumstances(surroundings, accounts, Superseded.In(log, surroundings.Cluster));
        var writer = new DetectionWriter(surroundings, known, attribution);
        return
        [
            .. from seen in Folded(Seen(log, known), writer, uses.IsDefault ? [] : uses)
               let detection = writer.Write(seen.Rule, seen.Target, seen.Counts)
               orderby detection.Severity descending, detection.Id, detection.User, detection.ActingAs, detection.Target
               select detection,
        ];
    }

    IEnumerable<SeenDeeds> Seen(AuditLog log, Circumstances known) =>
           from entry in log.Deeds.SelectMany(count => Meant(count.Deed, known).Where(rule => IsSeen(rule, count.Deed, known)).Select(rule => (rule, count)))
           group entry.count by (entry.rule, entry.count.Deed.User.User, ActingAs: entry.count.Deed.ActingAs?.User, Target: DetectionWriter.TargetOf(entry.rule, entry.count.Deed)) into alike
           let counts = alike.ToList()
           where alike.Key.rule.Burst is not { } burst || DetectionWriter.Peak(counts, burst) >= burst.Requests
           select new SeenDeeds(alike.Key.rule, alike.Key.User, alike.Key.ActingAs, alike.Key.Target, counts);

    /// <summary>Deeds of one user about one target, that a rule sees.</summary>
    sealed record SeenDeeds(DetectionRule Rule, string User, string? ActingAs, DetectionTarget Target, List<DeedCount> Counts);

    // What is only worth knowing is told once of many objects of a kind: somebody who set up a cluster changed every role in it.
    static IEnumerable<SeenDeeds> Folded(IEnumerable<SeenDeeds> seen, DetectionWriter writer, ImmutableArray<AllowedUse> uses) =>
        from one in seen
        group one by (one.Rule, one.User, one.ActingAs, one.Target.Resource, IsQuiet: one.Rule.Burst is null && writer.SeverityOf(one.Rule, one.Counts) == Severity.Info) into alike
        from told in alike.Key.IsQuiet ? Folded([.. alike], uses) : alike
        select told;

    static IEnumerable<SeenDeeds> Folded(List<SeenDeeds> alike, ImmutableArray<AllowedUse> uses)
    {
        var whole = Together(alike).Target;
        var rest = alike.Where(one => !uses.Any(use => IsAbout(use, one, one.Target) && !IsAbout(use, one, whole))).ToList();
        return rest.Count > MostApart ? alike.Except(rest).Append(Together(rest)) : alike;
    }

    static bool IsAbout(AllowedUse use, SeenDeeds seen, DetectionTarget target) => use.IsAbout(seen.Rule.Id, seen.User, target);

    static SeenDeeds Together(List<SeenDeeds> alike) => alike[0] with
    {
        Target = new(alike[0].Target.Resource, alike.TrueForAll(one => one.Target.Namespace == alike[0].Target.Namespace) ? alike[0].Target.Namespace : "", ""),
        Counts = [.. alike.SelectMany(one => one.Counts)],
    };

    // Rules that name their resources are found by them; stock traffic is excused only after that, because it costs more to tell.
    IEnumerable<DetectionRule> Meant(Deed deed, Circumstances known)
    {
        var candidates = deed.Request is AccessRequest.Resource resource ? byResource[resource.Spelling].Concat(others) : others;
        foreach (var rule in candidates)
            // Of what was never asked, only the attempt is told.
            if ((!deed.IsRefusedToActAs || rule.When.Contains(Circumstance.Impersonated)) && (rule.Requests.IsEmpty || rule.Requests.Any(pattern => pattern.Fits(deed))) && !rule.Unless.Any(unless => known.Hold(unless, deed)))
                yield return rule;
    }

    static bool IsSeen(DetectionRule rule, Deed deed, Circumstances known) => rule.When.All(when => known.Hold(when, deed));
}
