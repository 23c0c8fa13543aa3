using System.Text;
using System.Text.RegularExpressions;
using RbacLens.Cli.Reports.Pdf;

namespace RbacLens.Tests.Reports;

/// <summary>Where pages end. Each case is tried from every height of a page.</summary>
public class PdfLayoutTests
{
    static readonly Look Look = new();
    static readonly Column[] Columns = [new("Who", 200), new("Why", 200)];

    public static TheoryData<double> Heights { get; } = [.. Enumerable.Range(0, 90).Select(i => Flow.Top + (8.0 * i)).Where(y => y < Flow.Bottom)];

    [Theory]
    [MemberData(nameof(Heights))]
    public void A_heading_is_on_the_page_of_what_follows(double y)
    {
        var (_, flow) = At(y);
        var anchor = new Anchor();
        flow.Heading(new("Heading", Look.H2), anchor);
        flow.Write(new("One line.", Look.Body));
        Assert.Same(anchor.Page, flow.Page);
    }

    [Theory]
    [MemberData(nameof(Heights))]
    public void Neither_the_first_nor_the_last_line_of_a_paragraph_stands_alone(double y)
    {
        foreach (var words in (int[])[10, 20, 30, 60])
        {
            var (document, flow) = At(y);
            flow.Write(new(string.Join(' ', Enumerable.Repeat("eight letters", words)), Look.Body));
            Assert.DoesNotContain(1, LinesPerPage(document));
        }
    }

    [Theory]
    [MemberData(nameof(Heights))]
    public void A_table_header_is_on_the_page_of_its_first_row(double y)
    {
        var (document, flow) = At(y);
        Table.Write(flow, Columns, [Row(3)]);
        var only = Assert.Single(LinesPerPage(document), lines => lines > 0);
        Assert.Equal(2 + 3 + 1, only);
    }

    [Theory]
    [MemberData(nameof(Heights))]
    public void A_row_longer_than_a_page_is_divided_and_loses_nothing(double y)
    {
        var (document, flow) = At(y);
        Table.Write(flow, Columns, [Row(1), Row(130), Row(2)]);
        Assert.Equal(2 + (1 + 1) + (130 + 1) + (2 + 1), LinesPerPage(document).Sum());
        Assert.InRange(document.Pages.Count, 3, 5);
        Assert.InRange(flow.Y, Flow.Top, Flow.Bottom + 8);
    }

    [Fact]
    public void Whatever_is_drawn_is_tagged_or_decoration()
    {
        var (_, flow) = At(Flow.Top);
        Assert.Throws<InvalidOperationException>(() => flow.Page.Text(Look.Body, 0, 0, "loose"));
        Assert.Throws<InvalidOperationException>(() => flow.Page.Decorate(() => flow.Page.Decorate(() => { })));
    }

    [Fact]
    public void A_link_to_a_place_that_was_never_written_is_a_mistake_of_ours()
    {
        var (document, flow) = At(Flow.Top);
        flow.Write(new("there", Look.Body) { Target = new LinkTarget.Place(new()) });
        Assert.Throws<InvalidOperationException>(() => document.Write(Stream.Null));
    }

    static Block[][] Row(int lines) =>
        [[new("name", Look.Cell)], [.. Enumerable.Range(0, lines).Select(line => new Block($"line {line}", Look.Cell))]];

    static (PdfDocument Document, Flow Flow) At(double y)
    {
        var document = new PdfDocument(new("title", "description", "test", DateTimeOffset.UnixEpoch), Look.Regular, Look.Bold);
        var flow = new Flow(document, Look);
        flow.NewPage();
        flow.Y = y;
        return (document, flow);
    }

    // Tagged lines only: what is repeated on every page is decoration.
    static List<int> LinesPerPage(PdfDocument document)
    {
        using var output = new MemoryStream();
        document.Write(output);
        var file = new PdfObjects(output.ToArray());
        return [.. from page in file.OfType("Page")
                   let content = Encoding.ASCII.GetString(file.StreamOf(PdfObjects.Ref(file[page], "Contents")))
                   select Regex.Count(Regex.Replace(content, "/Artifact.*?EMC", "", RegexOptions.Singleline), ">Tj")];
    }
}
