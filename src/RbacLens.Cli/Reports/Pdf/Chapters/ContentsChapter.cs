namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The table of contents; every line leads to its page.</summary>
static class ContentsChapter
{
    public static void Write(Flow flow, Plan plan) => flow.Chapter("Contents", plan.Contents, () => flow.Section(() =>
    {
        Write(flow, "Summary", plan.Summary);
        foreach (var (title, anchor) in plan.Chapters)
        {
            Write(flow, title, anchor);
            if (anchor == plan.Findings)
                WriteFindings(flow, plan);
        }
    }, "TOC"));

    static void Write(Flow flow, string title, Anchor anchor) => flow.Write(Entry(title, flow.Look.Strong, anchor) with { Before = 6 });

    static void WriteFindings(Flow flow, Plan plan)
    {
        foreach (var severity in plan.Severities)
        {
            var title = $"{severity.Severity}: {Wording.Count(severity.Count, "finding")}";
            flow.Write(Entry(title, flow.Look.CellStrong.In(Look.Of(severity.Severity)), severity.Anchor) with { Before = 4 }, 14);
            foreach (var part in severity.Policies)
                flow.Write(Entry($"{part.Policy.Title} ({Wording.Number(part.Findings.Length)})", flow.Look.Cell, part.Anchor), 28);
        }
    }

    static Block Entry(string title, TextStyle style, Anchor anchor) =>
        new(title, style) { Tag = "TOCI", Target = new LinkTarget.Place(anchor), PageOf = anchor, AtMost = 1 };
}
