using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>A grant that allows something like the request, but not the request.</summary>
/// <param name="Grant">The grant, with the rules that come near.</param>
/// <param name="Lacks">What keeps it from allowing the request, one line.</param>
public sealed record NearMiss(Grant Grant, string Lacks)
{
    /// <summary>Why a refused request was refused: every grant that differs from it in one thing alone, as the grants come.</summary>
    public static IEnumerable<NearMiss> Of(EffectivePermissions held, AccessRequest request) =>
        from grant in held.Grants
        let missed = grant.Rules.Select(rule => (Index: rule, Why: Why(grant.Binding.Scope, grant.Role.Rules[rule], request))).Where(one => one.Why is not null).ToList()
        where missed.Count > 0
        from same in missed.GroupBy(one => one.Why!, one => one.Index)
        select new NearMiss(grant with { Rules = [.. same] }, same.Key);

    static string? Why(Scope scope, PolicyRule rule, AccessRequest request)
    {
        if (!scope.IsCluster && scope.Namespace != request.Namespace)
            return !rule.Allows(request) ? null
                : request is AccessRequest.Path ? $"a RoleBinding never grants URLs"
                : request.Namespace.Length == 0 ? $"only in namespace {scope.Namespace}, not in the whole cluster"
                : $"only in namespace {scope.Namespace}";
        return request switch
        {
            AccessRequest.Resource resource => Why(rule, resource),
            AccessRequest.Path path when !rule.Verbs.Admits(path.Verb) && (rule with { Verbs = Names.Of("*") }).Allows(path) => Verbs(rule),
            _ => null,
        };
    }

    static string? Why(PolicyRule rule, AccessRequest.Resource request)
    {
        if (!rule.ResourceNames.IsEmpty && (rule with { ResourceNames = Names.None }).Allows(request))
            return request.Name.Length == 0
                ? $"only for objects of certain names ({rule.ResourceNames}), and the request names none"
                : $"only for objects of other names ({rule.ResourceNames})";
        if (!rule.Verbs.IsEmpty && (rule with { Verbs = Names.Of("*") }).Allows(request))
            return Verbs(rule);
        var parent = new AccessRequest.Resource(request.Verb, request.ApiGroup, request.Plural, "", request.Namespace, request.Name);
        return request.Subresource.Length > 0 && rule.Allows(parent) ? $"only {request.Plural} itself, which never includes a subresource" : null;
    }

    static string Verbs(PolicyRule rule) => $"only the verbs {string.Join(", ", rule.Verbs)}";
}
