using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What an audit policy means for detections: which it blinds, and where it would write down secrets.</summary>
public static class AuditPolicyReview
{
    static readonly Identity Person = new("somebody", [WellKnown.Authenticated]);
    static readonly Identity Account = Identity.Of(new Subject.ServiceAccount("default", "somebody"));
    static readonly Identity Nobody = new(WellKnown.Anonymous, [WellKnown.Unauthenticated]);

    /// <summary>One answer for each rule, in their order.</summary>
    public static ImmutableArray<DetectionSight> Sights(AuditPolicy policy, IEnumerable<DetectionRule> rules) => [.. rules.Select(rule => SightOf(policy, rule))];

    static DetectionSight SightOf(AuditPolicy policy, DetectionRule rule)
    {
        var verdicts =
            (from identity in Identities(policy, rule)
             from request in Requests(policy, rule)
             select (identity, request, verdict: policy.LevelOf(identity, request))).ToList();
        var usual = verdicts.Where(probe => IsUsual(probe.identity)).ToList();
        var blind = usual.Where(probe => !IsSeen(probe.verdict)).ToList();
        var excused = verdicts.Where(probe => !IsUsual(probe.identity) && !IsSeen(probe.verdict)).Where(probe => usual.Any(seen => seen.request == probe.request && IsSeen(seen.verdict))).ToList();
        return new(rule,
            blind.Count == 0 ? Sight.Whole : blind.Count == usual.Count ? Sight.None : Sight.Partly,
            usual.Any(probe => IsSeen(probe.verdict) && probe.verdict.Level < rule.Level),
            [.. blind.Select(probe => Describe(probe.request, probe.verdict)).Distinct().Order(StringComparer.Ordinal)],
            [.. excused.Select(probe => probe.identity.User.Length > 0 ? probe.identity.User : probe.identity.Groups[0]).Distinct().Order(StringComparer.Ordinal)]);
    }

    // Without the answer the log does not say whether anything was allowed.
    static bool IsSeen(AuditVerdict verdict) => verdict.Level > AuditLevel.None && !verdict.OmitStages.Lists("ResponseComplete");

    static bool IsUsual(Identity identity) => ReferenceEquals(identity, Person) || ReferenceEquals(identity, Account) || ReferenceEquals(identity, Nobody);

    static string Describe(AccessRequest request, AuditVerdict verdict) =>
        $"{request}{(request.Namespace.Length == 0 ? "" : $" in {request.Namespace}")}: "
        + (verdict.Rule is { } index ? $"rule {index} records {(verdict.Level == AuditLevel.None ? "nothing" : "no answer (omitStages)")}" : "no rule is about it, so nothing is recorded");

    static IEnumerable<Identity> Identities(AuditPolicy policy, DetectionRule rule)
    {
        if (rule.When.Contains(Circumstance.ByAnonymous))
            return [Nobody];
        var users = policy.Rules.SelectMany(named => named.Users).Distinct().Where(user => user != WellKnown.Anonymous).Select(user => Identity.Of(new Subject.User(user)));
        var groups = policy.Rules.SelectMany(named => named.UserGroups).Distinct()
            .Where(group => group is not (WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts)).Select(group => Identity.Of(new Subject.Group(group)));
        return [Person, Account, .. users, .. groups];
    }

    static IEnumerable<AccessRequest> Requests(AuditPolicy policy, DetectionRule rule) =>
        rule.Requests.IsEmpty
            ? [new AccessRequest.Resource("get", "", "pods", Namespace: "default", Name: "any"), new AccessRequest.Resource("list", "", "configmaps", Namespace: "default"), new AccessRequest.Resource("create", "apps", "deployments", Namespace: "default")]
            : rule.Requests.SelectMany(pattern => Requests(policy, pattern)).Distinct();

    static IEnumerable<AccessRequest> Requests(AuditPolicy policy, RequestPattern pattern) =>
        from verb in pattern.Verbs.IsEmpty ? Names.Of("get", "create") : pattern.Verbs
        from @group in pattern.ApiGroups.IsEmpty ? Names.Of("") : pattern.ApiGroups
        from resource in pattern.Resources
        let parts = resource.Split('/', 2)
        from ns in NamespacesFor(policy, @group, parts[0])
        select (AccessRequest)new AccessRequest.Resource(verb, @group, parts[0], parts.Length > 1 ? parts[1] : "", ns, verb is "list" or "watch" or "create" && parts.Length == 1 ? "" : "any");

    static IEnumerable<string> NamespacesFor(AuditPolicy policy, string group, string plural) =>
        KnownResources.AreNamespaced(group, plural) == false ? [""] : policy.Rules.SelectMany(rule => rule.Namespaces).Where(ns => ns.Length > 0).Append("default").Distinct();

