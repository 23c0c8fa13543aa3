using System.Collections.Immutable;
using RbacLens.Access;

namespace RbacLens.Audit;

/// <summary>What reading a log left open, as gaps that every report shows.</summary>
public static class ReadingGaps
{
    /// <summary>The kind of these gaps.</summary>
    public const string Kind = "AuditEvent";

    const int MostTold = 10;

    // What detections are about, and usage is counted for; workloads hold the tokens of accounts, and the version says what ships.
    static readonly ImmutableHashSet<string> Needed =
    [
        "*", "Version", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ServiceAccount",
        "Pod", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob",
    ];

    /// <summary>Those gaps of a cluster that leave open what a log shows: the others are the policies' matter, and a log is held against none.</summary>
    public static IEnumerable<Gap> OfCluster(Snapshot? cluster) => cluster is null ? [] : cluster.Gaps.Where(gap => Needed.Contains(gap.Kind));

    /// <summary>The gaps of a log, one that holds nothing of the time asked for included.</summary>
    public static ImmutableArray<Gap> Of(AuditLog log) =>
        log.IsOutsideOfWindow ? [new(Kind, Gap.Reasons.Absent, Outside(log)), .. Of(log.Notes)] : Of(log.Notes);

    /// <summary><c>no event within the time asked for; the log goes from … to …</c>.</summary>
    public static string Outside(AuditLog log) =>
        $"the audit log holds no event within the time asked for, so that nothing is known of it: its {log.Notes.OutOfWindow} events are from {Time(log.Notes.OutsideFrom)} to {Time(log.Notes.OutsideTo)}";

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown time";

    /// <summary>The gaps of what was read; none where that is all there was.</summary>
    public static ImmutableArray<Gap> Of(ReadingNotes notes) =>
    [
        .. from gap in new (bool IsThere, string Reason, string Detail)[]
           {
               (notes.Broken > 0, Gap.Reasons.Malformed, $"{notes.Broken} of {notes.Entries} entries of the audit log are not valid JSON (the first: {notes.FirstBroken})"),
               (notes.Foreign > 0, Gap.Reasons.Malformed, $"{notes.Foreign} of {notes.Entries} entries of the audit log are JSON, but no audit events"),
               (notes.Untimed > 0, Gap.Reasons.Malformed, $"{notes.Untimed} events of the audit log have no time, or an impossible one; they count whatever time is asked for"),
               (notes.NotKeptApart > 0, Gap.Reasons.Partial, $"{notes.NotKeptApart} requests were only counted: the log holds too many different ones to keep apart"),
               (notes.LostAtOneTime, Gap.Reasons.Partial, "more entries than Loki gives at once have the very same time, so some of them are missing (--loki-limit raises the page)"),
               (notes.NamesLeftOut, Gap.Reasons.Partial, "the audit log holds too many different requests, so names of objects were left out for some"),
           }
           where gap.IsThere
           select new Gap(Kind, gap.Reason, gap.Detail),
        .. from file in notes.CutOff
           select new Gap(Kind, Gap.Reasons.Malformed, $"{file}: the gzip data is broken, cut off, or followed by something else; only what stands before was read"),
        .. Unread(notes.LeftOut, "not read, since it does not begin like an audit log"),
        .. Unread(notes.Folders, "not read, since it is a folder below the one that was named"),
    ];

    static IEnumerable<Gap> Unread(ImmutableArray<string> paths, string why) =>
        paths.IsEmpty ? [] : [new(Kind, Gap.Reasons.Partial, $"{why}: {Few(paths)}")];

    static string Few(ImmutableArray<string> paths) =>
        string.Join(", ", paths.Take(MostTold)) + (paths.Length > MostTold ? $" and {paths.Length - MostTold} more" : "");
}
