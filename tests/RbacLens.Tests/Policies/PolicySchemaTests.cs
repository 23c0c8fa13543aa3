using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Tests.Reports;

namespace RbacLens.Tests.Policies;

/// <summary>The schema that editors use says the same as the reader that decides.</summary>
public sealed class PolicySchemaTests
{
    const string Good = """
        id: example
        title: t
        why: w
        fix: f
        references: [CIS 5.1.1, https://example.com/]
        needs: [ClusterRole]
        match:
          requests:
          - all:
            - {verbs: [list], resources: [secrets]}
            - any: [{verbs: [get], resources: [secrets]}, {verbs: [watch], resources: [secrets]}]
            means: lists, and reads or watches
            severity: low
          - ask: {verbs: [get], resources: [secrets], namespaces: [kube-system]}
            means: reads
            severity: {cluster: high, named: low}
            reaches: accounts
        violating:
        - title: v
          severity: high
          rules: [{verbs: [get], apiGroups: [""], resources: [secrets]}]
        conforming:
        - {title: a, rules: []}
        - {title: b, namespace: app, rules: []}
        """;

    static readonly Lazy<Task<JsonSchema>> Schema = new(async () => new((await CommandLine.RunAsync(["policies", "schema"])).Output));

    [Fact]
    public async Task Every_policy_that_ships_is_what_the_schema_says()
    {
        var schema = await Schema.Value;
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "policies"), "*.yaml", SearchOption.AllDirectories);
        Assert.Equal(PolicyFiles.BuiltIn.Count, files.Length);
        var wrong = files.SelectMany(file => schema.Violations(Json(File.ReadAllText(file))).Select(violation => $"{Path.GetFileName(file)}: {violation}")).ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("id: example", "id: Example_1")]
    [InlineData("title: t", "titel: t")]
    [InlineData("why: w\n", "")]
    [InlineData("CIS 5.1.1", "CIS")]
    [InlineData("needs: [ClusterRole]", "needs: ClusterRole")]
    [InlineData("ask: {verbs: [get], ", "ask: {")]
    [InlineData("any: [{verbs: [get], resources: [secrets]}, {verbs: [watch], resources: [secrets]}]", "any: [{verbs: [get], resources: [secrets]}]")]
    [InlineData("{verbs: [watch], resources: [secrets]}", "{verb: [watch], resources: [secrets]}")]
    [InlineData("ask: {verbs: [get],", "ask: {verbs: get,")]
    [InlineData("reaches: accounts", "reaches: everything")]
    [InlineData("cluster: high", "cluster: terrible")]
    [InlineData("named: low}", "nmaed: low}")]
    [InlineData("    means: reads\n", "")]
    [InlineData("requests:", "request:")]
    [InlineData("- {title: b, namespace: app, rules: []}", "")]
    [InlineData("severity: high\n", "severity: 9\n")]
    public async Task What_the_reader_refuses_the_schema_refuses(string was, string becomes)
    {
        var yaml = was.Length == 0 ? Good : Good.Replace(was, becomes, StringComparison.Ordinal);
        var refused = Record.Exception(() => PolicyFiles.Parse(yaml, "example.yaml", "area")) is InputException;

        Assert.Equal(was.Length > 0, refused);
        Assert.Equal(refused, (await Schema.Value).Violations(Json(yaml)).Count > 0);
    }

    [Fact]
    public async Task The_schema_knows_every_fact()
    {
        foreach (var kind in Enum.GetNames<RbacLens.Policies.FactKind>())
        {
            var word = string.Concat(kind.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
            var start = Good.IndexOf("  requests:", StringComparison.Ordinal);
            var yaml = Good[..start] + $"  fact: {word}\n  severity: low\n" + Good[Good.IndexOf("violating:", StringComparison.Ordinal)..];
            Assert.Empty((await Schema.Value).Violations(Json(yaml)));
            _ = PolicyFiles.Parse(yaml, "example.yaml", "area");
        }
    }

    [Fact]
    public async Task The_schema_and_the_page_say_what_each_reach_means()
    {
        var schema = (await CommandLine.RunAsync(["policies", "schema"])).Output;
        var page = (await CommandLine.RunAsync(["policies", "docs"])).Output;
        foreach (var (word, _, meaning) in ReachWords.All)
        {
            Assert.Empty((await Schema.Value).Violations(Json(Good.Replace("reaches: accounts", $"reaches: {word}", StringComparison.Ordinal))));
            Assert.Contains($$"""{ "const": "{{word}}", "description": "{{meaning}}" }""", schema, StringComparison.Ordinal);
            Assert.Contains($"| `{word}` | {meaning} |", page, StringComparison.Ordinal);
        }

        Assert.Equal(Enum.GetValues<RbacLens.Policies.Reach>().Where(reach => reach != RbacLens.Policies.Reach.Nothing).Order(), ReachWords.All.Select(word => word.Reach).Order());
    }

    static string Json(string yaml) => Encoding.UTF8.GetString(YamlDocuments.ToJson(yaml, "example.yaml", 1)!.Value.Span);
}
