using RbacLens.Access;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>What could not be read, and which policies it leaves undecided.</summary>
static class GapsChapter
{
    static readonly Column[] Columns =
        [new("Kind", 158), new("Why it is missing", 180), new("Policies it leaves undecided", Flow.FullWidth - 338)];

    public static void Write(Flow flow, Plan plan) => flow.Chapter("What could not be read", plan.Gaps, () =>
    {
        var gaps = plan.Posture.Gaps;
        if (gaps.IsEmpty)
        {
            flow.Write(new(plan.Posture.IsJudged ? "Nothing: everything the policies need could be read." : Words.WithoutGaps(plan.Posture), flow.Look.Body));
            return;
        }
        const string text = "A policy named here may have found something all the same. Where it found nothing, that proves nothing.";
        flow.Write(new(text, flow.Look.Body));
        flow.Y += 6;
        Table.Write(flow, Columns, gaps.Select(gap => Row(flow.Look, plan.Posture, gap)));
    }, isShort: true);

    static Block[][] Row(Look look, Posture posture, Gap gap)
    {
        var undecided = posture.Undecided(gap).ToList();
        return
        [
            [new(Wording.Kind(gap), look.CellStrong)],
            Wording.Reason(gap) is { Length: > 0 } reason ? [new(reason, look.Cell), new(gap.Detail, look.Fine)] : [new(gap.Detail, look.Cell)],
            [new(undecided.Count == 0 ? "none" : string.Join(", ", undecided), look.Cell)],
        ];
    }
}