    /// <summary>Where a policy would write down what nobody should read, sorted.</summary>
    public static ImmutableArray<string> Leaks(AuditPolicy policy) =>
    [
        .. from probe in new (AccessRequest.Resource Request, AuditLevel From, string What)[]
           {
               (new("create", "", "secrets", Namespace: "default"), AuditLevel.Request, "the secrets that are created"),
               (new("update", "", "secrets", Namespace: "default", Name: "any"), AuditLevel.Request, "the secrets that are written"),
               (new("get", "", "secrets", Namespace: "default", Name: "any"), AuditLevel.RequestResponse, "the secrets that are read"),
               (new("create", "", "serviceaccounts", "token", "default", "any"), AuditLevel.RequestResponse, "the tokens that are made"),
               (new("create", "authentication.k8s.io", "tokenreviews"), AuditLevel.Request, "the tokens that are reviewed"),
               (new("create", "", "configmaps", Namespace: "default"), AuditLevel.RequestResponse, "config maps, which often hold passwords"),
           }
           let verdict = policy.LevelOf(Account, probe.Request)
           where verdict.Level >= probe.From
           orderby probe.What
           select $"rule {verdict.Rule} records {probe.What} ({probe.Request} at level {verdict.Level})",
    ];

    /// <summary>The smallest policy that feeds rules: bodies only where a rule reads them, everything only where a rule may concern anything.</summary>
    public static AuditPolicy Smallest(IReadOnlyCollection<DetectionRule> rules)
    {
        var bodies = Listed(rules.Where(rule => rule.Level > AuditLevel.Metadata));
        var others = Listed(rules.Where(rule => rule.Level == AuditLevel.Metadata)).Where(pattern => !bodies.Contains(pattern));
        var everything = rules.Any(rule => rule.Requests.IsEmpty && !rule.When.Contains(Circumstance.ByAnonymous));
        return new(
        [
            .. RulesAt(AuditLevel.Request, bodies),
            .. everything ? [] : RulesAt(AuditLevel.Metadata, others),
            .. !everything && rules.Any(rule => rule.When.Contains(Circumstance.ByAnonymous)) ? [new AuditPolicyRule { Level = AuditLevel.Metadata, Users = Names.Of(WellKnown.Anonymous) }] : Array.Empty<AuditPolicyRule>(),
            .. everything ? [new AuditPolicyRule { Level = AuditLevel.Metadata }] : Array.Empty<AuditPolicyRule>(),
        ], Names.Of("RequestReceived"));
    }

    static List<(string Group, string Resource, Names Verbs)> Listed(IEnumerable<DetectionRule> rules) =>
    [
        .. from rule in rules
           from pattern in rule.Requests
           from @group in pattern.ApiGroups.IsEmpty ? Names.Of("") : pattern.ApiGroups
           from resource in pattern.Resources
           group pattern.Verbs by (@group, resource) into same
           select (same.Key.@group, same.Key.resource, same.Any(verbs => verbs.IsEmpty) ? Names.None : Names.Of(same.SelectMany(verbs => verbs).Distinct().Order(StringComparer.Ordinal))),
    ];

    static IEnumerable<AuditPolicyRule> RulesAt(AuditLevel level, IEnumerable<(string Group, string Resource, Names Verbs)> patterns) =>
        from pattern in patterns
        group pattern by pattern.Verbs into same
        orderby same.Key.ToString()
        select new AuditPolicyRule
        {
            Level = level,
            Verbs = same.Key,
            Resources =
            [
                .. from pattern in same
                   group pattern.Resource by pattern.Group into ofGroup
                   orderby ofGroup.Key
                   select new AuditedResources(ofGroup.Key, Names.Of(ofGroup.Distinct().Order(StringComparer.Ordinal)), Names.None),
            ],
        };
}

/// <summary>How much of what it looks for a detection rule would see.</summary>
public enum Sight
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Some of it.</summary>
    Partly,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What an audit policy means for one detection rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Sight">How much it would see of what ordinary users and accounts do.</param>
/// <param name="LacksBodies">Whether it would miss what only a body tells.</param>
/// <param name="Blind">What it would not see, and which rule of the policy says so; sorted.</param>
/// <param name="BlindFor">Users and groups that the policy names, and of whom it would not see what it sees of others; sorted.</param>
public sealed record DetectionSight(DetectionRule Rule, Sight Sight, bool LacksBodies, ImmutableArray<string> Blind, ImmutableArray<string> BlindFor);
