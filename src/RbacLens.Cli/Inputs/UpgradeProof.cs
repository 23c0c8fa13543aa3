using System.Text;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Upgrades;

namespace RbacLens.Cli.Inputs;

/// <summary>Runs the examples of a change.</summary>
static class UpgradeProof
{
    /// <summary>Judges every example as <c>upgrade</c> would.</summary>
    public static async Task<IReadOnlyList<PolicyProof>> RunAsync(UpgradeChange change, IReadOnlyCollection<Policy> policies, CancellationToken cancellation)
    {
        var proofs = new List<PolicyProof>();
        foreach (var example in change.Examples)
        {
            var worst = await WorstAsync(change, example, policies, cancellation);
            proofs.Add(new(change.Policy.Id, example.Title, example.IsAffected ? example.Severity?.ToString() ?? "" : null, worst));
        }

        return proofs;
    }

    static async Task<Severity?> WorstAsync(UpgradeChange change, UpgradeExample example, IReadOnlyCollection<Policy> policies, CancellationToken cancellation)
    {
        var present = await ReadAsync(change, example, example.Manifests, cancellation);
        var next = example.Next is null ? null : await ReadAsync(change, example, example.Next, cancellation);
        var upgrade = new UpgradeCase(
            next ?? present, example.Path, policies, await Shipped.ReleaseAsync(example.Path.From, cancellation), await Shipped.ReleaseAsync(example.Path.To, cancellation))
        {
            Present = next is null ? null : present,
        };
        return UpgradeReview.Findings(upgrade, [change]).Where(finding => !finding.IsStock).Max(finding => (Severity?)finding.Severity);
    }

    static async Task<Snapshot> ReadAsync(UpgradeChange change, UpgradeExample example, string manifests, CancellationToken cancellation)
    {
        var source = new FileSource("default", recursive: false);
        var read = await source.ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(manifests)), default, cancellation);
        // A broken example would prove nothing by finding nothing.
        if (read.Gaps is [var gap, ..])
            throw new InputException($"change {change.Policy.Id}: example \"{example.Title}\": {gap.Detail}");
        return await Shipped.ApplyAsync(read with { Cluster = read.Cluster with { Version = example.Path.From.ToString() } }, cancellation);
    }
}
