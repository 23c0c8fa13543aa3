using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The open findings: by severity, then by policy. A policy is explained once, and its findings are a table.</summary>
static class FindingsChapter
{
    const double Indent = 78;

    // What is critical or high is all there; of the rest nobody reads thousands on paper.
    const int MostBelowHigh = 100;

    public static void Write(Flow flow, Plan plan) => flow.Chapter("Findings", plan.Findings, () =>
    {
        if (plan.Severities.IsEmpty)
            WriteNone(flow, plan);
        foreach (var part in plan.Severities)
            flow.Section(() => Write(flow, part));
    });

    static void WriteNone(Flow flow, Plan plan)
    {
        var asked = Wording.Count(plan.Posture.Policies.Length, "policy was", "policies were");
        flow.Write(new($"No findings are open. {asked} asked.", flow.Look.Strong));
        var limits = !plan.Posture.IsJudged && plan.Posture.Gaps.IsEmpty ? Words.WithoutGaps(plan.Posture)
            : plan.Posture.Gaps.IsEmpty ? "Everything they need could be read, so nothing was found because nothing of what they look for is there."
            : "That is not a clean bill of health: the policies named in the next chapter could not be decided, "
              + "because what they need could not be read.";
        flow.Write(new(limits, flow.Look.Body) { Before = 4 });
    }

    static void Write(Flow flow, SeverityPart severity)
    {
        var first = FindingRow.Of(flow.Look, severity.Policies[0].Findings[0]);
        flow.Keep(
            trial =>
            {
                WriteHeading(trial, severity);
                WriteHead(trial, severity.Severity, severity.Policies[0]);
            },
            room => Table.Begins(FindingRow.Columns, first, room), MostEmpty(severity.Policies[0]) + 40);
        WriteHeading(flow, severity);
        foreach (var part in severity.Policies)
            flow.Section(() => Write(flow, severity.Severity, part));
    }

    static void WriteHeading(Flow flow, SeverityPart severity)
    {
        var title = $"{severity.Severity}: {Wording.Count(severity.Count, "finding")}";
        flow.Heading(new(title, flow.Look.H2.In(Look.Of(severity.Severity))) { Tag = "H2", Before = 14 }, severity.Anchor, keep: 150);
        flow.Page.Decorate(() => flow.Page.Rule(Look.Of(severity.Severity), 1.5, Flow.Left, flow.Y, Flow.FullWidth));
    }

    static void Write(Flow flow, Severity severity, PolicyPart part)
    {
        var shown = severity >= Severity.High ? part.Findings.Length : Math.Min(part.Findings.Length, MostBelowHigh);
        var rows = part.Findings.Take(shown).Select(finding => FindingRow.Of(flow.Look, finding)).ToList();
        flow.Keep(trial => WriteHead(trial, severity, part), room => Table.Begins(FindingRow.Columns, rows[0], room), MostEmpty(part));
        WriteHead(flow, severity, part);
        Table.Write(flow, FindingRow.Columns, rows);
        if (shown < part.Findings.Length)
            flow.Write(new($"and {Wording.Number(part.Findings.Length - shown)} more; the HTML, JSON and CSV reports have all of them.", flow.Look.FineStrong) { Before = 2 });
    }

    // Points at the foot of a page that may stay empty so that an explanation and the first finding stand together. A bare heading never
    // stands alone.
    static double MostEmpty(PolicyPart part) => part.ExplainedBy is null ? 150 : Page.Height;

    // What explains the findings stays with the first of them.
    static void WriteHead(Flow flow, Severity severity, PolicyPart part)
    {
        flow.Heading(new(part.Policy.Title, flow.Look.H3) { Tag = "H3", Before = 12 }, part.Anchor);
        var count = Wording.Count(part.Findings.Length, $"{severity} finding".ToLowerInvariant());
        flow.Write(new($"Policy {part.Policy.Id}, area {part.Policy.Area}: {count}", flow.Look.Fine));
        flow.Y += 4;
        if (part.ExplainedBy is { } earlier)
            flow.Write(new($"Why it matters and what to change: page {earlier.Anchor.Page?.Number}", flow.Look.Cell.In(Look.Accent))
            {
                Target = new LinkTarget.Place(earlier.Anchor),
            });
        else
            Explain(flow, part.Policy);
        flow.Y += 4;
    }

    static void Explain(Flow flow, Policy policy)
    {
        Write(flow, "Why it matters", () => Prose.Write(flow, policy.Why, flow.Look.Cell, Indent));
        Write(flow, "What to change", () => Prose.Write(flow, policy.Fix, flow.Look.Cell, Indent));
        if (!policy.References.IsEmpty)
            Write(flow, "See also", () => WriteReferences(flow, policy));
    }

    static void Write(Flow flow, string label, Action write) =>
        flow.Labelled(new(label, flow.Look.CellStrong.In(Look.Quiet)), Indent, write);

    // Controls of frameworks share a line; a page has a line of its own, which is a link.
    static void WriteReferences(Flow flow, Policy policy)
    {
        var controls = policy.References.Where(reference => reference.Framework is not null).Select(Wording.Reference).ToList();
        if (controls.Count > 0)
            flow.Write(new(string.Join(", ", controls), flow.Look.Cell), Indent);
        foreach (var reference in policy.References.Where(reference => reference.Framework is null))
            flow.Write(new(reference.Id, flow.Look.Cell.In(Look.Accent)) { Target = LinkTarget.ForUrl(reference.Id) }, Indent);
    }
}
