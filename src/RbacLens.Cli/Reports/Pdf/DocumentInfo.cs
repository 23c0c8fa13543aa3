using System.Globalization;
using System.Security;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>What a document says about itself.</summary>
/// <param name="Title">Its title, shown in the window's title bar.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Creator">The program that made it, with its version.</param>
/// <param name="Created">When what it reports was collected; the only time in it.</param>
sealed record DocumentInfo(string Title, string Description, string Creator, DateTimeOffset Created)
{
    /// <summary>The document information dictionary.</summary>
    public string Dictionary => $"<</Title{Syntax.Text(Title)}/Subject{Syntax.Text(Description)}/Creator{Syntax.Text(Creator)}"
        + $"/Producer{Syntax.Text(Creator)}/CreationDate{Syntax.Date(Created)}/ModDate{Syntax.Date(Created)}>>";

    /// <summary>The same as XMP, which PDF/A wants to agree word by word, with the claim to be PDF/A-2a.</summary>
    public string Xmp => $"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
         xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
        <dc:format>application/pdf</dc:format>
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{SecurityElement.Escape(Title)}</rdf:li></rdf:Alt></dc:title>
        <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{SecurityElement.Escape(Description)}</rdf:li></rdf:Alt></dc:description>
        <xmp:CreatorTool>{SecurityElement.Escape(Creator)}</xmp:CreatorTool>
        <pdf:Producer>{SecurityElement.Escape(Creator)}</pdf:Producer>
        <xmp:CreateDate>{Moment}</xmp:CreateDate>
        <xmp:ModifyDate>{Moment}</xmp:ModifyDate>
        <pdfaid:part>2</pdfaid:part>
        <pdfaid:conformance>A</pdfaid:conformance>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="r"?>
        """;

    string Moment => Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
