using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What changed since an earlier posture, one line per finding, for reports that people read in a terminal.</summary>
static class ChangeLines
{
    const int MostShown = 10;

    /// <summary>What is new, reopened or changed.</summary>
    public static IEnumerable<string> News(Posture posture) => posture.Comparison is not { } comparison ? [] :
        from change in new[] { Change.New, Change.Reopened, Change.Changed }
        from line in Lines(change.Word(), posture.Findings.Where(finding => finding.Suppression is null && comparison.Of(finding) == change))
        select line;

    /// <summary>What is gone, and what cannot be told to be.</summary>
    public static IEnumerable<string> Gone(Posture posture) => posture.Comparison is not { } comparison ? [] :
        Lines("resolved", comparison.Resolved).Concat(Lines("cannot be told", comparison.Unclear))
            .Concat(Lines("cannot be told, not asked before", posture.Findings.Where(finding => finding is { Suppression: null, Detection: null } && comparison.Of(finding) == Change.Unknown)));

    static IEnumerable<string> Lines(string word, IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        foreach (var finding in all.Take(MostShown))
            yield return $"{word}: {finding.Severity.Word()} {finding.Policy.Id}, {finding.About} in {string.Join(", ", finding.Scopes.Select(scope => scope.IsCluster ? "the whole cluster" : scope.Namespace))}";
        if (all.Count > MostShown)
            yield return $"{word}: and {all.Count - MostShown} more";
    }
}
