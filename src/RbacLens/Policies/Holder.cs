using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>One binding's worth of permissions.</summary>
sealed record Holding(Subject Subject, Binding Binding, Role Role) : IScoped
{
    public Scope Scope => Binding.Scope;
}

/// <summary>A subject with everything bound to it by name.</summary>
/// <param name="Subject">In its one spelling.</param>
/// <param name="Own">What bindings give it directly; bindings to missing roles give nothing. The whole cluster first, then by namespace.</param>
sealed record Holder(Subject Subject, ImmutableArray<Holding> Own)
{
    /// <summary>Every subject that a binding names, sorted.</summary>
    public static ImmutableArray<Holder> All(Snapshot snapshot, Authorizer authorizer)
    {
        var bySubject = new Dictionary<Subject, List<Holding>>();
        foreach (var binding in snapshot.Bindings.OrderBy(binding => binding.Scope))
        {
            if (authorizer.Resolve(binding) is not { } role)
                continue;
            foreach (var subject in binding.Subjects.Length == 1 ? binding.Subjects : [.. binding.Subjects.Distinct()])
                if (subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
                    Holdings(subject.Canonical).Add(new(subject, binding, role));
        }

        return [.. bySubject.Select(held => new Holder(held.Key, [.. held.Value])).OrderBy(holder => holder.About)];

        List<Holding> Holdings(Subject subject)
        {
            if (!bySubject.TryGetValue(subject, out var holdings))
                bySubject.Add(subject, holdings = []);
            return holdings;
        }
    }

    /// <summary>The subject, as what findings are about.</summary>
    public Target About { get; } = Target.Of(Subject);

    /// <summary>What bindings give it in one namespace; the empty string for the whole cluster.</summary>
    public ReadOnlySpan<Holding> OwnIn(string @namespace) => Own.AsSpan().In(@namespace);

    /// <summary>The groups that the API server puts this subject into by itself.</summary>
    public IEnumerable<Subject> ImplicitGroups => Groups ??
        Identity.GroupsOf(Subject).Select(group => (Subject)new Subject.Group(group)).Where(group => group != Subject);

    /// <summary>In place of <see cref="ImplicitGroups"/>, for a holder to whom one of them was given as its own.</summary>
    public IEnumerable<Subject>? Groups { get; init; }

    /// <summary>Whether everyone is meant: all service accounts, everybody who logs in, or everybody who does not.</summary>
    public bool IsEveryone => Subject
        is Subject.Group { Name: WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts }
        or Subject.User { Name: WellKnown.Anonymous };
}
