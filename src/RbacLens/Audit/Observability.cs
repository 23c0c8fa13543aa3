using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// Whether an audit log would show the use of a rule. Some rights are asked for inside other requests, or by kubelets on their own port, and
/// an audit policy may record nothing of others.
/// </summary>
/// <param name="recorded">The policy the log was written by; null where it is not known, and everything counts as recorded.</param>
/// <param name="until">When the log ends; null where it does not say.</param>
sealed class Observability(AuditPolicy? recorded, DateTimeOffset? until)
{
    // Checked on the way of another request (facts in KubernetesAuthorizer: registry/rbac escalation_check.go, certauthorization.go and others).
    static readonly Names InnerVerbs = Names.Of("bind", "escalate", "approve", "sign", "attest", "use", "request-serviceaccounts-token-audience", "unsafe-delete-ignore-read-errors");

    // Only a kubelet asks for these, for calls to its own port (kubelet/server/auth.go). Through the API server it is always nodes/proxy.
    static readonly Names KubeletResources = Names.Of(
        "nodes/metrics", "nodes/stats", "nodes/log", "nodes/spec", "nodes/configz", "nodes/healthz", "nodes/pods", "nodes/checkpoint", "nodes/statusz");

    static readonly Names UsualVerbs = Names.Of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

    /// <summary>Whether a binding was there before the log ends, so that its use could be in it.</summary>
    public bool Reaches(Binding binding) => !(binding.Created >= until);

    /// <summary>Whether silence about this rule, as bound, says that it was not used.</summary>
    public bool Shows(Binding binding, PolicyRule rule) =>
        Reaches(binding)
        && !rule.Verbs.Any(InnerVerbs.Lists)
        && !rule.Resources.Any(KubeletResources.Lists)
        && (recorded is null || IsRecorded(recorded, binding.Scope, [.. binding.Subjects.Where(subject => subject is not Subject.Unknown).Select(Identity.Of)], rule));

    /// <summary>
    /// Whether silence about an account says that nobody used its token. Kubelets are asked on their own port, which no audit log of the API server
    /// shows.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="own">What is granted to it.</param>
    public bool Shows(Identity account, string @namespace, IEnumerable<Grant> own)
    {
        var rules = own.SelectMany(grant => grant.Rules.Select(rule => (grant.Binding.Scope, Rule: grant.Role.Rules[rule]))).ToList();
        return !rules.Exists(granted => granted.Rule.Resources.Any(resource => resource == "nodes/proxy" || KubeletResources.Lists(resource)))
            && (recorded is null || (
                recorded.LevelOf(account, new AccessRequest.Resource("list", "", "pods", Namespace: @namespace)).Level > AuditLevel.None
                && rules.TrueForAll(granted => IsRecorded(recorded, granted.Scope, [account], granted.Rule))));
    }

    static bool IsRecorded(AuditPolicy policy, Scope scope, IReadOnlyCollection<Identity> users, PolicyRule rule)
    {
        var requests = Requests(scope, rule).ToList();
        var levels = from request in requests from user in users select policy.LevelOf(user, request).Level;
        // Of a wildcard, some part that is not recorded is usual; what is listed one by one should be recorded one by one.
        return rule.Verbs.AdmitsAll || rule.Resources.AdmitsAll ? levels.Any(level => level > AuditLevel.None) : levels.All(level => level > AuditLevel.None);
    }

    // A policy may leave out objects by name, as the one in Kubernetes' documentation does with a leader election's ConfigMap.
    static IEnumerable<AccessRequest> Requests(Scope scope, PolicyRule rule) =>
        from request in Unnamed(scope, rule)
        from name in rule.ResourceNames.IsEmpty ? Names.Of("") : rule.ResourceNames
        select request is AccessRequest.Resource resource ? resource with { Name = name } : request;

    static IEnumerable<AccessRequest> Unnamed(Scope scope, PolicyRule rule)
    {
        var verbs = rule.Verbs.AdmitsAll ? UsualVerbs : rule.Verbs;
        var ns = scope.IsCluster ? "default" : scope.Namespace;
        foreach (var verb in verbs)
        {
            foreach (var url in rule.NonResourceUrls)
                yield return new AccessRequest.Path(verb, url.TrimEnd('*') is { Length: > 0 } path ? path : "/healthz");
            foreach (var group in rule.ApiGroups)
                foreach (var resource in rule.Resources)
                    yield return Request(verb, group == "*" ? "" : group, resource == "*" ? "pods" : resource, ns);
        }
    }

    static AccessRequest.Resource Request(string verb, string group, string resource, string @namespace)
    {
        var parts = resource.Split('/', 2);
        var plural = parts[0] == "*" ? "pods" : parts[0];
        return new(verb, group, plural, parts.Length > 1 ? parts[1] : "", KnownResources.AreNamespaced(group, plural) == false ? "" : @namespace);
    }
}
