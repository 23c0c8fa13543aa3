using System.Globalization;
using RbacLens.Audit;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>What the audit log shows.</summary>
static class AuditChapter
{
    const int Listed = 40;

    static readonly Column[] Columns = [new("Severity", 66), new("Who", 130), new("What, and to what", Flow.FullWidth - 296), new("Requests, last", 100)];

    public static void Write(Flow flow, Plan plan)
    {
        if (plan.Posture.Usage is not { } usage)
            return;
        flow.Chapter("What the audit log shows", plan.Audit, () =>
        {
            var unused = usage.Bindings.Count(binding => binding is { IsObservable: true, Used.Requests: 0, AlsoAllowed: 0 });
            flow.Write(new(
                $"From {Wording.Moment(usage.From)} to {Wording.Moment(usage.To)}, {usage.Requests.ToString("N0", CultureInfo.InvariantCulture)} requests. "
                + $"{Wording.Number(unused)} of {Wording.Count(usage.Bindings.Length, "binding")} were not used in that time.", flow.Look.Body));
            flow.Y += 6;
            if (plan.Posture.Detections.IsEmpty)
                flow.Write(new("Nothing in it is suspicious by the rules that were asked.", flow.Look.Body));
            else
                Table.Write(flow, Columns, plan.Posture.Detections.Take(Listed).Select(detection => Row(flow.Look, detection)));
            if (plan.Posture.Detections.Length > Listed)
                flow.Write(new($"and {Wording.Number(plan.Posture.Detections.Length - Listed)} more; the JSON report has all of them.", flow.Look.Fine) { Before = 4 });
        }, isShort: true);
    }

    static Block[][] Row(Look look, Detection detection) =>
    [
        [SeverityChip.Of(look, detection.Severity)],
        [new(detection.User, look.CellStrong), .. detection.ActingAs is { } acting ? [new Block($"as {acting}", look.Fine)] : Array.Empty<Block>()],
        [
            new(detection.Title, look.CellStrong), new(detection.Because, look.Cell), new(detection.Target.ToString(), look.Fine),
            .. detection.Suppression is { } accepted ? [new Block($"accepted by {accepted.AcceptedBy}: {accepted.Reason}", look.Fine)] : Array.Empty<Block>(),
        ],
        [new(detection.Requests.ToString("N0", CultureInfo.InvariantCulture), look.Cell), new(Wording.Moment(detection.Last), look.Fine)],
    ];
}
