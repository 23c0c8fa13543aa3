using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A document: its pages, its tag tree, its outline, and what it says about itself. Written as PDF/A-2a.</summary>
sealed class PdfDocument
{
    readonly DocumentInfo info;
    readonly PdfFont[] fonts;
    readonly List<Page> pages = [];

    /// <summary>A document without pages.</summary>
    /// <param name="info">What it says about itself.</param>
    /// <param name="fonts">Every font its pages use.</param>
    public PdfDocument(DocumentInfo info, params PdfFont[] fonts)
    {
        this.info = info;
        this.fonts = fonts;
    }

    /// <summary>The pages in order.</summary>
    public IReadOnlyList<Page> Pages => pages;

    /// <summary>The root of the tag tree.</summary>
    public StructureElement Root { get; } = new("Document");

    /// <summary>The pictures its pages use, which they call by their place in this list: <c>I0</c>.</summary>
    public List<PdfImage> Images { get; } = [];

    /// <summary>The outline.</summary>
    public List<Bookmark> Outline { get; } = [];

    /// <summary>Appends a page.</summary>
    public Page AddPage()
    {
        pages.Add(new(pages.Count + 1));
        return pages[^1];
    }

    /// <summary>Writes the file.</summary>
    public void Write(Stream output)
    {
        using var file = new PdfFile(output);
        var links = pages.SelectMany(page => page.Links).ToList();
        pages.ForEach(page => page.Id = file.Reserve());
        links.ForEach(link => link.Id = file.Reserve());
        Root.Number(file);
        var tree = WritePages(file);
        for (var i = 0; i < links.Count; i++)
            links[i].WriteTo(file, pages.Count + i);
        file.Finish(WriteCatalog(file, tree, WriteTags(file, links)), file.Add(info.Dictionary));
    }

    int WritePages(PdfFile file)
    {
        var tree = file.Reserve();
        var names = fonts.Select(font => $"/{font.Resource} {Syntax.Ref(font.WriteTo(file))}");
        var images = Images.Select((image, i) => $"/I{i} {Syntax.Ref(image.WriteTo(file))}").ToList();
        var resources = file.Add($"<</Font<<{string.Concat(names)}>>{(images.Count == 0 ? "" : $"/XObject<<{string.Concat(images)}>>")}>>");
        for (var i = 0; i < pages.Count; i++)
            pages[i].WriteTo(file, tree, resources, i);
        file.Put(tree, $"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(page => Syntax.Ref(page.Id)))}]>>");
        return tree;
    }

    // The parent tree leads back from a page's marks, and from links, to the elements that own them: pages have the first keys.
    int WriteTags(PdfFile file, List<Link> links)
    {
        var root = file.Reserve();
        Root.WriteTo(file, root);
        var keys = pages.Select((page, i) => $"{i}[{string.Join(' ', page.Marked.Select(element => Syntax.Ref(element.Id)))}]")
            .Concat(links.Select((link, i) => $"{pages.Count + i} {Syntax.Ref(link.Element.Id)}"));
        var parents = file.Add($"<</Nums[{string.Join(' ', keys)}]>>");
        file.Put(root, $"<</Type/StructTreeRoot/K[{Syntax.Ref(Root.Id)}]/ParentTree {Syntax.Ref(parents)}"
            + $"/ParentTreeNextKey {pages.Count + links.Count}>>");
        return root;
    }

    int WriteCatalog(PdfFile file, int tree, int tags)
    {
        var profile = file.AddStream("/N 3", SrgbProfile.ToFile());
        var metadata = file.AddStream("/Type/Metadata/Subtype/XML", Encoding.UTF8.GetBytes(info.Xmp), compress: false);
        var outlines = file.Reserve();
        var visible = Outline.Count + Outline.Where(bookmark => bookmark.IsOpen).Sum(bookmark => bookmark.Children.Count);
        file.Put(outlines, $"<</Type/Outlines{Bookmark.WriteTo(file, Outline, outlines)}/Count {visible}>>");
        return file.Add(
            $"<</Type/Catalog/Pages {Syntax.Ref(tree)}/Outlines {Syntax.Ref(outlines)}/PageMode/UseOutlines/Lang(en)"
            + $"/MarkInfo<</Marked true>>/StructTreeRoot {Syntax.Ref(tags)}/Metadata {Syntax.Ref(metadata)}"
            + "/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
            + $"/DestOutputProfile {Syntax.Ref(profile)}>>]>>");
    }
}
