using System.Collections.Immutable;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A binding without which some identities no longer come to their goal, by any way.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Cuts">Who no longer gets there, sorted.</param>
/// <param name="Of">How many get there as things are.</param>
/// <param name="Breaks">What else would be lost, in one line.</param>
public sealed record ChokePoint(Binding Binding, ImmutableArray<Target> Cuts, int Of, string Breaks)
{
    /// <summary>How often it was used, as the audit log shows; null without a log, or where the log could not show it.</summary>
    public UseCount? Usage { get; init; }
}
