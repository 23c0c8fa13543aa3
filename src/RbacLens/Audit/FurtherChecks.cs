using System.Diagnostics.CodeAnalysis;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// What the API server asks beside a request, of which the log shows nothing: <c>create</c> for what an update or server-side apply makes
/// (endpoints/handlers, withAuthorization), <c>bind</c> and <c>escalate</c> for rights that are handed on (registry/rbac, escalation_check.go),
/// <c>approve</c> and <c>sign</c> for certificates, <c>attest</c> for bundles of them (plugin/pkg/admission/certificates).
/// </summary>
/// <param name="cluster">Today's roles, bindings and certificate signing requests; null where only the log is known.</param>
/// <param name="held">What the subject will hold in a scope without any of this.</param>
sealed class FurtherChecks(Snapshot? cluster, Func<Scope, IReadOnlyList<PolicyRule>> held)
{
    const string Rbac = "rbac.authorization.k8s.io";
    const string Certificates = "certificates.k8s.io";
    const int MostExamples = 5;

    readonly SortedDictionary<string, SortedSet<string>> granted = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, SortedSet<string>> unknown = new(StringComparer.Ordinal);

    /// <summary>What people should know about it.</summary>
    public IEnumerable<string> Notes =>
        granted.Select(one => $"{one.Key} is granted because writing {Examples(one.Value)} takes it, or every right of that role: it is as good as those rights")
            .Concat(unknown.Select(one => $"{one.Key}, which is not granted because the log does not say which (an audit policy of level Request would): {Examples(one.Value)}"));

    /// <summary>Whether it can only be told from a request's body.</summary>
    public static bool DependOnBody(Deed deed) =>
        deed is { Outcome: Outcome.Allowed, Request: AccessRequest.Resource asked } && (HandsOn(asked) || VerbOnSigner(asked) is not null);

    /// <summary>The creation that an update or a server-side apply turned out to be; it carries the name, unlike others. Null for most deeds.</summary>
    public static AccessRequest.Resource? Creation(Deed deed) =>
        deed is { Code: 201, Request: AccessRequest.Resource { Verb: "patch" or "update", Subresource.Length: 0 } asked } ? asked with { Verb = "create" } : null;

    /// <summary>Adds what was asked beside an allowed request. What failed afterwards proves nothing of it.</summary>
    public void AddTo(Needs needs, DeedCount count)
    {
        var deed = count.Deed;
        if (deed.Code >= 400 || deed.Request is not AccessRequest.Resource asked)
            return;
        if (VerbOnSigner(asked) is { } verb)
            AddSigner(needs, deed, asked, verb);
        // What changes nothing but owners is not checked (registry/rbac, IsOnlyMutatingGCFields); a label is.
        else if (HandsOn(asked) && deed.Body is not { Touches: <= Part.Ownership })
            AddHandingOn(needs, count, asked);
    }

    static bool HandsOn(AccessRequest.Resource asked) => asked is
    {
        ApiGroup: Rbac, Verb: "create" or "update" or "patch", Spelling: "roles" or "clusterroles" or "rolebindings" or "clusterrolebindings",
    };

    static string? VerbOnSigner(AccessRequest.Resource asked) => asked switch
    {
        { ApiGroup: Certificates, Verb: "update" or "patch", Spelling: "certificatesigningrequests/approval" } => "approve",
        { ApiGroup: Certificates, Verb: "update" or "patch", Spelling: "certificatesigningrequests/status" } => "sign",
        { ApiGroup: Certificates, Verb: "create" or "update" or "patch", Spelling: "clustertrustbundles" } => "attest",
        _ => null,
    };

