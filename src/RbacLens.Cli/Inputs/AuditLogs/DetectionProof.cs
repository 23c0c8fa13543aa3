using System.Text;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Judges the examples of detection rules.</summary>
static class DetectionProof
{
    /// <summary>What comes of every example of a rule.</summary>
    public static async Task<IReadOnlyList<PolicyProof>> RunAsync(DetectionRule rule, CancellationToken cancellation)
    {
        var proofs = new List<PolicyProof>();
        foreach (var example in rule.Yields)
            proofs.Add(new(rule.Id, example.Title, example.Severity?.ToString() ?? "", await WorstAsync(rule, example, cancellation)));
        foreach (var example in rule.Silent)
            proofs.Add(new(rule.Id, example.Title, null, await WorstAsync(rule, example, cancellation)));
        return proofs;
    }

    static async Task<Severity?> WorstAsync(DetectionRule rule, EventExample example, CancellationToken cancellation)
    {
        var cluster = example.Objects is { } objects ? await SnapshotAsync(objects, cancellation) : null;
        var detector = new Detector([rule], new() { Stock = await Shipped.TrafficAsync(null, cancellation), Cluster = cluster });
        var reader = new AuditLogReader(TimeWindow.Always, detector.InterestIn, progress: null);
        var log = await reader.ReadAsync([new("example", 0, () => new MemoryStream(Encoding.UTF8.GetBytes(example.Events)))], further: null, cancellation);
        // A broken example would prove nothing by yielding nothing.
        if (log.Notes.Broken + log.Notes.Foreign > 0)
            throw new InputException($"policy {rule.Id}: example \"{example.Title}\": holds something that is no audit event");
        return detector.Detect(log).Max(detection => (Severity?)detection.Severity);
    }

    static async Task<Snapshot> SnapshotAsync(string objects, CancellationToken cancellation)
    {
        var source = new FileSource("default", recursive: false);
        return await Shipped.ApplyAsync(await source.ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(objects)), default, cancellation), cancellation);
    }
}
