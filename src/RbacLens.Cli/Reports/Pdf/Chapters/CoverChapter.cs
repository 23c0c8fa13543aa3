using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>The first page: which cluster, when, by what, and how it stands in five numbers.</summary>
static class CoverChapter
{
    const double BandHeight = 236;

    public static void Write(Flow flow, Plan plan) => flow.Section(() =>
    {
        flow.NewPage();
        WriteTitle(flow, plan);
        flow.Y = BandHeight + 26;
        WriteFacts(flow, plan.Posture);
        flow.Y += 6;
        var grade = Grade.Of(plan.Posture);
        flow.Write(new($"Grade {Totals.Of(grade)}{(grade.Meaning.Length == 0 ? "" : $": {grade.Meaning}")}.", flow.Look.H2) { Before = 4 });
        flow.Y += 8;
        SeverityTiles.Write(flow, plan.Posture);
        WriteRemarks(flow, plan);
        WriteCounts(flow, plan.Posture);
    });

    static void WriteTitle(Flow flow, Plan plan)
    {
        flow.Page.Decorate(() =>
        {
            flow.Page.Fill(Look.Night, 0, 0, Page.Width, BandHeight);
            flow.Page.Fill(new(0x4C8DBF), Flow.Left, 84, 40, 3);
            if (plan.Logo is { } logo)
                WriteLogo(flow, logo);
        });
        flow.Y = 98;
        flow.Write(new(plan.Title ?? ReportTitle.Cover(plan.Posture), flow.Look.Title) { Tag = "H1", AtMost = 2 });
        flow.Y += 4;
        flow.Write(new(plan.Posture.Cluster.Context, flow.Look.Subtitle) { AtMost = 3 });
    }

    // On white, for which most logos are made, at the right edge above the title.
    static void WriteLogo(Flow flow, PdfImage logo)
    {
        const double mostWidth = 150, mostHeight = 48, around = 8;
        var scale = Math.Min(mostWidth / logo.Width, mostHeight / logo.Height);
        var (width, height) = (logo.Width * scale, logo.Height * scale);
        var (x, y) = (Flow.Left + Flow.FullWidth - width - around, 28.0 + ((mostHeight - height) / 2));
        flow.Page.Fill(Look.White, x - around, y - around, width + (2 * around), height + (2 * around));
        flow.Page.Image(0, x, y, width, height);
    }

    static void WriteFacts(Flow flow, Posture posture)
    {
        (string Label, string Value)[] facts =
        [
            ("Cluster", posture.Cluster.Context),
            ("Kubernetes version", posture.Cluster.Version ?? "unknown: nothing in the input says it"),
            ("Collected at", Wording.Moment(posture.CollectedAt)),
            ("Source", Source(posture.Cluster.Source)),
            ("Scope", Scope(posture)),
            ("Digest of the input", posture.InputDigest ?? (posture.Cluster.Source == "live" ? "none: it was read from the API server" : "none: the input was no file that can be read again")),
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

    static string Scope(Posture posture) =>
        (posture.View is { } view ? $"what {view.Title} asks for" : posture.Upgrade is { } upgrade ? $"what the upgrade from {upgrade} changes" : "every policy")
        + (posture.Gaps.Any(gap => gap.Reason == Gap.Reasons.Partial) ? ", some namespaces only" : ", every namespace in the input");

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
        const double gap = 24;
        // Three columns where every kind fits, for none is to be cut.
        var columns = posture.Counts.Keys.All(kind => flow.Look.Cell.Width(kind) <= ((Flow.FullWidth - (gap * 2)) / 3) - 50) ? 3 : 2;
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
}
