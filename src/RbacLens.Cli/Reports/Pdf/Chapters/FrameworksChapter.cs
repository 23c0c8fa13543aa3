using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>How the cluster stands with the controls of each framework.</summary>
static class FrameworksChapter
{
    static readonly Column[] Columns = [new("Control", 78), new("Asks that", 210), new("Status", 76), new("Because", Flow.FullWidth - 364)];

    public static void Write(Flow flow, Plan plan)
    {
        if (plan.Posture.Frameworks.IsEmpty || plan.Posture.Upgrade is not null)
            return;
        flow.Chapter("Frameworks, control by control", plan.Frameworks, () =>
        {
            const string text = "A control passes when everything it needs was read and nothing open was found. Silence without that is not assessed, "
                + "and no control passes for being left out.";
            flow.Write(new(text, flow.Look.Body));
            foreach (var result in plan.Posture.Frameworks)
                Write(flow, result);
        }, isShort: true);
    }

    static void Write(Flow flow, FrameworkResult result)
    {
        var heading = new Block($"{result.Framework.Title}, {result.Framework.Version}", flow.Look.H3) { Tag = "H2", Before = 12 };
        Table.Write(flow, heading, Columns, result.Controls.Select(control => Row(flow.Look, control)));
    }

    static Block[][] Row(Look look, ControlResult control) =>
    [
        [new(control.Control.Id, look.CellStrong)],
        [new(control.Control.Title, look.Cell)],
        [new(Status(control.Status), look.CellStrong.In(ColorOf(control.Status)))],
        [new(control.Because, look.Cell)],
    ];

    static string Status(ControlStatus status) => status switch
    {
        ControlStatus.Pass => "Pass",
        ControlStatus.Fail => "Fail",
        _ => "Not assessed",
    };

    static Color ColorOf(ControlStatus status) => status switch
    {
        ControlStatus.Pass => new(0x1D6B45),
        ControlStatus.Fail => Look.Of(Severity.Critical),
        _ => Look.Of(Severity.Medium),
    };
}
