namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>Where reviewers sign, below what they sign.</summary>
static class SignOffChapter
{
    static readonly string[] Roles = ["Prepared by", "Reviewed by", "Accepted by"];
    static readonly string[] Fields = ["Name", "Date", "Signature"];

    public static void Write(Flow flow, Plan plan)
    {
        flow.Chapter("Sign-off", plan.SignOff, () =>
        {
            foreach (var line in Statement(plan.Posture))
                flow.Write(new(line, flow.Look.Body) { Before = 3 });
            foreach (var role in Roles)
                WriteLine(flow, role);
        }, isShort: true);
    }

    static IEnumerable<string> Statement(Posture posture)
    {
        yield return $"This is {Subject(posture)} as collected at {Wording.Moment(posture.CollectedAt)}: "
            + $"grade {Totals.Grade(posture)}; {Totals.Of(posture)}.";
        yield return posture.Gaps.IsEmpty
            ? Words.WithoutGaps(posture)
            : "Not everything could be read. Who signs has seen the chapter “What could not be read”, and knows that silence there proves nothing.";
        if (posture.Suppressed > 0)
            yield return "Who signs has seen the accepted findings, who accepted them, and until when.";
    }

    static string Subject(Posture posture) =>
        posture.Upgrade is { } upgrade ? $"what the upgrade from {upgrade} changes for {posture.Cluster.Context}"
        : posture.Cluster.Source == "kubeconfig" ? $"the review of the kubeconfig files {posture.Cluster.Context}"
        : $"the RBAC posture of {posture.Cluster.Context}";

    static void WriteLine(Flow flow, string role)
    {
        const double gap = 20, height = 52;
        const double width = (Flow.FullWidth - (2 * gap)) / 3;
        flow.Room(height);
        flow.Write(new(role, flow.Look.H3) { Before = 12 });
        var y = flow.Y + 24;
        foreach (var (i, field) in Fields.Index())
        {
            var x = Flow.Left + (i * (width + gap));
            flow.Page.Decorate(() => flow.Page.Rule(Look.Quiet, 0.6, x, y, width));
            Line.Draw(flow.Page, x, y + 3, [.. new Block(field, flow.Look.Fine).Lines(flow.Parent, width)]);
        }

        flow.Y = y + 14;
    }
}
