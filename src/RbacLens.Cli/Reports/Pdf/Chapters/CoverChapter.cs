namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The first page: which cluster, when, by what, and how it stands in five numbers.</summary>
static class CoverChapter
{
    const double BandHeight = 236;

    public static void Write(Flow flow, Plan plan) => flow.Section(() =>
    {
        flow.NewPage();
        WriteTitle(flow, plan.Posture);
        flow.Y = BandHeight + 26;
        WriteFacts(flow, plan.Posture);
        flow.Y += 12;
        SeverityTiles.Write(flow, plan.Posture);
        WriteRemarks(flow, plan);
        WriteCounts(flow, plan.Posture);
        WriteSignature(flow);
    });

    static void WriteTitle(Flow flow, Posture posture)
    {
        flow.Page.Decorate(() =>
        {
            flow.Page.Fill(Look.Night, 0, 0, Page.Width, BandHeight);
            flow.Page.Fill(new(0x4C8DBF), Flow.Left, 84, 40, 3);
        });
        flow.Y = 98;
        flow.Write(new("RBAC posture report", flow.Look.Title) { Tag = "H1" });
        flow.Y += 4;
        flow.Write(new(posture.Cluster.Context, flow.Look.Subtitle) { AtMost = 3 });
    }

    static void WriteFacts(Flow flow, Posture posture)
    {
        (string Label, string Value)[] facts =
        [
            ("Cluster", posture.Cluster.Context),
            ("Kubernetes version", posture.Cluster.Version ?? "unknown: nothing in the input says it"),
            ("Collected at", Wording.Moment(posture.CollectedAt)),
            ("Source", Source(posture.Cluster.Source)),
            ("Judged by", $"{posture.Tool}, asking {Wording.Count(posture.Policies.Length, "policy", "policies")}"),
        ];
        var label = flow.Look.Cell.In(Look.Quiet);
        var rows = from fact in facts
                   select (Block[][])[[new(fact.Label, label)], [new(fact.Value, flow.Look.CellStrong) { AtMost = 6 }]];
        Table.Write(flow, [new("", 130), new("", Flow.FullWidth - 130)], rows);
    }

    static string Source(string source) => source switch
    {
        "live" => "the live cluster, through its API server",
        "dump" => "a dump of the cluster",
        "manifests" => "manifests; a running cluster was not looked at",
        "kubeconfig" => "kubeconfig files; a cluster was not looked at",
        _ => source,
    };

    static void WriteRemarks(Flow flow, Plan plan)
    {
        var posture = plan.Posture;
        var accepted = Wording.Count(posture.Suppressed, "finding is", "findings are");
        var hidden = Wording.Count(posture.HiddenStockFindings, "more is", "more are");
        flow.Write(new($"{accepted} accepted and not counted here; {hidden} left out, about what ships with Kubernetes.", flow.Look.Fine));
        if (posture.Gaps.Length == 0)
            return;
        var text = $"Not everything could be read: {Wording.Count(posture.Gaps.Length, "gap")}. "
            + "A policy that needed what is missing proves nothing by finding nothing.";
        flow.Write(new(text, flow.Look.FineStrong.In(Look.Ink)) { Before = 2, Target = new LinkTarget.Place(plan.Gaps) });
    }

    // Columns of kind and number, filled downwards. The kinds read are a fixed few, so the page has room for them.
    static void WriteCounts(Flow flow, Posture posture)
    {
        const int columns = 3;
        const double gap = 24;
        flow.Write(new("What was read", flow.Look.H3) { Tag = "H2", Before = 16 });
        flow.Y += 2;
        if (posture.Counts.IsEmpty)
            flow.Write(new("The input does not say how many objects it holds.", flow.Look.Cell));
        var width = (Flow.FullWidth - (gap * (columns - 1))) / columns;
        var perColumn = (posture.Counts.Count + columns - 1) / columns;
        var list = flow.Parent.Add("L");
        foreach (var (count, i) in posture.Counts.Select((count, i) => (count, i)))
            WriteCount(flow, list, count, Flow.Left + (i / perColumn * (width + gap)), flow.Y + (i % perColumn * 15), width);
        flow.Y += perColumn * 15;
    }

    static void WriteCount(Flow flow, StructureElement list, KeyValuePair<string, int> count, double x, double y, double width)
    {
        var body = list.Add("LI").Add("LBody");
        Line.Draw(flow.Page, x, y, [.. new Block(count.Key, flow.Look.Cell) { AtMost = 1 }.Lines(body, width - 50)]);
        Line.Draw(flow.Page, x, y, [.. new Block(Wording.Number(count.Value), flow.Look.CellStrong) { IsRight = true }.Lines(body, width)]);
        flow.Page.Decorate(() => flow.Page.Rule(Look.Hairline, 0.4, x, y + 13.5, width));
    }

    // Reviews are signed: three lines at the foot of the page, if the page has room for them.
    static void WriteSignature(Flow flow)
    {
        const double top = Flow.Bottom - 8, gap = 24;
        if (flow.Y > top - 40)
            return;
        const double width = (Flow.FullWidth - (2 * gap)) / 3;
        foreach (var (label, i) in ((string[])["Reviewed by", "Date", "Signature"]).Select((label, i) => (label, i)))
        {
            var x = Flow.Left + (i * (width + gap));
            flow.Page.Decorate(() => flow.Page.Rule(Look.Quiet, 0.6, x, top, width));
            Line.Draw(flow.Page, x, top + 3, [.. new Block(label, flow.Look.Fine).Lines(flow.Parent, width)]);
        }
    }
}
