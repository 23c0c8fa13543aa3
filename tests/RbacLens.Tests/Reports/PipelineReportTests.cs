using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using RbacLens.Access;
using RbacLens.Cli.Reports;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

/// <summary>The formats that machines read, each held against its schema or a strict reader.</summary>
public sealed class PipelineReportTests
{
    static readonly JsonSchema Sarif = new(File.ReadAllText(Vectors.PathOf("report-schemas/sarif-2.1.0.schema.json")));
    static readonly JsonSchema GitLab = new(File.ReadAllText(Vectors.PathOf("report-schemas/gitlab-code-quality.schema.json")));

    // Every text that comes from a cluster is one of these in turn.
    static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\"quoted\", and; more", "a\nb\r\nc", "| `a` ``` |",
        "user\u202Enimda", "\u001b[31mred\u001b[0m", "\uD800", "\uFFFE\0", "🚀 中文 مرحبا", new string('x', 253), "]]>", "::error::no", "%0A::warning::x",
        "@octocat #1 https://example.com www.example.com", "--><!-- x", "'", "＝1", "]({x})", "\\", "C:\\x", "../../etc", "a/b",
    ];

    static Posture Saying(string text) => HtmlSample.Saying(text) with { Policies = HtmlSample.Saying(text).Policies.Add(HtmlSample.Saying(text).Findings[0].Policy with { Id = "odd" }) };

    static Posture Open(string text)
    {
        var posture = Saying(text);
        return posture with { Findings = [.. posture.Findings.Select(finding => finding with { Suppression = null })] };
    }

    public static TheoryData<string> Names => new(ReportFormats.All.Select(format => format.Name));

    static IEnumerable<Posture> Postures() =>
    [
        SamplePosture.Create(), HtmlSample.Create(), HtmlSample.Clear(), .. Hostile.SelectMany(text => new[] { Saying(text), Open(text) }),
        SamplePosture.Create() with { Sources = ImmutableSortedDictionary<Target, SourceLine>.Empty.Add(new("ClusterRoleBinding", "", "alice@example.com-binding"), new("./charts/my app/rbac.yaml", 12)) },
    ];

    static readonly ReportStyle Style = new(null, 80, IsTerminal: false, Colour: false);

    static string Render(string format, Posture posture) => Encoding.UTF8.GetString(Bytes(format, posture));

    static byte[] Bytes(string format, Posture posture)
    {
        using var output = new MemoryStream();
        ReportFormats.Find(format).Write(posture, output, Style);
        return output.ToArray();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_posture_gives_the_same_bytes_in_every_format(string format)
    {
        foreach (var posture in new[] { SamplePosture.Create(), HtmlSample.Saying("🚀\u202E") })
            Assert.Equal(Bytes(format, posture), Bytes(format, posture with { CollectedAt = posture.CollectedAt.ToOffset(TimeSpan.FromHours(5)) }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_of_a_cluster_brings_no_control_character_into_any_format(string format)
    {
        if (format == "pdf")
            return; // binary
        foreach (var posture in Hostile.Select(Open))
            Assert.DoesNotContain(Render(format, posture), c => (char.IsControl(c) && c is not ('\n' or '\r')) || c is '\u202E' or '\uFFFE' || (c == '\uFEFF' && format != "csv"));
    }

    [Fact]
    public void Sarif_is_what_its_schema_says() => Assert.Empty(Postures().SelectMany(posture => Sarif.Violations(Render("sarif", posture))));

    [Theory]
    [InlineData("\"startLine\": 1", "\"startLine\": 0")]
    [InlineData("\"level\": \"error\"", "\"level\": \"terrible\"")]
    [InlineData("\"uri\": \"", "\"uri\": \" ")]
    [InlineData("\"ruleId\":", "\"rule\":")]
    public void The_schema_of_sarif_notices_a_change(string was, string becomes) =>
        Assert.NotEmpty(Sarif.Violations(Render("sarif", SamplePosture.Create()).Replace(was, becomes, StringComparison.Ordinal)));

    [Fact]
    public void Sarif_points_at_the_manifest_and_keeps_the_fingerprint()
    {
        var place = new SourceLine("./charts/my app/rbac.yaml", 12);
        var posture = SamplePosture.Create() with { Sources = ImmutableSortedDictionary<Target, SourceLine>.Empty.Add(new("ClusterRoleBinding", "", "alice@example.com-binding"), place) };
        var alice = posture.Findings.Single(finding => finding.About.Name == "alice@example.com");
        using var log = JsonDocument.Parse(Render("sarif", posture));
        var run = log.RootElement.GetProperty("runs")[0];
        var result = run.GetProperty("results").EnumerateArray().Single(result => result.GetProperty("partialFingerprints").GetProperty("rbacLens/v1").GetString() == alice.Fingerprint);

        Assert.Equal(result.GetProperty("ruleId").GetString(), run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        var physical = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("charts/my%20app/rbac.yaml", physical.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(12, physical.GetProperty("region").GetProperty("startLine").GetInt32());
        Assert.Equal(2, run.GetProperty("invocations")[0].GetProperty("toolExecutionNotifications").GetArrayLength());
        Assert.Single(run.GetProperty("results").EnumerateArray(), result => result.GetProperty("suppressions").GetArrayLength() == 1);
    }

    [Fact]
    public void Junit_is_what_its_schema_says()
    {
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(Vectors.PathOf("report-schemas/junit-10.xsd"));
        schemas.Add(null, schema);
        foreach (var posture in Postures())
        {
            var document = XDocument.Parse(Render("junit", posture));
            document.Validate(schemas, (_, problem) => Assert.Fail(problem.Message));
            foreach (var suite in document.Root!.Elements("testsuite"))
            {
                Assert.Equal((string?)suite.Attribute("tests"), $"{suite.Elements("testcase").Count()}");
                Assert.Equal((string?)suite.Attribute("failures"), $"{suite.Descendants("failure").Count()}");
                Assert.Equal((string?)suite.Attribute("skipped"), $"{suite.Descendants("skipped").Count()}");
            }

            Assert.Equal((string?)document.Root.Attribute("tests"), $"{document.Descendants("testcase").Count()}");
            Assert.Equal((string?)document.Root.Attribute("failures"), $"{document.Descendants("failure").Count()}");
        }
    }

    [Fact]
    public void Junit_passes_fails_or_skips_every_policy()
    {
        var document = XDocument.Parse(Render("junit", SamplePosture.Create()));
        XElement Suite(string id) => document.Root!.Elements().Single(suite => (string?)suite.Attribute("name") == id);
        Assert.Equal(2, Suite("everything").Descendants("failure").Count());
        Assert.Contains("dana@example.com", (string?)Suite("webhook-failing-open").Descendants("skipped").Single().Attribute("message"), StringComparison.Ordinal);
        var undecided = XDocument.Parse(Render("junit", SamplePosture.Create() with { Findings = [] }));
        Assert.Contains("403", (string?)undecided.Descendants("testsuite").Single(suite => (string?)suite.Attribute("name") == "long-lived-token").Descendants("skipped").Single().Attribute("message"), StringComparison.Ordinal);
        Assert.Equal(8, undecided.Descendants("testcase").Count(test => !test.HasElements));
    }

    [Fact]
    public void Gitlab_is_what_its_documentation_says()
    {
        Assert.Empty(Postures().SelectMany(posture => GitLab.Violations(Render("gitlab", posture))));
        using var issues = JsonDocument.Parse(Render("gitlab", SamplePosture.Create()));
        Assert.Equal(12 + 2, issues.RootElement.GetArrayLength());
        Assert.Equal(14, issues.RootElement.EnumerateArray().Select(issue => issue.GetProperty("fingerprint").GetString()).Distinct().Count());
    }

    [Fact]
    public void Csv_has_a_cell_for_every_column_and_no_formula()
    {
        foreach (var posture in Postures())
        {
            var rows = CsvRows(Render("csv", posture)[1..]);
            Assert.Equal(1 + posture.Findings.Length + posture.Gaps.Length, rows.Count);
            Assert.All(rows, row => Assert.Equal(21, row.Count));
            Assert.All(rows.SelectMany(row => row), cell => Assert.DoesNotMatch(@"^\s*[=+\-@|＝＋－＠]", cell));
        }

        Assert.Equal(new byte[] { 0xEF, 0xBB, 0xBF }, Bytes("csv", SamplePosture.Create())[..3]);
    }

    [Fact]
    public void Github_has_one_command_a_line_and_nothing_else()
    {
        foreach (var posture in Postures())
        {
            var lines = Render("github", posture).TrimEnd('\n').Split('\n');
            Assert.Equal(posture.Gaps.Length + posture.Findings.Count(finding => finding.Suppression is null) + 1, lines.Length);
            Assert.All(lines, line => Assert.Matches("^::(error|warning|notice) (file=[^,:]+,line=[0-9]+,)?title=[^,:]+::(?:[^%\r\n]|%25)*$", line));
        }
    }

    [Fact]
    public void Openmetrics_is_read_by_a_strict_reader()
    {
        foreach (var posture in Postures())
            OpenMetrics.Check(Render("openmetrics", posture));
        var samples = OpenMetrics.Check(Render("openmetrics", SamplePosture.Create()));
        Assert.Equal("3", samples["rbac_lens_findings{cluster=\"prod-eu-1\",severity=\"critical\"}"]);
        Assert.Equal("1", samples["rbac_lens_accepted_findings{cluster=\"prod-eu-1\"}"]);
        Assert.Equal("2", samples["rbac_lens_undecided_policies{cluster=\"prod-eu-1\"}"]);
        Assert.Equal("1795255200", samples["rbac_lens_collected_timestamp_seconds{cluster=\"prod-eu-1\"}"]);
    }

    [Fact]
    public void Markdown_fits_a_comment_and_says_what_it_leaves_out()
    {
        var text = Render("markdown", HtmlSample.Large(5000));
        Assert.InRange(text.Length, 30_000, MarkdownReport.Longest);
        Assert.Matches(@"And \d+ more, none worse than these\.", text);
        Assert.Contains("Not everything could be read", text, StringComparison.Ordinal);
        var long253 = HtmlSample.Saying(new string('`', 253)) is var one ? one with { Findings = [.. Enumerable.Repeat(one.Findings[0], 3000), .. Enumerable.Repeat(one.Findings[0] with { Suppression = null }, 3000)], Gaps = [.. Enumerable.Repeat(one.Gaps[0], 100)] } : null!;
        Assert.InRange(Render("markdown", long253).Length, 30_000, MarkdownReport.Longest);
    }

    [Theory]
    [InlineData("alice", "`alice`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("``", "``` `` ```")]
    [InlineData("a|b", "`a\\|b`")]
    [InlineData("<b>", "`<b>`")]
    public void Markdown_shows_a_name_as_code(string name, string expected) => Assert.Equal(expected, MarkdownText.Code(name));

    [Theory]
    [InlineData("takes their accounts' tokens", "takes their accounts' tokens")]
    [InlineData("get on nodes/proxy runs commands, in every pod", "get on nodes/proxy runs commands, in every pod")]
    [InlineData("mail bob@example.com.", "mail `bob@example.com`.")]
    [InlineData("see #12 or https://x.io", "see `#12` or `https://x.io`")]
    [InlineData("*.example (a_b_c)", "`*.example` (`a_b_c`)")]
    [InlineData("[x](y)", "`[x](y`)")]
    public void Markdown_keeps_plain_words_and_shows_others_as_code(string text, string expected) => Assert.Equal(expected, MarkdownText.Sentence(text));

    static List<List<string>> CsvRows(string csv)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (quoted && csv[i] == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
                cell.Append(csv[++i]);
            else if (csv[i] == '"')
                quoted = !quoted;
            else if (!quoted && csv[i] is ',' or '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (csv[i] == '\r')
                {
                    Assert.Equal('\n', csv[++i]);
                    rows.Add(row);
                    row = [];
                }
            }
            else
                cell.Append(csv[i]);
        }

        Assert.False(quoted || row.Count > 0 || cell.Length > 0);
        return rows;
    }
}
