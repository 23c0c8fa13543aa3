using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// What allowed a request, as the API server says it in a review's <c>status.reason</c> and in the audit annotation
/// <c>authorization.k8s.io/reason</c>.
/// </summary>
/// <param name="Scope">Where the binding is: the cluster for a ClusterRoleBinding.</param>
/// <param name="Binding">The binding's name.</param>
/// <param name="RoleRef">The role it refers to.</param>
/// <param name="Subject">The subject that applied; a service account always with its namespace.</param>
public sealed record AllowReason(Scope Scope, string Binding, RoleRef RoleRef, Subject Subject)
{
    const string Beginning = "RBAC: allowed by ";

    /// <summary>Reads a reason; null for anything that is not the RBAC authorizer's word for an allowed request.</summary>
    public static AllowReason? TryParse(string reason)
    {
        if (!reason.StartsWith(Beginning, StringComparison.Ordinal))
            return null;
        var rest = reason.AsSpan(Beginning.Length);
        return TakeNamed(ref rest, "") is { } binding
            && TakeNamed(ref rest, " of ") is { } role
            && TakeNamed(ref rest, " to ") is { } subject
            && rest.IsEmpty
            && ScopeOf(binding) is { } place
            && SubjectOf(subject) is { } who
            ? new(place.Scope, place.Name, new(role.Kind, role.Name), who)
            : null;
    }

    static (string Kind, string Name)? TakeNamed(ref ReadOnlySpan<char> text, string joint)
    {
        var space = text.StartsWith(joint) ? text[joint.Length..].IndexOf(" \"") : -1;
        if (space < 0)
            return null;
        var kind = text.Slice(joint.Length, space).ToString();
        text = text[(joint.Length + space + 1)..];
        return GoText.TakeQuoted(ref text) is { } name ? (kind, name) : null;
    }

    static (Scope Scope, string Name)? ScopeOf((string Kind, string Name) binding) => binding.Kind switch
    {
        "ClusterRoleBinding" => (Scope.Cluster, binding.Name),
        "RoleBinding" when Parted(binding.Name) is var (name, ns) => (new(ns), name),
        _ => null,
    };

    static Subject? SubjectOf((string Kind, string Name) subject) => subject.Kind switch
    {
        "User" => new Subject.User(subject.Name),
        "Group" => new Subject.Group(subject.Name),
        "ServiceAccount" when Parted(subject.Name) is var (name, ns) => new Subject.ServiceAccount(ns, name),
        _ => null,
    };

    // The name comes first here. No namespace holds a slash, so the last one is the joint.
    static (string Name, string Namespace)? Parted(string text) =>
        text.LastIndexOf('/') is > 0 and var slash && slash < text.Length - 1 ? (text[..slash], text[(slash + 1)..]) : null;
}
