using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The findings that somebody accepted: who, why, and until when.</summary>
static class AcceptedChapter
{
    static readonly Column[] Columns =
        [new("Who or what", 140), new("Finding", 180), new("Accepted by, until, and why", Flow.FullWidth - 320)];

    public static void Write(Flow flow, Plan plan)
    {
        var accepted = plan.Posture.Findings.Where(finding => finding.Suppression is not null).ToList();
        var idle = plan.Posture.Suppressions.Where(status => status.State != RiskState.Active).ToList();
        if (accepted.Count == 0 && idle.Count == 0)
            return;
        flow.Chapter("Accepted findings", plan.Accepted, () =>
        {
            if (idle.Count > 0)
            {
                flow.Write(new("Entries of the suppressions file that accept nothing:", flow.Look.CellStrong));
                flow.List(idle.Select(status => new Block(
                    $"{status.Risk.Policy} for {status.Risk.Subject}: {Words.Became(status)}. {status.Risk.Suppression.AcceptedBy}: {status.Risk.Suppression.Reason}", flow.Look.Cell)));
            }

            if (accepted.Count == 0)
                return;
            const string text = "These hold as much as the open ones do, but somebody decided to live with them. They are not counted.";
            flow.Write(new(text, flow.Look.Body) { Before = 4 });
            flow.Y += 6;
            Table.Write(flow, Columns, accepted.Select(finding => Row(flow.Look, finding, finding.Suppression!)));
        }, isShort: true);
    }

    static Block[][] Row(Look look, Finding finding, Suppression suppression) =>
    [
        [.. FindingRow.About(look, finding)],
        [
            SeverityChip.Of(look, finding.Severity), new(finding.Policy.Title, look.CellStrong), new(finding.Because, look.Cell),
            new(Wording.Scopes(finding.Scopes), look.Fine),
        ],
        [
            new(suppression.AcceptedBy, look.CellStrong),
            new(suppression.Until is { } day ? $"until {day.ToString("O", CultureInfo.InvariantCulture)}" : "without an end", look.Fine),
            new(suppression.Reason, look.Cell) { Before = 1 },
        ],
    ];
}
