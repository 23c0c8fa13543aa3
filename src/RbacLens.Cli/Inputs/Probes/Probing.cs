using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Probes;

/// <summary>Adds what probes find to what a scan of a live cluster found.</summary>
static class Probing
{
    // Whoever waits for a firewall that drops packets waits for each node in turn.
    static readonly ApiLimits Limits = ApiLimits.Default with { ConnectTimeout = TimeSpan.FromSeconds(5), RequestTimeout = TimeSpan.FromSeconds(10) };

    /// <summary>Runs the probes.</summary>
    /// <returns>The snapshot with what was refused as gaps, the policies with those of probes, and all findings, worst first.</returns>
    /// <exception cref="InputException">The snapshot is not of a live cluster.</exception>
    public static async Task<(Snapshot Snapshot, IReadOnlyList<Policy> Policies, ImmutableArray<Finding> Findings)> AddAsync(
        Snapshot snapshot, IReadOnlyList<Policy> policies, ImmutableArray<Finding> findings, ClusterOptions cluster, Terminal terminal, CancellationToken cancellation)
    {
        if (snapshot.Cluster.Source != "live")
            throw new InputException("--probe asks a live cluster, so it has no meaning beside --from");
        var probed = await new EndpointProbe(Connection.Find(cluster, terminal.Surroundings), Limits, terminal.Error).RunAsync(cancellation);
        return (
            snapshot with { Gaps = snapshot.Gaps.AddRange(probed.Gaps) },
            [.. policies.Concat(EndpointPolicies.BuiltIn.Select(policy => policy.Policy)).OrderBy(policy => policy.Id, StringComparer.Ordinal)],
            [
                .. findings.Concat(probed.Findings).OrderByDescending(finding => finding.Severity)
                    .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal).ThenBy(finding => finding.About),
            ]);
    }
}