    void AddSigner(Needs needs, Deed deed, AccessRequest.Resource asked, string verb)
    {
        var signer = deed.Body is { Signer.Length: > 0 } body ? body.Signer
            : asked.Plural == "certificatesigningrequests" ? cluster?.SigningRequests.FirstOrDefault(request => request.Name == deed.ObjectName)?.Signer
            : null;
        // A bundle needs no signer, and then nothing is asked.
        if (signer is null && deed.Body is not null && asked is { Plural: "clustertrustbundles", Verb: not "patch" })
            return;
        if (signer is null)
            Note(unknown, $"{asked.Verb} {asked.Spelling} takes {verb} on the signer as well", deed);
        else if (new AccessRequest.Resource(verb, Certificates, "signers", Name: signer) is var needed && !Holds(Scope.Cluster, needed))
            needs.TryAdd(needed, deed);
    }

    void AddHandingOn(Needs needs, DeedCount count, AccessRequest.Resource asked)
    {
        var deed = count.Deed;
        var scope = new Scope(deed.Namespace);
        if (!TryHandedOn(count, asked, scope, out var instead, out var rights))
            Note(unknown, asked.Plural is "roles" or "clusterroles"
                ? $"{asked.Verb} {asked.Spelling} takes every right that is written into the role as well, or escalate on it"
                : $"{asked.Verb} {asked.Spelling} takes every right of the role as well, or bind on it", deed);
        else if (!Holds(scope, instead) && (rights is null || !Coverage.Covers(held(scope), rights)) && needs.TryAdd(instead, deed))
            Note(granted, SubjectUse.Text(instead), deed);
    }

    // Whoever does not hold what is handed on needs this instead. A request that creates a role has no name, so that escalate has none either.
    bool TryHandedOn(DeedCount count, AccessRequest.Resource asked, Scope scope, [NotNullWhen(true)] out AccessRequest.Resource? instead, out IEnumerable<PolicyRule>? rights)
    {
        var deed = count.Deed;
        (instead, rights) = (null, null);
        if (asked.Plural is "roles" or "clusterroles")
        {
            rights = WrittenInto(count, asked, scope);
            instead = rights is null ? null : new("escalate", Rbac, asked.Plural, Namespace: deed.Namespace, Name: asked.Name);
        }
        else if ((deed.Body?.RoleRef ?? cluster?.Bindings.FirstOrDefault(binding => binding.Scope == scope && binding.Name == deed.ObjectName && !(binding.Created > count.Last))?.RoleRef) is { } role)
        {
            instead = new("bind", Rbac, role.IsClusterRole ? "clusterroles" : "roles", Namespace: deed.Namespace, Name: role.Name);
            rights = cluster?.Roles.FirstOrDefault(known => known.Kind == role.Kind && known.Name == role.Name && (role.IsClusterRole || known.Scope == scope))?.Rules;
        }

        return instead is not null;
    }

    // All the rules that a role has afterwards count, not only those that change; of what the log does not hold, the role as it is today tells. Who
    // gathers others' rules needs every right (registry/rbac/clusterrole, fullAuthority).
    IEnumerable<PolicyRule>? WrittenInto(DeedCount count, AccessRequest.Resource asked, Scope scope) =>
        count.Deed.Body is { IsAggregated: true } ? KeptRights.Everything
        : count.Deed.Body is { HoldsAllRules: true } body ? body.Rules
        : asked.Verb == "create" ? null
        : cluster?.Roles.FirstOrDefault(role => role.Scope == scope && role.Name == count.Deed.ObjectName && !(role.Created > count.Last))?.Rules.Concat(count.Deed.Body?.Rules ?? RuleSet.Empty);

    bool Holds(Scope scope, AccessRequest request) => held(scope).Any(rule => rule.Allows(request));

    static void Note(SortedDictionary<string, SortedSet<string>> notes, string text, Deed deed)
    {
        if (!notes.TryGetValue(text, out var objects))
            notes.Add(text, objects = new(StringComparer.Ordinal));
        objects.Add($"{((AccessRequest.Resource)deed.Request).Plural} {(deed.Namespace.Length == 0 ? "" : deed.Namespace + "/")}{deed.ObjectName}");
    }

    static string Examples(SortedSet<string> objects) =>
        string.Join(", ", objects.Take(MostExamples)) + (objects.Count > MostExamples ? $" and {objects.Count - MostExamples} more" : "");
}
