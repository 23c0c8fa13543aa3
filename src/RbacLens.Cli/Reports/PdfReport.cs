using RbacLens.Cli.Reports.Pdf;
using RbacLens.Cli.Reports.Pdf.Chapters;

namespace RbacLens.Cli.Reports;

/// <summary>The report for who signs it: a tagged PDF/A-2a document, the same bytes for the same posture.</summary>
static class PdfReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="posture">What it reports.</param>
    /// <param name="output">Where the file goes; only ever written to, and left open.</param>
    /// <param name="ownTitle">A title for the cover; null for the report's own.</param>
    /// <param name="logo">A picture for the cover; null for none.</param>
    /// <exception cref="Inputs.InputException">The picture cannot be embedded.</exception>
    public static void Write(Posture posture, Stream output, string? ownTitle = null, Logo? logo = null)
    {
        var look = new Look();
        var plan = Plan.For(posture) with { Title = ownTitle, Logo = logo is null ? null : PdfImage.Of(logo) };
        var title = VisibleText.Of(ownTitle ?? ReportTitle.Of(posture), _ => true);
        var description = $"{ReportTitle.Kind(posture)}, Kubernetes RBAC, collected at {Wording.Moment(posture.CollectedAt)}";
        var info = new DocumentInfo(title, description, VisibleText.Of(posture.Tool, _ => true), posture.CollectedAt);
        var document = new PdfDocument(info, look.Regular, look.Bold);
        if (plan.Logo is { } picture)
            document.Images.Add(picture);
        var flow = new Flow(document, look);
        foreach (var write in Chapters)
            write(flow, plan);
        flow.Finish($"{title}, {Wording.Moment(posture.CollectedAt)}");
        document.Outline.AddRange(Outline(plan));
        document.Write(output);
    }

    static readonly Action<Flow, Plan>[] Chapters =
    [
        CoverChapter.Write, SummaryChapter.Write, ContentsChapter.Write, ChangesChapter.Write, FindingsChapter.Write, PathsChapter.Write,
        AuditChapter.Write, FrameworksChapter.Write, AcceptedChapter.Write, GapsChapter.Write, PoliciesChapter.Write, MethodChapter.Write,
        SignOffChapter.Write,
    ];

    static IEnumerable<Bookmark> Outline(Plan plan)
    {
        yield return new("Summary", plan.Summary);
        yield return new("Contents", plan.Contents);
        foreach (var (title, anchor) in plan.Chapters)
        {
            var bookmark = new Bookmark(title, anchor) { IsOpen = true };
            if (anchor == plan.Findings)
                bookmark.Children.AddRange(plan.Severities.Select(Outline));
            yield return bookmark;
        }
    }

    static Bookmark Outline(SeverityPart severity)
    {
        var bookmark = new Bookmark($"{severity.Severity} ({severity.Count})", severity.Anchor);
        bookmark.Children.AddRange(
            severity.Policies.Select(part => new Bookmark(VisibleText.Of(part.Policy.Title, _ => true), part.Anchor)));
        return bookmark;
    }
}
