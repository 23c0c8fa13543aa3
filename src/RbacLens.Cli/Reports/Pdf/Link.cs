namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A place in the document that links and bookmarks lead to; known once what is there has been drawn.</summary>
sealed class Anchor
{
    /// <summary>The page; null until it is drawn.</summary>
    public Page? Page { get; private set; }

    double top;

    /// <summary>Places it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="y">Points from the top of the page.</param>
    public void Set(Page page, double y) => (Page, top) = (page, y);

    /// <summary>As a destination: this place at the top of the window, magnification as it is.</summary>
    /// <exception cref="InvalidOperationException">Nothing was drawn there.</exception>
    public string Destination => Page is null
        ? throw new InvalidOperationException("a link leads to an anchor that was never placed")
        : $"[{Syntax.Ref(Page.Id)}/XYZ 0 {Syntax.Number(Page.Height - top)} null]";
}

/// <summary>Where a link leads: a place in the document, or a web page.</summary>
abstract record LinkTarget
{
    public sealed record Place(Anchor Anchor) : LinkTarget;

    public sealed record Web(string Url) : LinkTarget;

    /// <summary>The target of a text that is a web address, else null: nothing but http and https is ever made active.</summary>
    public static LinkTarget? ForUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? new Web(uri.AbsoluteUri) : null;
}

/// <summary>The active area of a link on a page, in points from the top left.</summary>
sealed record Link(Page Page, StructureElement Element, LinkTarget Target, string Says, double X, double Y, double Width, double Height)
{
    /// <summary>The object's number, once the document reserved it.</summary>
    public int Id { get; set; }

    /// <summary>Writes the annotation.</summary>
    /// <param name="file">The file.</param>
    /// <param name="parentKey">Its key in the parent tree.</param>
    public void WriteTo(PdfFile file, int parentKey)
    {
        var action = Target switch
        {
            LinkTarget.Place(var anchor) => $"/Dest{anchor.Destination}",
            LinkTarget.Web(var url) => $"/A<</S/URI/URI{Syntax.Text(url)}>>",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var (left, top) = (Syntax.Number(X), Syntax.Number(Page.Height - Y));
        var (right, bottom) = (Syntax.Number(X + Width), Syntax.Number(Page.Height - Y - Height));
        file.Put(Id, $"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{left} {bottom} {right} {top}]"
            + $"/Contents{Syntax.Text(Says)}/StructParent {parentKey}{action}>>");
    }
}
