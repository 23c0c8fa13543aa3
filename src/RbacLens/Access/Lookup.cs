using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Finds bindings and roles by the name of a subject or a role.</summary>
public static class Lookup
{
    /// <summary>What is called so, each binding with the subjects that are meant.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="name">
    /// A name with <c>*</c> for any text and <c>?</c> for any character; <c>user:</c>, <c>group:</c>, <c>sa:</c> or <c>role:</c> before it says what
    /// it is a name of. Service accounts are called by name, by <c>namespace/name</c> and by username.
    /// </param>
    public static ImmutableArray<Bound> Find(Snapshot snapshot, string name)
    {
        var (kind, pattern) = Kind(name);
        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        var implied = Implied(snapshot, kind, pattern);
        var bySubject = from binding in snapshot.Bindings
                        where kind != "role"
                        let role = authorizer.Resolve(binding)
                        from subject in binding.Subjects.DistinctBy(subject => subject.Canonical)
                        let isCalled = IsCalled(subject.Canonical, kind, pattern)
                        where isCalled || implied.Contains(subject)
                        select new Bound(binding, role, subject.Canonical) { IsImplied = !isCalled };
        var byRole = from binding in snapshot.Bindings
                     where kind is "" or "role" && Matches(pattern, binding.RoleRef.Name)
                     let role = authorizer.Resolve(binding)
                     from subject in binding.Subjects.Cast<Subject?>().DefaultIfEmpty().DistinctBy(subject => subject?.Canonical)
                     select new Bound(binding, role, subject?.Canonical);
        var bound = bySubject.Concat(byRole).ToList();
        var used = bound.Select(one => one.Role).OfType<Role>().ToHashSet<Role>(ReferenceEqualityComparer.Instance);
        var unbound = from role in snapshot.Roles
                      where kind is "" or "role" && Matches(pattern, role.Name) && !used.Contains(role)
                      select new Bound(null, role, null);
        return
        [
            .. bound.Concat(unbound)
                .DistinctBy(one => (one.Binding?.Scope, one.Binding?.Name, one.Subject, one.Binding is null ? one.Role : null))
                .OrderBy(one => one.Subject is null)
                .ThenBy(one => one.IsImplied)
                .ThenBy(one => one.Subject, Comparer<Subject?>.Create(Compare))
                .ThenBy(one => one.Binding?.Scope ?? one.Role!.Scope)
                .ThenBy(one => one.Binding?.Name ?? one.Role!.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a text is what a pattern of <c>*</c> and <c>?</c> stands for.</summary>
    public static bool Matches(string pattern, string text)
    {
        // The last star takes one more character whenever the rest does not fit.
        var (p, t, star, taken) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] != '*' && (pattern[p] == '?' || pattern[p] == text[t]))
                (p, t) = (p + 1, t + 1);
            else if (p < pattern.Length && pattern[p] == '*')
                (star, taken, p) = (p, t, p + 1);
            else if (star >= 0)
                (p, t) = (star + 1, ++taken);
            else
                return false;
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    static (string Kind, string Pattern) Kind(string name) =>
        name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && name[..colon] is "user" or "group" or "sa" or "role"
            ? (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..])
            : ("", name);

    // A name that means service accounts or users means the groups that they are in by themselves, too.
    static HashSet<Subject> Implied(Snapshot snapshot, string kind, string pattern)
    {
        var meant = snapshot.Bindings.SelectMany(binding => binding.Subjects).Select(subject => subject.Canonical)
            .Concat(snapshot.Accounts.Select(account => account.Subject))
            .Where(subject => subject is Subject.User or Subject.ServiceAccount && IsCalled(subject, kind, pattern))
            .Distinct();
        return [.. meant.SelectMany(subject => Identity.Of(subject).Groups).Select(group => new Subject.Group(group))];
    }

    static bool IsCalled(Subject subject, string kind, string pattern) => subject switch
    {
        Subject.ServiceAccount account => kind is "" or "sa"
            && (Matches(pattern, account.Name) || Matches(pattern, $"{account.Namespace}/{account.Name}") || Matches(pattern, WellKnown.Username(account.Namespace, account.Name))),
        Subject.User => kind is "" or "user" && Matches(pattern, subject.Name),
        Subject.Group => kind is "" or "group" && Matches(pattern, subject.Name),
        _ => kind.Length == 0 && Matches(pattern, subject.Name),
    };

    static int Compare(Subject? left, Subject? right) =>
        left is null || right is null ? (left is null ? 1 : 0) - (right is null ? 1 : 0) : Subject.Comparer.Compare(left, right);
}

/// <summary>A subject and a binding that gives it a role.</summary>
/// <param name="Binding">The binding; null for a role that nobody is bound to.</param>
/// <param name="Role">The role; null where the binding refers to one that does not exist.</param>
/// <param name="Subject">The subject; null for a binding without any, and for a role that nobody is bound to.</param>
public sealed record Bound(Binding? Binding, Role? Role, Subject? Subject)
{
    /// <summary>Whether the subject is a group that the one in question is in by itself.</summary>
    public bool IsImplied { get; init; }
}
