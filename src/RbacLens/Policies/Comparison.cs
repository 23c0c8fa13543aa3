using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>What became of a finding since an earlier posture.</summary>
public enum Change
{
    /// <summary>It was there before, just so.</summary>
    Unchanged,

    /// <summary>It was there, with another severity or other scopes.</summary>
    Changed,

    /// <summary>It was open, and has been accepted since.</summary>
    Accepted,

    /// <summary>It was accepted, and no longer is.</summary>
    Reopened,

    /// <summary>It was not there before.</summary>
    New,

    /// <summary>It is there now, and nobody asked for it before: its policy was not asked then, or no audit log was read.</summary>
    Unknown,
}

/// <summary>How a posture differs from an earlier one.</summary>
/// <param name="Cluster">Where the earlier one was taken.</param>
/// <param name="CollectedAt">When.</param>
/// <param name="Tool">By which version.</param>
public sealed record Comparison(ClusterInfo Cluster, DateTimeOffset CollectedAt, string Tool)
{
    /// <summary>What became of each finding that is there now, by fingerprint.</summary>
    public ImmutableSortedDictionary<string, Change> Changes { get; init; } = ImmutableSortedDictionary.Create<string, Change>(StringComparer.Ordinal);

    /// <summary>Findings that were open and are gone; without their grants.</summary>
    public ImmutableArray<Finding> Resolved { get; init; } = [];

    /// <summary>
    /// Findings that were open and are not there now, without that being good news: their policy was not asked this time, or could not be decided.
    /// </summary>
    public ImmutableArray<Finding> Unclear { get; init; } = [];

    /// <summary>
    /// Those that changed and are no worse, by fingerprint: less severe, in fewer scopes, or as bad by themselves as before, with another
    /// finding leading. Empty for a comparison that was read from a report.
    /// </summary>
    public ImmutableHashSet<string> NoWorse { get; init; } = [];

