using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Postures;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>The findings a command is to do something with, told by their fingerprints.</summary>
static class JudgedFindings
{
    const int ShortestPrefix = 6;

    /// <summary>The findings of the input: those of a saved posture, or of what is judged now.</summary>
    public static async Task<ImmutableArray<Finding>> ReadAsync(
        InputOptions input, string? policies, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (await SavedAsync(input, policies, parsed, terminal, cancellation) is { } saved)
            return saved;
        var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
        return Evaluation.Evaluate(snapshot, PolicyFiles.With(policies), await Shipped.StockAsync(snapshot, cancellation));
    }

    /// <summary>The findings of the saved posture that is the input; null where the input is something else.</summary>
    public static async Task<ImmutableArray<Finding>?> SavedAsync(
        InputOptions input, string? policies, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (input.OnlyFile(parsed) is not { } file || !await PostureFile.IsPostureAsync(file, cancellation))
            return null;
        // A saved posture does not say what its policies ask; the policies do.
        var asking = PolicyFiles.With(policies).ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        var saved = await PostureFile.ReadAsync(file, terminal.Input, cancellation);
        return [.. saved.Findings.Select(finding => finding with { Policy = asking.GetValueOrDefault(finding.Policy.Id) ?? finding.Policy })];
    }

    /// <summary>The findings of these fingerprints, in the order they were asked for; the beginning of one is enough where it is the only one.</summary>
    /// <exception cref="InputException">There is no such finding, or more than one.</exception>
    public static ImmutableArray<Finding> Find(ImmutableArray<Finding> findings, IEnumerable<string> fingerprints)
    {
        // What ships is under the same fingerprint as what was added to it.
        var known = findings.OrderBy(finding => finding.IsStock).Select(finding => (finding.Fingerprint, finding)).DistinctBy(entry => entry.Fingerprint).ToList();
        return [.. fingerprints.Distinct(StringComparer.Ordinal).Select(One)];

        Finding One(string asked)
        {
            var fitting = known.Where(entry => entry.Fingerprint.StartsWith(asked, StringComparison.OrdinalIgnoreCase)).ToList();
            return asked.Length < ShortestPrefix ? throw new InputException($"{asked}: expected a fingerprint, or its first {ShortestPrefix} digits at least")
                : fitting is [var only] ? only.finding
                : fitting is [] ? throw new InputException($"{asked}: there is no finding with this fingerprint (-o json and -o wide show them)")
                : throw new InputException($"{asked}: {fitting.Count} findings begin so, expected more digits");
        }
    }
}
