using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>A kube-apiserver audit policy (audit.k8s.io/v1, kind Policy): how much of which requests the log records.</summary>
/// <param name="Rules">The first that fits decides; where none does, nothing is recorded.</param>
/// <param name="OmitStages">Stages that are recorded of no request.</param>
public sealed record AuditPolicy(ImmutableArray<AuditPolicyRule> Rules, Names OmitStages)
{
    /// <summary>What is recorded of a request, and which rule says so (apiserver audit/policy, checker.go).</summary>
    /// <param name="user">Who authenticated: of an impersonated request the impersonator.</param>
    /// <param name="request">What is asked.</param>
    public AuditVerdict LevelOf(Identity user, AccessRequest request)
    {
        for (var i = 0; i < Rules.Length; i++)
            if (Rules[i].Fits(user, request))
                return new(Rules[i].Level, i, Names.Of(OmitStages.Concat(Rules[i].OmitStages).Distinct()));
        return new(AuditLevel.None, null, OmitStages);
    }
}

/// <summary>What an audit policy says about a request.</summary>
/// <param name="Level">How much is recorded.</param>
/// <param name="Rule">The index of the rule that decides; null where none fits.</param>
/// <param name="OmitStages">Stages that are not recorded, those of the policy and of the rule together.</param>
public readonly record struct AuditVerdict(AuditLevel Level, int? Rule, Names OmitStages);

/// <summary>A rule of an audit policy. Every field that is not empty must fit.</summary>
public sealed record AuditPolicyRule
{
    /// <summary>How much is recorded.</summary>
    public required AuditLevel Level { get; init; }

    /// <summary>User names.</summary>
    public Names Users { get; init; } = Names.None;

    /// <summary>Groups; one of the user's is enough.</summary>
    public Names UserGroups { get; init; } = Names.None;

    /// <summary>Verbs; <c>*</c> has no meaning here.</summary>
    public Names Verbs { get; init; } = Names.None;

    /// <summary>Resources by API group.</summary>
    public ImmutableArray<AuditedResources> Resources { get; init; } = [];

    /// <summary>Namespaces; the empty text is for requests without one.</summary>
    public Names Namespaces { get; init; } = Names.None;

    /// <summary>URLs outside the API's resources; <c>*</c>, or a prefix before a trailing star.</summary>
    public Names NonResourceUrls { get; init; } = Names.None;

    /// <summary>Stages that are not recorded.</summary>
    public Names OmitStages { get; init; } = Names.None;

    /// <summary>Whether the rule is about a request.</summary>
    public bool Fits(Identity user, AccessRequest request) =>
        (Users.IsEmpty || Users.Lists(user.User))
        && (UserGroups.IsEmpty || user.Groups.Any(UserGroups.Lists))
        && (Verbs.IsEmpty || Verbs.Lists(request.Verb))
        && FitsWhat(request);

    // A rule with namespaces or resources is about resources only, one with URLs about the rest only; one with neither is about both.
    bool FitsWhat(AccessRequest request)
    {
        if (!Namespaces.IsEmpty || !Resources.IsEmpty)
            return request is AccessRequest.Resource resource
                && (Namespaces.IsEmpty || Namespaces.Lists(resource.Namespace))
                && (Resources.IsEmpty || Resources.Any(listed => listed.Fits(resource)));
        return NonResourceUrls.IsEmpty || (request is AccessRequest.Path path && NonResourceUrls.Any(pattern => FitsUrl(pattern, path.Url)));
    }

    static bool FitsUrl(string pattern, string url) =>
        pattern == "*" || pattern == url || (pattern.EndsWith('*') && url.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));
}

/// <summary>Resources of one API group in an audit policy.</summary>
/// <param name="Group">The API group, <c>*</c> for any; empty for the core group.</param>
/// <param name="Resources">
/// <c>pods</c> for the resource alone, <c>pods/log</c>, <c>pods/*</c>, <c>*/scale</c>, <c>*</c> for all; empty for all of the group.
/// </param>
/// <param name="ResourceNames">Names of objects, as the URL has them; empty for any.</param>
public sealed record AuditedResources(string Group, Names Resources, Names ResourceNames)
{
    /// <summary>Whether a request is for one of these.</summary>
    public bool Fits(AccessRequest.Resource request) =>
        (Group == "*" || Group == request.ApiGroup)
        && (Resources.IsEmpty || Resources.Any(resource => FitsResource(resource, request)))
        && (ResourceNames.IsEmpty || ResourceNames.Lists(request.Name));

    // "pods/*" covers "pods" itself as well: the code compares only what stands before the slash, whatever its comment says.
    static bool FitsResource(string pattern, AccessRequest.Resource request) =>
        pattern == "*" || pattern == request.Spelling
        || (pattern.StartsWith("*/", StringComparison.Ordinal) && request.Subresource.Length > 0 && pattern[2..] == request.Subresource)
        || (pattern.EndsWith("/*", StringComparison.Ordinal) && pattern[..^2] == request.Plural);
}
