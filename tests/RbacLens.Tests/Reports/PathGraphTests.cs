using System.Xml.Linq;
using RbacLens.Access;
using RbacLens.Cli.Reports;
using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

/// <summary>Paths in languages that draw them: whatever a name holds, it stays a name.</summary>
public sealed class PathGraphTests
{
    public static TheoryData<string> Names =>
    [
        "quote\" -> n9 [label=\"x", "back\\slash\\", "\\\"", "<script>alert(1)</script>", "<b>bold</b>", "line\nbreak", "\r\n  n9 -> n0;", "tab\tstop",
        "[square] (round) {curly} ((double)) ([stadium])", "a --> b", "|pipe|", "end", "subgraph x", "%% comment", "#quot; &lt; #35;", "`tick`", "semi;colon",
        "\u202Egnp.exe", "\u2066isolated\u2069", "zero\u200Bwidth", "عربي", "名前", "\0null", "\u001b[31mred", "\ud800half", "]]>", "--> <!-- ", "]; n1 -> n2", new('x', 253), "", " ",
        "&amp; &#35; &bogus;", "click n0 href \"javascript:alert(1)\"", "N", "\\N", "\\G\\E\\l", "{a|b}",
    ];

    static PathAnswer Answer(string name)
    {
        var path = SamplePaths.Paths[0];
        var (from, becomes) = (new Target("Group", "", name), new Target("ServiceAccount", "ci", name));
        var steps = path.Steps.SetItem(0, path.Steps[0] with { Becomes = becomes, Policy = name });
        return new(new(name, null, "dump"), default, "test", "?", 1, [new(from, path.To, steps)], RankedChokePoints.None, []);
    }

    static string Written(string format, PathAnswer answer)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        PathFormats.All.Single(known => known.Name == format).Write(answer, writer, new ReportStyle(null, 80, IsTerminal: false, Colour: false));
        return writer.ToString();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Graphviz_reads_each_name_as_it_is(string name) => Same(name, GraphReader.Dot(Written("dot", Answer(name))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Mermaid_reads_each_name_as_it_is(string name) => Same(name, GraphReader.Mermaid(Written("mermaid", Answer(name))));

    // Two steps, the first of which leads to somebody of that name by a policy of that name.
    static void Same(string name, GraphReader.Graph graph)
    {
        var answer = Answer(name);
        var safe = SafeText.Of(name);
        Assert.Equal([SafeText.Of(new Target("Group", "", name).ToString()), SafeText.Of(new Target("ServiceAccount", "ci", name).ToString()), "cluster-admin"], graph.Nodes.Select(node => node.Label));
        Assert.Equal([("n0", "n1", safe), ("n1", "n2", answer.Paths[0].Steps[1].Policy)], graph.Arrows.Select(arrow => (arrow.From, arrow.To, arrow.Label)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_picture_is_well_formed_and_holds_nothing_that_runs(string name)
    {
        var svg = XDocument.Parse(Written("svg", Answer(name)));
        Assert.All(svg.Descendants(), element => Assert.Contains(element.Name.LocalName, new[] { "svg", "title", "desc", "path", "g", "rect", "text", "line", "polygon", "tspan", "circle" }));
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "href");
        Assert.DoesNotContain("\u202E", svg.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_stays_in_its_line(string name)
    {
        var text = Written("text", Answer(name));
        Assert.DoesNotContain(text, letter => letter is '\u001b' or '\u202E' or '\r' or '\0' or '\t');
    }

    [Theory]
    [InlineData("dot")]
    [InlineData("mermaid")]
    [InlineData("svg")]
    public void Who_is_impersonated_is_drawn_apart_from_who_is_held(string format)
    {
        var drawn = Written(format, Answer("x") with { Paths = [SamplePaths.Impersonating] });
        Assert.Contains("(impersonated)", drawn, StringComparison.Ordinal);
        Assert.Contains("workload-create", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_is_an_empty_graph_and_not_an_empty_file()
    {
        var none = Answer("x") with { Paths = [], Gaps = [new Gap("Pod", Gap.Reasons.Forbidden, "pods: forbidden")] };
        Assert.StartsWith("digraph paths {", Written("dot", none), StringComparison.Ordinal);
        Assert.Equal("flowchart LR\n", Written("mermaid", none));
        Assert.Contains("no path", Written("svg", none), StringComparison.Ordinal);
        Assert.Contains("not checked: pods: forbidden", Written("text", none), StringComparison.Ordinal);
    }
}
