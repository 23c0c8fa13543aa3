using System.Text;
using System.Text.Json;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Postures;
using RbacLens.Cli.Reports;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

/// <summary>Reading a posture is the inverse of writing it: whatever is rendered from it is the same, byte for byte.</summary>
public sealed class PostureReaderTests
{
    static readonly ReportStyle Style = new(null, 120, IsTerminal: false, Colour: false);
    static readonly string SchemaText = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "posture.schema.json"));
    static readonly JsonSchema Schema = new(SchemaText);

    static readonly Dictionary<string, Posture> Postures = new(StringComparer.Ordinal)
    {
        ["everything"] = ComparedPosture.Create(),
        ["sample"] = SamplePosture.Create(),
        ["impersonating"] = SamplePosture.Create() with { Paths = [SamplePaths.Impersonating] },
        ["rewriting"] = SamplePosture.Create() with { Paths = [SamplePaths.Rewriting] },
        ["nothing"] = HtmlSample.Clear(),
        ["hostile"] = HtmlSample.Saying("\u202E<script>\n🚀 \\\"") is var hostile ? hostile with { Policies = [.. hostile.Findings.Select(finding => finding.Policy)] } : null!,
    };

    public static TheoryData<string> Formats => new(ReportFormats.All.Select(format => format.Name));

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_posture_that_was_read_gives_the_same_report(string format)
    {
        foreach (var (name, written) in Postures)
            Assert.True(Render(format, written).AsSpan().SequenceEqual(Render(format, Read(Render("json", written)))), name);
    }

    [Fact]
    public void Everything_a_posture_can_have_is_what_the_schema_says() => Assert.Empty(Schema.Violations(Encoding.UTF8.GetString(Render("json", ComparedPosture.Create()))));

    [Fact]
    public void What_makes_a_step_pay_is_written_as_the_schema_says_and_read_again()
    {
        var json = Render("json", Postures["rewriting"]);
        Assert.Empty(Schema.Violations(Encoding.UTF8.GetString(json)));
        var through = Assert.Single(Assert.Single(Read(json).Paths).Steps).Through;
        Assert.Equal(("tenants", "tenants"), (through?.Binding.Name, through?.Role.Name));
    }

    [Fact]
    public void Who_is_only_impersonated_is_written_as_the_schema_says_and_read_again()
    {
        var json = Render("json", Postures["impersonating"]);
        Assert.Empty(Schema.Violations(Encoding.UTF8.GetString(json)));
        Assert.Equal([true, false, false], Assert.Single(Read(json).Paths).Steps.Select(step => step.IsBorrowed));
    }

    [Fact]
    public void Whatever_the_schema_has_for_findings_is_written()
    {
        using var schema = JsonDocument.Parse(SchemaText);
        using var json = JsonDocument.Parse(Render("json", ComparedPosture.Create()));
        var written = json.RootElement.GetProperty("findings").EnumerateArray().SelectMany(finding => finding.EnumerateObject()).Select(property => property.Name).ToHashSet();
        Assert.All(schema.RootElement.GetProperty("$defs").GetProperty("finding").GetProperty("properties").EnumerateObject(), property => Assert.Contains(property.Name, written));
    }

    [Fact]
    public void A_comparison_tells_new_resolved_changed_accepted_and_what_cannot_be_told()
    {
        var posture = ComparedPosture.Create();
        var comparison = posture.Comparison!;
        string Names(Change change) => string.Join(' ', posture.Findings.Where(finding => comparison.Of(finding) == change).Select(finding => finding.About.Name));
        Assert.Equal("alice@example.com stock", Names(Change.New));
        Assert.Equal("bob", Names(Change.Changed));
        Assert.Equal("", Names(Change.Reopened));
        Assert.Equal("Cluster ", Assert.Single(posture.Findings, finding => comparison.Of(finding) == Change.Accepted).About.Kind + " ");
        Assert.Equal("gone", Assert.Single(comparison.Resolved).About.Name);
        Assert.Equal("unknown-now", Assert.Single(comparison.Unclear).About.Name);   // Secrets could not be read this time
    }

    [Fact]
    public void A_finding_in_one_more_namespace_is_changed_and_neither_new_nor_resolved()
    {
        var now = SamplePosture.Create();
        var wider = now with { Findings = [.. now.Findings.Select(finding => finding.About.Name == "bob" ? finding with { Scopes = [.. finding.Scopes, new("zoo")] } : finding)] };
        var comparison = Comparison.Between(now, wider);
        Assert.Empty(comparison.Resolved);
        Assert.Equal(0, comparison.Count(Change.New));
        Assert.Equal(1, comparison.Count(Change.Changed));
    }

    [Theory]
    [InlineData("\"kind\": \"Posture\"", "\"kind\": \"Pod\"", "f: found rbac-lens/v1 Pod, expected rbac-lens/v1 Posture, as -o json writes it")]
    [InlineData("\"severity\": \"critical\"", "\"severity\": \"terrible\"", "f: findings[0].severity is \"terrible\", expected critical, high, medium, low or info")]
    [InlineData("\"collectedAt\": \"2026-11-21T10:00:00Z\"", "\"collectedAt\": 7", "f: collectedAt is 7, expected text")]
    [InlineData("\"scopes\": [", "\"scopes\": [ 1,", "f: findings[0].scopes[0] is 1, expected text")]
    [InlineData("\"rules\": [\n            0", "\"rules\": [\n            9", "f: findings[0].grants[0].rules refers to rule 9, but ClusterRole helm-operator has 1")]
    [InlineData("\"policy\": \"everything\"", "\"policy\": \"else\"", "f: findings[0].fingerprint is ")]
    [InlineData("\"summary\": {", "\"summary\": [], \"x\": {", "f: summary is a list, expected an object")]
    [InlineData("\"roles\": [", "\"rolls\": [", "f: was written by rbac-lens 0.1.0, without the roles that findings refer to; expected the report of a newer scan")]
    public void What_is_not_as_it_must_be_is_said_in_one_line(string was, string becomes, string expected)
    {
        var json = Encoding.UTF8.GetString(Render("json", SamplePosture.Create()));
        var at = json.IndexOf(was, StringComparison.Ordinal);
        Assert.True(at > 0, was);
        var mistake = Assert.Throws<InputException>(() => Read(Encoding.UTF8.GetBytes(json[..at] + becomes + json[(at + was.Length)..])));
        Assert.StartsWith(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_a_later_version_added_are_passed_over()
    {
        var json = Encoding.UTF8.GetString(Render("json", SamplePosture.Create())).Replace("\"policy\":", "\"later\": {}, \"policy\":", StringComparison.Ordinal);
        Assert.Equal(13, Read(Encoding.UTF8.GetBytes(json)).Findings.Length);
    }

    static Posture Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return PostureReader.Read(document.RootElement, "f");
    }

    static byte[] Render(string format, Posture posture)
    {
        using var output = new MemoryStream();
        ReportFormats.Find(format).Write(posture, output, Style);
        return output.ToArray();
    }
}
