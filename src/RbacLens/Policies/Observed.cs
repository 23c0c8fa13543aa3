using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>A fact about one object.</summary>
/// <param name="About">The object.</param>
/// <param name="Because">What is so, in words.</param>
/// <param name="Account">Whom it concerns, if anyone: who that is decides how bad it is.</param>
sealed record Observed(Target About, string Because, Subject? Account = null)
{
    /// <summary>Whether all of it ships with Kubernetes.</summary>
    public bool IsStock { get; init; }

    /// <summary>How bad, where the fact itself says so.</summary>
    public Severity? Severity { get; init; }

    /// <summary>Where, for what stands in several namespaces; empty for the object's own.</summary>
    public ImmutableArray<Scope> Scopes { get; init; } = [];

    /// <summary>A fact about a role.</summary>
    public static Observed Of(Role role, string because) => new(new(role.Kind, role.Scope.Namespace, role.Name), because);

    /// <summary>A fact about a binding.</summary>
    public static Observed Of(Binding binding, string because, Subject? account = null) =>
        new(new(binding.Kind, binding.Scope.Namespace, binding.Name), because, account);
}
