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
            .. observed
                .Select(observation => new Finding(
                    known[observation.Check].Policy, observation.About, [Rbac.Scope.Cluster], known[observation.Check].Severity, observation.Because))
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal)
                .ThenBy(finding => finding.About)
                .ThenBy(finding => finding.Because, StringComparer.Ordinal),
        ];
    }
}
