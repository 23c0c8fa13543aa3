using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>What came of one example of a policy.</summary>
/// <param name="Policy">The policy's id.</param>
/// <param name="Title">The example's title.</param>
/// <param name="Expected">What should be found; null for nothing, an empty text for the finding with any severity.</param>
/// <param name="Found">The worst severity that was found; null for nothing.</param>
sealed record PolicyProof(string Policy, string Title, string? Expected, Severity? Found)
{
    /// <summary>Whether the example shows what it says.</summary>
    public bool Holds => Expected is null ? Found is null : Found is { } found && (Expected.Length == 0 || Expected == found.ToString());

    /// <summary>Judges every example of a policy, together with all policies, since severities depend on each other.</summary>
    public static async Task<IReadOnlyList<PolicyProof>> RunAsync(Policy policy, IReadOnlyCollection<Policy> all, CancellationToken cancellation)
    {
        var proofs = new List<PolicyProof>();
        foreach (var example in policy.Violating)
            proofs.Add(new(policy.Id, example.Title, example.Severity?.ToString() ?? "", await WorstAsync(policy, example, all, cancellation)));
        foreach (var example in policy.Conforming)
            proofs.Add(new(policy.Id, example.Title, null, await WorstAsync(policy, example, all, cancellation)));
        return proofs;
    }

    static async Task<Severity?> WorstAsync(Policy policy, Example example, IReadOnlyCollection<Policy> all, CancellationToken cancellation)
    {
        var source = new FileSource("default", recursive: false);
        var read = await source.ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(example.Manifests)), default, cancellation);
        var snapshot = await Shipped.ApplyAsync(read with { Cluster = read.Cluster with { Version = example.Version } }, cancellation);
        // A broken example would prove nothing by finding nothing.
        if (snapshot.Gaps is [var gap, ..])
            throw new InputException($"policy {policy.Id}: example \"{example.Title}\": {gap.Detail}");
        var stock = await Shipped.StockAsync(snapshot, cancellation);
        return Evaluation.Evaluate(snapshot, all, stock)
            .Where(finding => finding.Policy.Id == policy.Id && !finding.IsStock)
            .Max(finding => (Severity?)finding.Severity);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Policy}: {Title}: expected {Expected switch { null => "nothing", "" => "a finding", var severity => severity.ToLowerInvariant() }}, "
        + $"found {Found?.ToString().ToLowerInvariant() ?? "nothing"}";
}
