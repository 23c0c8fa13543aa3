using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>Something in a kubeconfig, or about an endpoint, that is not as it should be.</summary>
/// <param name="Check">The id of the policy that says why.</param>
/// <param name="About">What it is about.</param>
/// <param name="Because">What was found, without any secret.</param>
sealed record Observation(string Check, Target About, string Because)
{
    /// <summary>Observations as findings, worst first.</summary>
    /// <param name="observed">The observations.</param>
    /// <param name="policies">The policies they name, each with how bad it is.</param>
    public static ImmutableArray<Finding> Findings(IEnumerable<Observation> observed, IEnumerable<(Policy Policy, Severity Severity)> policies)
    {
        var known = policies.ToDictionary(one => one.Policy.Id, StringComparer.Ordinal);
        return
        [
            // What is said twice of one thing, as of a cluster's address and its proxy's, is one finding.
            .. observed.GroupBy(observation => (observation.Check, observation.About), observation => observation.Because)
                .Select(same => new Finding(
                    known[same.Key.Check].Policy, same.Key.About, [Rbac.Scope.Cluster], known[same.Key.Check].Severity, string.Join("; ", same.Distinct())))
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal)
                .ThenBy(finding => finding.About),
        ];
    }
}
