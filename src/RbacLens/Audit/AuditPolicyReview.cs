using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What an audit policy means for detections: which it blinds, and where it would write down secrets.</summary>
public static class AuditPolicyReview
{
    /// <summary>One answer for each rule, in their order.</summary>
    public static ImmutableArray<DetectionSight> Sights(AuditPolicy policy, IEnumerable<DetectionRule> rules)
    {
        var reach = new AuditPolicyReach(policy);
        return [.. rules.Select(rule => SightOf(reach, rule))];
    }

    static DetectionSight SightOf(AuditPolicyReach reach, DetectionRule rule)
    {
        var usual = rule.When.Contains(Circumstance.ByAnonymous) ? AuditPolicyReach.Usual[2..] : AuditPolicyReach.Usual[..2];
        var reached = Kinds(rule).SelectMany(kind => reach.Of(kind, usual)).Concat(Urls(rule).SelectMany(url => reach.Of(url.Verb, url.Url, usual))).Where(found => !IsExcused(rule, found)).ToList();
        var blind = reached.Where(found => !IsSeen(rule, found.Verdict)).ToList();
        return new(rule,
            blind.Count == 0 ? Sight.Whole : blind.Count == reached.Count ? Sight.None : Sight.Partly,
            reached.Exists(found => IsSeen(rule, found.Verdict) && found.Verdict.Level < rule.Level),
            [.. blind.Where(found => found.NamedAs.Length == 0).Select(found => Describe(rule, found)).Distinct().Order(StringComparer.Ordinal)],
            [.. blind.Select(found => found.NamedAs).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)]);
    }

    // Whom a detection never speaks of may be left out of the log. Whoever does not log in is an identity of its own.
    static bool IsExcused(DetectionRule rule, ReachedRequest found) =>
        (rule.Unless.Contains(Circumstance.ByNode) && (found.NamedAs == "system:nodes" || found.NamedAs.StartsWith("system:node:", StringComparison.Ordinal)))
        || (rule.When.Contains(Circumstance.ByAnonymous) && found.Asking.User != WellKnown.Anonymous);

    // Without the answer the log does not say whether anything was allowed; and some things only a body tells.
    static bool IsSeen(DetectionRule rule, AuditVerdict verdict) => IsRecorded(verdict) && (!IsToldByBodyAlone(rule) || verdict.Level >= rule.Level);

    static bool IsRecorded(AuditVerdict verdict) => verdict.Level > AuditLevel.None && !verdict.OmitStages.Lists("ResponseComplete");

    static bool IsToldByBodyAlone(DetectionRule rule) => rule.When.Any(when => when is Circumstance.ForeignAddress or Circumstance.HostAccess or Circumstance.BelowBaseline);

    static string Describe(DetectionRule rule, ReachedRequest found) => $"{found.What}: " + (found.Verdict switch
    {
        { Rule: null } => "no rule is about it, so nothing is recorded",
        { Level: AuditLevel.None } => $"rule {found.Verdict.Rule} records nothing",
        _ when !IsRecorded(found.Verdict) => $"rule {found.Verdict.Rule} records no answer (omitStages)",
        _ => $"rule {found.Verdict.Rule} records no body, without which nothing is seen (level {found.Verdict.Level}, needs {rule.Level})",
    });

    static IEnumerable<AccessRequest.Resource> Kinds(DetectionRule rule) =>
        rule.Requests.IsEmpty
            ? [new("get", "", "pods"), new("list", "", "configmaps"), new("create", "apps", "deployments")]
            : rule.Requests.SelectMany(Kinds).Distinct();

    // What is told of a path that everybody may know is no alarm; a policy may leave it out.
    static IEnumerable<(string Verb, string Url)> Urls(DetectionRule rule) =>
        rule.Requests.IsEmpty
            ? [("get", "/metrics"), ("get", "/debug/pprof/profile")]
            : rule.Requests.SelectMany(pattern => from verb in pattern.Verbs.IsEmpty ? Names.Of("get") : pattern.Verbs from url in pattern.Urls select (verb, url)).Distinct();

    static IEnumerable<AccessRequest.Resource> Kinds(RequestPattern pattern) =>
        from verb in pattern.Verbs.IsEmpty ? Names.Of("get", "create") : pattern.Verbs
        from @group in IsOfAnyGroup(pattern) ? Names.Of("", "example.com") : pattern.ApiGroups
        from resource in pattern.Resources
        let parts = resource.Split('/', 2)
        select new AccessRequest.Resource(verb, @group, parts[0], parts.Length > 1 ? parts[1] : "");

    static bool IsOfAnyGroup(RequestPattern pattern) => pattern.ApiGroups.IsEmpty || pattern.ApiGroups.AdmitsAll;

    /// <summary>Where a policy would write down what nobody should read: of whomever, wherever and by whichever rule; sorted.</summary>
    public static ImmutableArray<string> Leaks(AuditPolicy policy)
    {
        var reach = new AuditPolicyReach(policy);
        return
        [
            .. from secret in Secrets
               from verb in secret.Verbs
               from found in reach.Of(new(verb, secret.ApiGroup, secret.Plural, secret.Subresource), AuditPolicyReach.Usual)
               where found.Verdict.Level >= secret.From
               group found by (found.Verdict.Rule, secret.What) into same
               orderby same.Key.Rule, same.Key.What
               let first = same.First()
               select $"rule {same.Key.Rule} records {same.Key.What} ({first.What} at level {first.Verdict.Level})",
        ];
    }

    // A request's body is recorded from Request on, the answer's from RequestResponse on. A patch of a secret answers with all of it.
    static readonly (Names Verbs, string ApiGroup, string Plural, string Subresource, AuditLevel From, string What)[] Secrets =
    [
        (Names.Of("create"), "", "secrets", "", AuditLevel.Request, "the secrets that are created"),
        (Names.Of("update", "patch"), "", "secrets", "", AuditLevel.Request, "the secrets that are written"),
        (Names.Of("get", "list", "watch"), "", "secrets", "", AuditLevel.RequestResponse, "the secrets that are read"),
        (Names.Of("delete", "deletecollection"), "", "secrets", "", AuditLevel.RequestResponse, "the secrets that are deleted"),
        (Names.Of("create"), "", "serviceaccounts", "token", AuditLevel.RequestResponse, "the tokens that are made"),
        (Names.Of("create"), "authentication.k8s.io", "tokenreviews", "", AuditLevel.Request, "the tokens that are reviewed"),
        (Names.Of("create", "update", "patch", "get", "list"), "", "configmaps", "", AuditLevel.RequestResponse, "config maps, which often hold passwords"),
    ];

    /// <summary>The smallest policy that feeds rules: bodies only where a rule reads them, everything only where a rule may concern anything.</summary>
    public static AuditPolicy Smallest(IReadOnlyCollection<DetectionRule> rules)
    {
        var bodies = Listed(rules.Where(rule => rule.Level > AuditLevel.Metadata));
        var others = Listed(rules.Where(rule => rule.Level == AuditLevel.Metadata)).Where(pattern => !bodies.Contains(pattern));
        var urls = rules.SelectMany(rule => rule.Requests).Where(pattern => !pattern.Urls.IsEmpty).ToList();
        var broad = rules.SelectMany(rule => rule.Requests.Select(pattern => (rule.Level, Pattern: pattern))).Where(one => !one.Pattern.Resources.IsEmpty && IsOfAnyGroup(one.Pattern)).ToList();
        var everything = rules.Any(rule => rule.Requests.IsEmpty && !rule.When.Contains(Circumstance.ByAnonymous));
        return new(
        [
            .. broad.Exists(one => one.Level > AuditLevel.Metadata) ? [AtMetadata] : Array.Empty<AuditPolicyRule>(),
            .. RulesAt(AuditLevel.Request, bodies),
            .. Broad(AuditLevel.Request, broad.Where(one => one.Level > AuditLevel.Metadata).Select(one => one.Pattern)),
            .. everything ? [] : RulesAt(AuditLevel.Metadata, others).Concat(Broad(AuditLevel.Metadata, broad.Where(one => one.Level == AuditLevel.Metadata).Select(one => one.Pattern))),
            .. everything ? [] : from pattern in urls select new AuditPolicyRule { Level = AuditLevel.Metadata, Verbs = pattern.Verbs, NonResourceUrls = pattern.Urls },
            .. !everything && rules.Any(rule => rule.When.Contains(Circumstance.ByAnonymous)) ? [new AuditPolicyRule { Level = AuditLevel.Metadata, Users = Names.Of(WellKnown.Anonymous) }] : Array.Empty<AuditPolicyRule>(),
            .. everything ? [new AuditPolicyRule { Level = AuditLevel.Metadata }] : Array.Empty<AuditPolicyRule>(),
        ], Names.Of("RequestReceived"));
    }

    static List<(string Group, string Resource, Names Verbs)> Listed(IEnumerable<DetectionRule> rules) =>
    [
        .. from rule in rules
           from pattern in rule.Requests
           where !IsOfAnyGroup(pattern)
           from @group in pattern.ApiGroups
           from resource in pattern.Resources
           group pattern.Verbs by (@group, resource) into same
           select (same.Key.@group, same.Key.resource, same.Any(verbs => verbs.IsEmpty) ? Names.None : Names.Of(same.SelectMany(verbs => verbs).Distinct().Order(StringComparer.Ordinal))),
    ];

    // Before Kubernetes 1.36 a policy cannot say "of any group": such a rule is about all there is.
    static IEnumerable<AuditPolicyRule> Broad(AuditLevel level, IEnumerable<RequestPattern> patterns) =>
        from pattern in patterns
        let verbs = pattern.Verbs.AdmitsAll ? Names.None : pattern.Verbs
        group verbs by verbs.ToString() into same
        select new AuditPolicyRule { Level = level, Verbs = same.First() };

    static AuditPolicyRule AtMetadata { get; } = new()
    {
        Level = AuditLevel.Metadata,
        Resources =
        [
            .. from secret in Secrets
               group secret.Subresource.Length == 0 ? secret.Plural : $"{secret.Plural}/{secret.Subresource}" by secret.ApiGroup into ofGroup
               orderby ofGroup.Key
               select new AuditedResources(ofGroup.Key, Names.Of(ofGroup.Distinct().Order(StringComparer.Ordinal)), Names.None),
        ],
    };

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
/// <param name="Sight">How much it would see of what anybody does.</param>
/// <param name="LacksBodies">Whether it would miss what only a body tells.</param>
/// <param name="Blind">What it would not see of anybody, and which rule of the policy says so; sorted.</param>
/// <param name="BlindFor">Users and groups that the policy names, and of whom it would not see all; sorted.</param>
public sealed record DetectionSight(DetectionRule Rule, Sight Sight, bool LacksBodies, ImmutableArray<string> Blind, ImmutableArray<string> BlindFor);