    /// <summary>The fingerprints of detections that the earlier posture does not have.</summary>
    public ImmutableSortedSet<string> NewDetections { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>How many detections both have.</summary>
    public int UnchangedDetections { get; init; }

    /// <summary>Detections that were open and that the log does not show any more.</summary>
    public ImmutableArray<Detection> ResolvedDetections { get; init; } = [];

    /// <summary>
    /// Detections that were open and are not there now, without that being good news: no log was read this time, not all of it could be, or their
    /// rule was not asked.
    /// </summary>
    public ImmutableArray<Detection> UnclearDetections { get; init; } = [];

    /// <summary>Whether an audit log was read for the earlier posture; without one nothing can be said of detections.</summary>
    public bool HadLog { get; init; } = true;

    /// <summary>Whether the earlier posture does not have a detection.</summary>
    public bool IsNew(Detection detection) => NewDetections.Contains(detection.Fingerprint);

    /// <summary>Whether a finding is bad news: it is new, open again, or worse than it was.</summary>
    public bool IsNews(Finding finding) =>
        Of(finding) is Change.New or Change.Reopened || (Of(finding) == Change.Changed && !NoWorse.Contains(finding.Fingerprint));

    /// <summary>Whether there is anything to say of detections.</summary>
    public bool IsAboutDetections => UnchangedDetections > 0 || NewDetections.Count > 0 || !ResolvedDetections.IsEmpty || !UnclearDetections.IsEmpty;

    /// <summary>How many findings that are there now changed so.</summary>
    public int Count(Change change) => Changes.Values.Count(one => one == change);

    /// <summary>What became of a finding.</summary>
    public Change Of(Finding finding) => finding.Detection is { } detection ? !HadLog ? Change.Unknown : IsNew(detection) ? Change.New : Change.Unchanged
        : Changes.GetValueOrDefault(finding.Fingerprint, Change.New);

    /// <summary>Compares two postures.</summary>
    /// <param name="earlier">The one before.</param>
    /// <param name="now">The one now.</param>
    public static Comparison Between(Posture earlier, Posture now)
    {
        // Hidden now means unknown now: what ships with Kubernetes counts only where both show it.
        var showsStock = now.HiddenStockFindings == 0;
        var before = earlier.Findings.Where(finding => showsStock || !finding.IsStock).DistinctBy(finding => finding.Fingerprint).ToList();
        var byFingerprint = before.ToDictionary(finding => finding.Fingerprint, StringComparer.Ordinal);
        var current = now.Findings.Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var elsewhere = before.Where(finding => !current.Contains(finding.Fingerprint)).ToLookup(finding => (finding.Policy.Id, finding.About));
        var changes = ImmutableSortedDictionary.CreateBuilder<string, Change>(StringComparer.Ordinal);
        var noWorse = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var hadLog = earlier.Usage is not null || !earlier.Detections.IsEmpty;
        // A posture without any policies is one of an older program, or about an audit log alone.
        var askedThen = earlier.Policies.IsEmpty ? null : earlier.Policies.Select(policy => policy.Id).ToHashSet(StringComparer.Ordinal);
        var moved = new HashSet<Finding>(ReferenceEqualityComparer.Instance);
        foreach (var finding in now.Findings)
        {
            var was = byFingerprint.GetValueOrDefault(finding.Fingerprint) ?? elsewhere[(finding.Policy.Id, finding.About)].FirstOrDefault(moved.Add);
            changes[finding.Fingerprint] = was is null && askedThen?.Contains(finding.Policy.Id) == false ? Change.Unknown : ChangeOf(was, finding);
            if (was is not null && !IsWorse(was, finding))
                noWorse.Add(finding.Fingerprint);
        }

        var asked = now.Policies.Select(policy => policy.Id).Except(now.Gaps.SelectMany(now.Undecided)).ToHashSet(StringComparer.Ordinal);
        var gone = before.Where(finding => finding.Suppression is null && !current.Contains(finding.Fingerprint) && !moved.Contains(finding)).ToList();
        var shown = now.Detections.Select(detection => detection.Fingerprint).ToImmutableSortedSet(StringComparer.Ordinal);
        var shownThen = earlier.Detections.Select(detection => detection.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var past = earlier.Detections.Where(detection => detection.Suppression is null && !shown.Contains(detection.Fingerprint)).ToLookup(detection => IsLookedFor(detection, now));
        return new(earlier.Cluster, earlier.CollectedAt, earlier.Tool)
        {
            Changes = changes.ToImmutable(),
            NoWorse = noWorse.ToImmutable(),
            HadLog = hadLog,
            NewDetections = !hadLog ? [] : shown.Except(shownThen),
            UnchangedDetections = shown.Count(shownThen.Contains),
            ResolvedDetections = [.. past[true]],
            UnclearDetections = [.. past[false]],
            Resolved = [.. gone.Where(finding => asked.Contains(finding.Policy.Id)).Select(WithoutEvidence)],
            Unclear = [.. gone.Where(finding => !asked.Contains(finding.Policy.Id)).Select(WithoutEvidence)],
        };
    }

    // The silence of a log that was not read, or of which a part is missing, proves nothing; nor does that of a rule that was not asked.
    static bool IsLookedFor(Detection detection, Posture now) =>
        now.Usage is { Requests: > 0 }
        && !now.Gaps.Any(gap => gap.Kind == ReadingGaps.Kind)
        && (now.DetectionRules.IsEmpty || now.DetectionRules.Any(rule => rule.Id == detection.Id));

    // What stood beside a lead that is gone leads now, and was as bad before. Postures of older programs do not say how bad.
    static bool IsWorse(Finding was, Finding now) =>
        (now.ByItself ?? now.Severity) > (was.ByItself ?? (was.Lead is null ? was.Severity : Severity.Critical))
        || !(was.Scopes.Contains(Scope.Cluster) || now.Scopes.All(was.Scopes.Contains));

    // The roles of then may have other rules now, and a report has room for one of each.
    static Finding WithoutEvidence(Finding finding) => finding with { Grants = [] };

    static Change ChangeOf(Finding? was, Finding now) => (was, now) switch
    {
        (null, _) => Change.New,
        ({ Suppression: null }, { Suppression: not null }) => Change.Accepted,
        ({ Suppression: not null }, { Suppression: null }) => Change.Reopened,
        _ => was.Severity == now.Severity && was.Fingerprint == now.Fingerprint ? Change.Unchanged : Change.Changed,
    };
}
