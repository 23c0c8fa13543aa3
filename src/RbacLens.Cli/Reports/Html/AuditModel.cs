using System.Globalization;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of the audit log.</summary>
static class AuditModel
{
    const int Shown = 100;

    /// <summary>What the log shows that should be looked at.</summary>
    public static List<Dictionary<string, object?>> Detections(Posture posture)
    {
        var known = posture.Subjects.Select(subject => subject.Subject).ToHashSet();
        return [.. posture.Detections.Take(Shown).Select(detection => Of(detection, known))];
    }

    static Dictionary<string, object?> Of(Detection detection, HashSet<Target> known)
    {
        var user = SubjectLog.User(detection.User);
        return new()
        {
            ["severity"] = SeverityModel.Of(detection.Severity),
            ["title"] = SafeText.Of(detection.Title),
            ["because"] = SafeText.Of(detection.Because),
            ["user"] = SafeText.Of(detection.User),
            ["subject"] = SubjectModel.Of(user),
            ["link"] = HolderModel.Link(user, known),
            ["actingAs"] = detection.ActingAs is { } acting ? SafeText.Of(acting) : null,
            ["target"] = SafeText.Of(detection.Target.ToString()),
            ["requests"] = detection.Requests.ToString("N0", CultureInfo.InvariantCulture),
            ["last"] = Moment(detection.Last),
            ["acceptance"] = detection.Suppression is { } accepted ? FindingModel.Acceptance(accepted) : null,
        };
    }

    /// <summary>How many further detections there are; null for none.</summary>
    public static string? More(Posture posture) => posture.Detections.Length <= Shown ? null : Counted.Number(posture.Detections.Length - Shown);

    /// <summary>The window of the log; null without one.</summary>
    public static Dictionary<string, object?>? Window(Posture posture) => posture.Usage is not { } usage ? null : new()
    {
        ["from"] = usage.From is null ? null : Moment(usage.From),
        ["to"] = usage.To is null ? null : Moment(usage.To),
        ["requests"] = usage.Requests.ToString("N0", CultureInfo.InvariantCulture),
        ["unused"] = Counted.Number(usage.Bindings.Count(binding => binding is { IsObservable: true, Used.Requests: 0, AlsoAllowed: 0 })),
        ["bindings"] = Counted.Number(usage.Bindings.Length),
        ["tokens"] = TokenModel.Of(posture, usage),
    };

    /// <summary>How a finding's grants were used, in words; null without a log.</summary>
    public static string? Use(Posture posture, UseCount? use) => posture.Usage is null ? null : use switch
    {
        null => "The audit log cannot show whether it is used.",
        { Requests: 0 } => "Not used within the audit log's window.",
        { Last: { } last } known => $"Used {known.Requests.ToString("N0", CultureInfo.InvariantCulture)} {(known.Requests == 1 ? "time" : "times")}, last on {Moment(last)}.",
        { } known => $"Used {known.Requests.ToString("N0", CultureInfo.InvariantCulture)} {(known.Requests == 1 ? "time" : "times")}.",
    };

    /// <summary>The word that findings are filtered by.</summary>
    public static string UseWord(UseCount? use) => use switch { null => "unknown", { Requests: 0 } => "unused", _ => "used" };

    /// <summary>How often, in words.</summary>
    public static string Times(long requests) => $"{requests.ToString("N0", CultureInfo.InvariantCulture)} {(requests == 1 ? "request" : "requests")}";

    /// <summary>A moment, in UTC; <c>unknown</c> where none is known.</summary>
    public static string Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "unknown";
}
