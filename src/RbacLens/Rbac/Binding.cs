using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>What a binding refers to.</summary>
/// <param name="Kind"><c>ClusterRole</c> or <c>Role</c>; anything else never resolves.</param>
/// <param name="Name">The role's name.</param>
public sealed record RoleRef(string Kind, string Name)
{
    /// <summary>Whether a ClusterRole is meant.</summary>
    public bool IsClusterRole => Kind == "ClusterRole";
}

/// <summary>A ClusterRoleBinding (scope: the cluster) or a RoleBinding (scope: its namespace).</summary>
/// <param name="Scope">Where the binding grants.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Subjects">Whom it grants to; a RoleBinding's service accounts already carry its namespace where they had none.</param>
/// <param name="RoleRef">What it grants.</param>
public sealed record Binding(Scope Scope, string Name, ImmutableArray<Subject> Subjects, RoleRef RoleRef)
{
    /// <summary>Whether the API server restores it to what ships when it starts; the autoupdate annotation can say no.</summary>
    public bool IsReconciled { get; init; } = true;

    /// <summary>When this object was made, to a second; null where nothing says it. One that is deleted and made again is another.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary><c>ClusterRoleBinding</c> or <c>RoleBinding</c>.</summary>
    public string Kind => Scope.IsCluster ? "ClusterRoleBinding" : "RoleBinding";
}
