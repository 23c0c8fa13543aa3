using System.Globalization;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>What the audit log shows.</summary>
static class AuditChapter
{
    const int Listed = 40;

    static readonly Column[] Columns = [new("Severity", 66), new("Who", 130), new("What, and to what", Flow.FullWidth - 296), new("When, in UTC", 100)];

    static readonly Column[] TokenColumns = [new("Service account", 156), new("Mounted in", Flow.FullWidth - 336), new("Use", 180)];

    public static void Write(Flow flow, Plan plan)
    {
        if (plan.Posture.Usage is not { } usage)
            return;
        flow.Chapter("What the audit log shows", plan.Audit, () =>
        {
            var unused = usage.Bindings.Count(binding => binding is { IsObservable: true, Used.Requests: 0, AlsoAllowed: 0 });
            flow.Write(new(
                $"{(usage.From is null ? "At times that cannot be read" : $"From {Wording.Moment(usage.From)} to {Wording.Moment(usage.To)}")}, {usage.Requests.ToString("N0", CultureInfo.InvariantCulture)} requests. "
                + $"{Wording.Number(unused)} of {Wording.Count(usage.Bindings.Length, "binding")} were not used in that time.", flow.Look.Body));
            flow.Y += 6;
            if (plan.Posture.Detections.IsEmpty)
                flow.Write(new("Nothing in it is suspicious by the rules that were asked.", flow.Look.Body));
            else
                Table.Write(flow, Columns, plan.Posture.Detections.Take(Listed).Select(detection => Row(flow.Look, detection)));
            if (plan.Posture.Detections.Length > Listed)
                flow.Write(new($"and {Wording.Number(plan.Posture.Detections.Length - Listed)} more; the JSON report has all of them.", flow.Look.Fine) { Before = 4 });
            if (!usage.Accounts.IsEmpty)
                WriteTokens(flow, usage);
        }, isShort: true);
    }

    static void WriteTokens(Flow flow, Usage usage)
    {
        Table.Write(flow, new("Tokens that workloads hold", flow.Look.H3) { Tag = "H2", Before = 12 }, TokenColumns, TokenWords.Ordered(usage).Select(account => Row(flow.Look, account)));
        if (usage.Accounts.Length > TokenWords.Shown)
            flow.Write(new($"and {Wording.Number(usage.Accounts.Length - TokenWords.Shown)} more; the JSON report has all of them.", flow.Look.Fine) { Before = 4 });
    }

    static Block[][] Row(Look look, AccountUsage account) =>
    [
        [new(Wording.Name(Target.Of(account.Account)), look.CellStrong)],
        [new(Wording.List(account.MountedIn, 6), look.Cell)],
        [new(TokenWords.Use(account), TokenWords.IsUnused(account) ? look.CellStrong : look.Cell)],
    ];

    // How often stands in the reason already.
    static IEnumerable<Block> When(Look look, Detection detection)
    {
        yield return new(Short(detection.Last), look.Cell);
        if (detection.First != detection.Last && detection.First is not null)
            yield return new($"since {Short(detection.First)}", look.Fine);
    }

    static string Short(DateTimeOffset? moment) => Wording.Moment(moment).Replace(" UTC", "", StringComparison.Ordinal);

    static Block[][] Row(Look look, Detection detection) =>
    [
        [SeverityChip.Of(look, detection.Severity)],
        [new(detection.User, look.CellStrong), .. detection.ActingAs is { } acting ? [new Block($"as {acting}", look.Fine)] : Array.Empty<Block>()],
        [
            new(detection.Title, look.CellStrong), new(detection.Because, look.Cell), new(detection.Target.ToString(), look.Fine),
            .. detection.Suppression is { } accepted ? [new Block($"accepted by {accepted.AcceptedBy}: {accepted.Reason}", look.Fine)] : Array.Empty<Block>(),
        ],
        [.. When(look, detection)],
    ];
}
