using System.Collections.Immutable;

namespace RbacLens.Policies;

/// <summary>Findings that came and went between two looks at a cluster, told by fingerprint.</summary>
/// <param name="Came">Those that were not there before, worst first.</param>
/// <param name="Went">Those that are not there any more, worst first.</param>
public sealed record FindingChanges(ImmutableArray<Finding> Came, ImmutableArray<Finding> Went)
{
    /// <summary>Compares two lists of findings.</summary>
    public static FindingChanges Between(IReadOnlyCollection<Finding> old, IReadOnlyCollection<Finding> @new)
    {
        var before = old.Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var after = @new.Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. @new.Where(finding => !before.Contains(finding.Fingerprint))],
            [.. old.Where(finding => !after.Contains(finding.Fingerprint))]);
    }
}
