using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RbacLens.Access;
using RbacLens.Cli.Reports;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

public class PdfReportTests
{
    static readonly PdfObjects Sample = new(Render(SamplePosture.Create()));

    /// <summary>The report of a posture.</summary>
    public static byte[] Render(Posture posture)
    {
        using var output = new MemoryStream();
        PdfReport.Write(posture, output);
        return output.ToArray();
    }

    /// <summary>The sample with so many findings instead, about names made by a function.</summary>
    public static Posture Many(int count, Func<int, string> name) => SamplePosture.Create() with
    {
        Findings =
        [
            .. from i in Enumerable.Range(0, count)
               select SamplePosture.Find(
                   i % 2 == 0 ? "secrets-read" : "workload-create", (Severity)(4 - (i * 5 / count)), new Subject.User(name(i)), "reads every secret",
                   SamplePosture.Rule("get,list", "secrets"), [.. Enumerable.Range(0, i % 50).Select(ns => $"namespace-{ns}")]),
        ],
    };

    [Fact]
    public void The_same_posture_gives_the_same_bytes() => Assert.Equal(Render(SamplePosture.Create()), Render(SamplePosture.Create()));

    [Fact]
    public void Another_time_zone_of_the_same_moment_gives_the_same_bytes()
    {
        var posture = SamplePosture.Create();
        Assert.Equal(Render(posture), Render(posture with { CollectedAt = posture.CollectedAt.ToOffset(TimeSpan.FromHours(5)) }));
    }

    [Fact]
    public void Every_object_is_where_the_cross_references_say()
    {
        Assert.Contains($"/Size {Sample.Count}/", Sample.Trailer, StringComparison.Ordinal);
        Assert.Matches("/ID\\[<([0-9A-F]{32})><\\1>\\]", Sample.Trailer);
        var referred = Sample.All.Values.SelectMany(PdfObjects.Refs).Distinct();
        Assert.All(referred, id => Assert.InRange(id, 1, Sample.Count - 1));
    }

    [Fact]
    public void Every_mark_of_every_page_belongs_to_an_element_that_names_it()
    {
        var parents = ParentTree();
        foreach (var page in Sample.OfType("Page"))
        {
            var key = PdfObjects.Number(Regex.Match(Sample[page], @"/StructParents (\d+)").Groups[1].Value);
            var content = Encoding.ASCII.GetString(Sample.StreamOf(PdfObjects.Ref(Sample[page], "Contents")));
            var marks = Regex.Matches(content, @"<</MCID (\d+)>>BDC").Select(match => match.Groups[1].Value).ToList();
            Assert.Equal(Enumerable.Range(0, marks.Count).Select(mark => $"{mark}"), marks);
            Assert.Equal(marks.Count, parents[key].Count);
            Assert.All(parents[key].Zip(marks), pair => Assert.Matches($@"/K\[.*\b{pair.Second}\b.*\]>>$", Sample[pair.First]));
            Assert.Equal(Regex.Count(content, "BDC|BMC"), Regex.Count(content, "EMC"));
        }
    }

