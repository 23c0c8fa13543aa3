namespace RbacLens.Cli.Reports.Pdf;

/// <summary>An entry of the outline that viewers show beside the pages.</summary>
/// <param name="Title">What it says.</param>
/// <param name="Target">Where it leads.</param>
sealed record Bookmark(string Title, Anchor Target)
{
    /// <summary>The entries below it.</summary>
    public List<Bookmark> Children { get; } = [];

    /// <summary>Whether the entries below are shown from the start.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Writes entries under their parent, and returns the parent's own entries about them.</summary>
    public static string WriteTo(PdfFile file, IReadOnlyList<Bookmark> bookmarks, int parent)
    {
        if (bookmarks.Count == 0)
            return "";
        var ids = bookmarks.Select(_ => file.Reserve()).ToArray();
        for (var i = 0; i < ids.Length; i++)
        {
            var below = WriteTo(file, bookmarks[i].Children, ids[i]);
            var count = below.Length == 0 ? "" : $"/Count {(bookmarks[i].IsOpen ? "" : "-")}{bookmarks[i].Children.Count}";
            var siblings = (i > 0 ? $"/Prev {Syntax.Ref(ids[i - 1])}" : "") + (i + 1 < ids.Length ? $"/Next {Syntax.Ref(ids[i + 1])}" : "");
            file.Put(ids[i], $"<</Title{Syntax.Text(bookmarks[i].Title)}/Parent {Syntax.Ref(parent)}{siblings}"
                + $"/Dest{bookmarks[i].Target.Destination}{below}{count}>>");
        }
        return $"/First {Syntax.Ref(ids[0])}/Last {Syntax.Ref(ids[^1])}";
    }
}
