using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Who may do more or less in one snapshot than in another.</summary>
public static class AccessChanges
{
    /// <summary>
    /// What each subject gained and lost, by meaning. A change of a group that the API server adds by itself is told of the group alone.
    /// </summary>
    /// <param name="old">Before.</param>
    /// <param name="new">After.</param>
    public static ImmutableArray<AccessChange> BySubject(Snapshot old, Snapshot @new)
    {
        var (before, after) = (new Holdings(old), new Holdings(@new));
        return
        [
            .. from subject in before.Subjects.Union(after.Subjects).Order(Subject.Comparer)
               // Whatever is granted to this group, it passes every check anyway.
               where subject is not Subject.Group { Name: WellKnown.Masters }
               where !AreSame(before.Own(subject), after.Own(subject))
               let gained = new Difference(before.All(subject)).Beyond(after.Own(subject))
               let lost = new Difference(after.All(subject)).Beyond(before.Own(subject))
               where gained.Length + lost.Length > 0
               select new AccessChange(subject, gained, lost),
        ];
    }

    /// <summary>What each role allows more or less, whoever is bound to it; a role that came or went counts with all it allows.</summary>
    /// <inheritdoc cref="BySubject"/>
    public static ImmutableArray<RoleChange> ByRole(Snapshot old, Snapshot @new)
    {
        var before = old.Roles.ToDictionary(role => (role.Kind, role.Scope, role.Name));
        var after = @new.Roles.ToDictionary(role => (role.Kind, role.Scope, role.Name));
        return
        [
            .. from key in before.Keys.Union(after.Keys).OrderBy(key => key.Kind, StringComparer.Ordinal).ThenBy(key => key.Scope).ThenBy(key => key.Name, StringComparer.Ordinal)
               let left = before.GetValueOrDefault(key)
               let right = after.GetValueOrDefault(key)
               where left is null || right is null || !left.Rules.Equals(right.Rules)
               let gained = Beyond(left, right)
               let lost = Beyond(right, left)
               where gained.Length + lost.Length > 0 || left is null || right is null
               select new RoleChange(left, right, gained, lost),
        ];
    }

    static ImmutableArray<Permission> Beyond(Role? held, Role? wanted) =>
        wanted is null ? [] : new Difference(held is null ? [] : [Alone(held)]).Beyond([Alone(wanted)]);

    // As if somebody were bound to it wherever it can be bound to most.
    static Grant Alone(Role role) => new(
        new Subject.Group(""), new(role.Scope, "", [], new(role.Kind, role.Name)), role, [.. Enumerable.Range(0, role.Rules.Count)]);

    // Whatever the bindings and roles are called.
    static bool AreSame(ImmutableArray<Grant> before, ImmutableArray<Grant> after) =>
        before.Select(Held).ToHashSet().SetEquals(after.Select(Held));

    static (Scope, RuleSet) Held(Grant grant) => (grant.Binding.Scope, grant.Role.Rules);
}

/// <summary>A subject whose permissions changed.</summary>
/// <param name="Subject">In its one spelling.</param>
/// <param name="Gained">What it may do now and could not before.</param>
/// <param name="Lost">What it could do before and may not now.</param>
public sealed record AccessChange(Subject Subject, ImmutableArray<Permission> Gained, ImmutableArray<Permission> Lost);

/// <summary>A role that allows something else than before.</summary>
/// <param name="Old">Before; null where there was none.</param>
/// <param name="New">After; null where there is none.</param>
/// <param name="Gained">What it allows now and did not before.</param>
/// <param name="Lost">What it allowed before and does not now.</param>
public sealed record RoleChange(Role? Old, Role? New, ImmutableArray<Permission> Gained, ImmutableArray<Permission> Lost)
{
    /// <summary>The role, as it is or was.</summary>
    public Role Role => New ?? Old!;
}