    [Fact]
    public void Every_link_is_an_element_and_leads_to_a_page_or_a_web_address()
    {
        var (parents, pages) = (ParentTree(), Sample.OfType("Page").ToHashSet());
        var links = Sample.OfType("Annot").ToList();
        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            var body = Sample[link];
            var key = PdfObjects.Number(Regex.Match(body, @"/StructParent (\d+)").Groups[1].Value);
            Assert.Contains($"/Obj {link} 0 R", Sample[parents[key].Single()], StringComparison.Ordinal);
            var place = Regex.Match(body, @"/Dest\[(\d+) 0 R");
            if (place.Success)
                Assert.Contains(PdfObjects.Number(place.Groups[1].Value), pages);
            else
                Assert.Contains("/URI(https://", body, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Crowded { get; } = ["sample", "compared", "nothing", "long names", "gaps", "wide", "long gaps"];

    [Theory]
    [MemberData(nameof(Crowded))]
    public void The_summary_is_one_page(string name)
    {
        var posture = name switch
        {
            "compared" => ComparedPosture.Create(),
            "nothing" => SamplePosture.Create() with { Findings = [] },
            "long names" => Many(60, i => new string('x', 253)) with { Cluster = new(new string('c', 253), null, "dump") },
            "gaps" => Many(60, i => $"u{i}") with { Gaps = [.. Enumerable.Range(0, 40).Select(i => new Gap($"Kind{i}", "forbidden", new string('g', 300)))] },
            "wide" => Wide(),
            "long gaps" => Wide() with { Gaps = [.. Enumerable.Range(0, 3).Select(i => new Gap("Secret", "forbidden", new string('g', 300)))], Comparison = ComparedPosture.Create().Comparison },
            _ => SamplePosture.Create(),
        };
        var report = new PdfObjects(Render(posture));
        var pages = report.OfType("Page").ToList();
        Assert.Equal(2, pages.IndexOf(PageOf("Contents")) - pages.IndexOf(PageOf("Summary")) + 1);

        int PageOf(string title) => PdfObjects.Number(Regex.Match(report.All.Values.Single(body => body.StartsWith($"<</Title({title})/Parent", StringComparison.Ordinal)), @"/Dest\[(\d+) 0 R").Groups[1].Value);
    }

    // More areas, more reasons and worse than any cluster has.
    static Posture Wide()
    {
        var posture = Many(100, i => i % 2 == 0 ? new string('w', 253) : "system:anonymous");
        return posture with
        {
            Findings = [.. posture.Findings.Select((finding, i) => finding with { Policy = finding.Policy with { Id = $"p{i}", Area = $"area-{i % 30}", Title = new string('t', 200) } })],
        };
    }

    [Fact]
    public void A_figure_says_what_it_shows()
    {
        var figures = Sample.OfType("StructElem").Where(id => Sample[id].Contains("/S/Figure", StringComparison.Ordinal)).Select(id => Sample[id]).ToList();
        Assert.Equal(2, figures.Count);
        Assert.Contains(figures, figure => figure.Contains("/Alt(Bar chart", StringComparison.Ordinal));
        Assert.Contains(figures, figure => figure.Contains("/Alt(Picture of 2 escalation paths: ServiceAccount staging/job-runner to cluster-admin by workload-create, then cluster-admin-binding;", StringComparison.Ordinal));
    }

    [Fact]
    public void An_upgrade_is_called_by_its_versions()
    {
        var report = new PdfObjects(Render(SamplePosture.Create() with { Upgrade = new(new(1, 33), new(1, 36)) }));
        Assert.Contains("/Title(Upgrade from 1.33 to 1.36: prod-eu-1)", report[PdfObjects.Ref(report.Trailer, "Info")], StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_tell_headings_tables_lists_and_links()
    {
        var types = Sample.OfType("StructElem").Select(id => Regex.Match(Sample[id], @"/S/(\w+)").Groups[1].Value).ToHashSet();
        string[] wanted =
            ["Document", "Sect", "H1", "H2", "H3", "P", "Table", "TR", "TH", "TD", "L", "LI", "Lbl", "LBody", "TOC", "TOCI", "Link", "Figure"];
        Assert.Superset(wanted.ToHashSet(), types);
    }

    [Fact]
    public void A_repeated_table_header_is_decoration_and_tagged_once()
    {
        var report = new PdfObjects(Render(Many(200, i => $"user-{i}")));
        var headers = report.OfType("StructElem").Count(id => report[id].Contains("/Scope/Column", StringComparison.Ordinal));
        var policies = 5 * 2; // each severity has both policies
        Assert.Equal((policies * 3) + 4 + 3 + 7 + 4 + 3 + 3 + (4 * 4), headers); // and top risks, gaps, areas, policies asked, paths, cuts, frameworks
    }

    [Fact]
    public void The_document_says_what_it_is()
    {
        var catalog = Sample[PdfObjects.Ref(Sample.Trailer, "Root")];
        Assert.Contains("/Lang(en)", catalog, StringComparison.Ordinal);
        Assert.Contains("/MarkInfo<</Marked true>>", catalog, StringComparison.Ordinal);
        Assert.Contains("/DisplayDocTitle true", catalog, StringComparison.Ordinal);
        var xmp = Encoding.UTF8.GetString(Sample.StreamOf(PdfObjects.Ref(catalog, "Metadata")));
        Assert.Contains("<pdfaid:part>2</pdfaid:part>", xmp, StringComparison.Ordinal);
        Assert.Contains("<xmp:CreateDate>2026-11-21T10:00:00Z</xmp:CreateDate>", xmp, StringComparison.Ordinal);
        Assert.Contains("/CreationDate(D:20261121100000Z)", Sample[PdfObjects.Ref(Sample.Trailer, "Info")], StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_do_not_break_the_metadata()
    {
        var posture = SamplePosture.Create() with { Cluster = new("a<b>&\u0001\uFFFE(\\", null, "dump"), Findings = ImmutableArray<Finding>.Empty };
        var report = new PdfObjects(Render(posture));
        var xmp = Encoding.UTF8.GetString(report.StreamOf(PdfObjects.Ref(report[PdfObjects.Ref(report.Trailer, "Root")], "Metadata")));
        var title = XDocument.Parse(xmp).Descendants().First(element => element.Name.LocalName == "title");
        Assert.Equal(@"RBAC posture of a<b>&\u{1}\u{FFFE}(\", title.Value.Trim());
    }

    static Dictionary<int, List<int>> ParentTree()
    {
        var root = Sample[Sample.OfType("StructTreeRoot").Single()];
        var nums = Sample[PdfObjects.Ref(root, "ParentTree")];
        return Regex.Matches(nums, @"(\d+)(\[[^\]]*\]| \d+ 0 R)(?= ?\d|\]>>)")
            .ToDictionary(match => PdfObjects.Number(match.Groups[1].Value), match => PdfObjects.Refs(match.Groups[2].Value));
    }
}
