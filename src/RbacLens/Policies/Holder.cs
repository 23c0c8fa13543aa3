using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>One binding's worth of permissions.</summary>
sealed record Holding(Subject Subject, Binding Binding, Role Role)
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
        var holdings = from binding in snapshot.Bindings
                       let role = authorizer.Resolve(binding)
                       where role is not null
                       from subject in binding.Subjects.Distinct()
                       where subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 })
                       select new Holding(subject, binding, role);
        return
        [
            .. from holding in holdings
               group holding by holding.Subject.Canonical into held
               orderby Target.Of(held.Key)
               select new Holder(held.Key, [.. held.OrderBy(holding => holding.Scope)]),
        ];
    }

    /// <summary>The groups that the API server puts this subject into by itself.</summary>
    public IEnumerable<Subject> ImplicitGroups => Groups ??
        Identity.Of(Subject).Groups.Select(group => (Subject)new Subject.Group(group)).Where(group => group != Subject);

    /// <summary>In place of <see cref="ImplicitGroups"/>, for a holder to whom one of them was given as its own.</summary>
    public IEnumerable<Subject>? Groups { get; init; }

    /// <summary>Whether everyone is meant: all service accounts, everybody who logs in, or everybody who does not.</summary>
    public bool IsEveryone => Subject
        is Subject.Group { Name: WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts }
        or Subject.User { Name: WellKnown.Anonymous };
}
