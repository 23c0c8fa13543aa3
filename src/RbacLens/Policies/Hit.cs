using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>One case of one policy that holds for one subject in one scope.</summary>
/// <param name="Holder">For whom.</param>
/// <param name="Policy">Which policy.</param>
/// <param name="Case">Which case of it.</param>
/// <param name="Scope">Where.</param>
/// <param name="Names">The object names it is limited to; empty for any.</param>
/// <param name="Grants">The evidence.</param>
sealed record Hit(Holder Holder, Policy Policy, Case Case, Scope Scope, ImmutableArray<string> Names, ImmutableArray<Grant> Grants)
{
    public bool ForAnyName => Names.IsEmpty;
}
