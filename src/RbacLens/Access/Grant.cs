using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>What reaches one subject in one scope through one binding; the evidence every answer carries.</summary>
/// <param name="Subject">The subject as the binding names it.</param>
/// <param name="Binding">The binding.</param>
/// <param name="Role">The role it refers to.</param>
/// <param name="Rules">The indexes of the role's rules that matter to the answer, ascending.</param>
public sealed record Grant(Subject Subject, Binding Binding, Role Role, ImmutableArray<int> Rules);
