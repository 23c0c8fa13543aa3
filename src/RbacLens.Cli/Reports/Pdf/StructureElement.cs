namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// One element of the tag tree, which tells screen readers and converters what the marks on the pages are (ISO 32000-1, 14.7).
/// </summary>
sealed class StructureElement
{
    readonly List<Kid> kids = [];
    readonly string type;

    /// <summary>An element without content.</summary>
    /// <param name="type">A standard structure type: <c>Document</c>, <c>H1</c>, <c>TD</c>, …</param>
    public StructureElement(string type) => this.type = type;

    /// <summary>What stands for a figure when it cannot be seen.</summary>
    public string? Alternative { get; init; }

    /// <summary>An attribute dictionary's entries: <c>/O/Table/Scope/Row</c>.</summary>
    public string? Attributes { get; init; }

    /// <summary>The object's number, once <see cref="Number"/> ran.</summary>
    public int Id { get; private set; }

    abstract record Kid
    {
        public sealed record Element(StructureElement Child) : Kid;

        public sealed record Marks(Page Page, int Mcid) : Kid;

        public sealed record Annotation(Link Link) : Kid;
    }

    /// <summary>Appends an element below this one, and returns it.</summary>
    public StructureElement Add(StructureElement child)
    {
        kids.Add(new Kid.Element(child));
        return child;
    }

    /// <inheritdoc cref="Add(StructureElement)"/>
    public StructureElement Add(string childType) => Add(new StructureElement(childType));

    /// <summary>Appends marks of a page.</summary>
    public void Add(Page page, int mcid) => kids.Add(new Kid.Marks(page, mcid));

    /// <summary>Appends a link's active area.</summary>
    public void Add(Link link) => kids.Add(new Kid.Annotation(link));

    /// <summary>Reserves an object number for this element and all below it.</summary>
    public void Number(PdfFile file)
    {
        Id = file.Reserve();
        foreach (var kid in kids.OfType<Kid.Element>())
            kid.Child.Number(file);
    }

    /// <summary>Writes this element and all below it, when everything has its number.</summary>
    public void WriteTo(PdfFile file, int parent)
    {
        var page = kids.OfType<Kid.Marks>().FirstOrDefault()?.Page;
        var entries = (page is null ? "" : $"/Pg {Syntax.Ref(page.Id)}")
            + (Alternative is null ? "" : $"/Alt{Syntax.Text(Alternative)}")
            + (Attributes is null ? "" : $"/A<<{Attributes}>>");
        var children = string.Join(' ', kids.Select(kid => Spell(kid, page)));
        file.Put(Id, $"<</Type/StructElem/S/{type}/P {Syntax.Ref(parent)}{entries}/K[{children}]>>");
        foreach (var kid in kids.OfType<Kid.Element>())
            kid.Child.WriteTo(file, Id);
    }

    static string Spell(Kid kid, Page? page) => kid switch
    {
        Kid.Element(var child) => Syntax.Ref(child.Id),
        Kid.Marks(var on, var mcid) when on == page => $"{mcid}",
        Kid.Marks(var on, var mcid) => $"<</Type/MCR/Pg {Syntax.Ref(on.Id)}/MCID {mcid}>>",
        Kid.Annotation(var link) => $"<</Type/OBJR/Pg {Syntax.Ref(link.Page.Id)}/Obj {Syntax.Ref(link.Id)}>>",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
