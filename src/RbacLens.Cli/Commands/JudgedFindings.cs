using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Postures;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>The findings a command is to do something with, told by their fingerprints.</summary>
/// <param name="Findings">All there are.</param>
/// <param name="Detections">Those of a saved posture; they have fingerprints, too, which people mistake for a finding's.</param>
sealed record JudgedFindings(ImmutableArray<Finding> Findings, ImmutableArray<Detection> Detections)
{
    const int ShortestPrefix = 6;

    /// <summary>The findings of the input: those of a saved posture, or of what is judged now.</summary>
    public static async Task<JudgedFindings> ReadAsync(
        InputOptions input, string? policies, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (await SavedAsync(input, policies, parsed, terminal, cancellation) is { } saved)
            return saved;
        var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
        return new(Evaluation.Evaluate(snapshot, PolicyFiles.With(policies), await Shipped.StockAsync(snapshot, cancellation)), []);
    }

    /// <summary>The findings of the saved posture that is the input; null where the input is something else.</summary>
    public static async Task<JudgedFindings?> SavedAsync(
        InputOptions input, string? policies, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (input.OnlyFile(parsed) is not { } file || !await PostureFile.IsPostureAsync(file, cancellation))
            return null;
        // A saved posture does not say what its policies ask; the policies do.
        var asking = PolicyFiles.With(policies).ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        var saved = await PostureFile.ReadAsync(file, terminal.Input, cancellation);
        return new([.. saved.Findings.Select(finding => finding with { Policy = asking.GetValueOrDefault(finding.Policy.Id) ?? finding.Policy })], saved.Detections);
    }

    /// <summary>The findings of these fingerprints, in the order they were asked for; the beginning of one is enough where it is the only one.</summary>
    /// <exception cref="InputException">There is no such finding, or more than one.</exception>
    public ImmutableArray<Finding> Find(IEnumerable<string> fingerprints)
    {
        // What ships is under the same fingerprint as what was added to it.
        var known = Findings.OrderBy(finding => finding.IsStock).Select(finding => (finding.Fingerprint, finding)).DistinctBy(entry => entry.Fingerprint).ToList();
        return [.. fingerprints.Distinct(StringComparer.Ordinal).Select(One)];

        Finding One(string asked)
        {
            var fitting = known.Where(entry => entry.Fingerprint.StartsWith(asked, StringComparison.OrdinalIgnoreCase)).ToList();
            return asked.Length < ShortestPrefix ? throw new InputException($"{asked}: expected a fingerprint, or its first {ShortestPrefix} digits at least")
                : fitting is [var only] ? only.finding
                : fitting is [] ? throw IfDetection(asked) ?? new InputException($"{asked}: there is no finding with this fingerprint (-o json and -o wide show them)")
                : throw new InputException($"{asked}: {fitting.Count} findings begin so, expected more digits");
        }
    }

    /// <summary>What to say where no finding has this fingerprint and a detection has; null where none has.</summary>
    public InputException? IfDetection(string asked) =>
        Detections.FirstOrDefault(detection => detection.Fingerprint.StartsWith(asked, StringComparison.OrdinalIgnoreCase)) is { } detection
            ? new(Reports.Words.Printable($"{asked}: is a detection, not a finding: {detection.Id} by {Reports.Words.Short(detection.User)} in the audit log (-o wide says why); what is legitimate is told with audit --allow FILE"))
            : null;
}
