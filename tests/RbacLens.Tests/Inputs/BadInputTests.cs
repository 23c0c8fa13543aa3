using System.IO.Compression;
using System.Text;

namespace RbacLens.Tests.Inputs;

/// <summary>Bad input gets one clear line, and never an empty result that reads like "all is well".</summary>
public sealed class BadInputTests
{
    const string Role = """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"a"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}""";
    static readonly string Nested = new('[', 10_000);

    public static TheoryData<string, string, string> Unreadable => new()
    {
        { "empty", "", "standard input: the input is empty, expected JSON or YAML" },
        { "only white space", " \n\t\n", "standard input: the input is empty, expected JSON or YAML" },
        { "a login page", "<!DOCTYPE html><html><body>Sign in</body></html>", "standard input: found HTML or XML (a login page?), expected JSON or YAML" },
        { "truncated JSON", Role[..80], "standard input: line 1, byte" },
        { "truncated list", """{"apiVersion":"v1","kind":"List","items":[""" + Role + ",", "standard input: line 1, byte" },
        { "nested brackets", Nested, "standard input: line 1, byte" },
        { "nested brackets in YAML", "kind: " + Nested, "standard input: line 1: nested deeper than 100 levels" },
        { "YAML with tabs", "kind: ClusterRole\nmetadata:\n\tname: a\n", "standard input: line 3: not valid YAML" },
        { "an alias bomb", AliasBomb(), "aliases repeat more than" },
        { "an anchor that contains itself", "kind: &a [*a]\n", "alias *a is inside its own anchor" },
        { "an unknown alias", "kind: *nowhere\n", "alias *nowhere has no anchor" },
        { "duplicate keys in YAML", "kind: ClusterRole\nkind: Role\n", "key kind is there twice" },
        { "a JSON string", "\"hello\"", "standard input" },
        { "plain text", "hello", "standard input" },
        { "nothing about access", """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","uid":"1"}}]}""", "standard input: 1 Kubernetes objects, but none about access" },
        { "an empty list", """{"apiVersion":"v1","kind":"List","items":[]}""", "standard input: the list is empty, it holds no objects" },
        { "an empty array", "[]", "standard input: the list is empty, it holds no objects" },
        { "items that are no list", """{"apiVersion":"v1","kind":"List","items":{}}""", "standard input: items is not a list" },
        { "the only role is broken", Role.Replace("""["get"]""", "\"get\""), "standard input: ClusterRole a: rules[].verbs is a string, expected a list" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_ends_with_one_line_and_exit_code_2(string what, string text, string expected)
    {
        var result = await CommandLine.RunAsync(text, "scan", "--from", "-");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.True(result.Error.Count(c => c == '\n') == 1, $"{what}: one line expected, got {result.Error}");
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a role with a string where a list belongs", """{"verbs":"get","apiGroups":[""],"resources":["pods"]}""", "rules[].verbs is a string, expected a list")]
    [InlineData("a number among verbs", """{"verbs":["get",1],"apiGroups":[""],"resources":["pods"]}""", "rules[].verbs is a number, expected a string")]
    [InlineData("half a surrogate pair", """{"verbs":["\ud800"],"apiGroups":[""],"resources":["pods"]}""", "rules[].verbs is not valid Unicode text")]
    [InlineData("a rule that is a string", "\"get pods\"", "rules[] is a string, expected an object")]
    public async Task One_broken_object_of_many_is_a_gap(string what, string rule, string expected)
    {
        var broken = $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"broken"},"rules":[{{rule}}]}""";
        var result = await CommandLine.RunAsync($$"""{"kind":"List","apiVersion":"v1","items":[{{Role}},{{broken}}]}""", "scan", "--from", "-", "-o", "json");

        Assert.True(result.ExitCode == 0, what + result.Error);
        Assert.Contains($"items[1]: ClusterRole broken: {expected}", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"malformed\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicate_fields_make_an_object_a_gap_because_nobody_knows_which_one_counts()
    {
        var doubled = Role.Replace("\"rules\"", "\"rules\":[],\"rules\"").Replace("\"a\"", "\"b\"");
        var result = await CommandLine.RunAsync($"[{Role},{doubled}]", "scan", "--from", "-", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("items[1]: ClusterRole b: rules is there twice", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task UTF_16_is_read_as_UTF_8_is(bool bigEndian, bool marked)
    {
        var encoding = new UnicodeEncoding(bigEndian, marked);
        var result = await CommandLine.RunAsync(["scan", "--from", "-", "-o", "json"], [.. encoding.GetPreamble(), .. encoding.GetBytes(Role.Replace("\"a\"", "\"ä\""))]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("\"ClusterRole\": 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_document_leaves_the_others_readable()
    {
        var result = await CommandLine.RunAsync($"{Role}\n---\nkind: [\n---\n{Role.Replace("\"a\"", "\"b\"")}\n".Insert(0, "---\n"), "scan", "--from", "-", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\"ClusterRole\": 2", result.Output, StringComparison.Ordinal);
        Assert.Contains("standard input: line 5", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\ufeff", "\n")]
    [InlineData("", "\r\n")]
    [InlineData("\ufeff", "\r\n")]
    public async Task Byte_order_marks_and_Windows_line_ends_do_not_matter(string mark, string lineEnd)
    {
        string[] yaml = ["apiVersion: rbac.authorization.k8s.io/v1", "kind: ClusterRole", "metadata: {name: a}", "rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]", ""];
        foreach (var text in new[] { mark + string.Join(lineEnd, yaml), mark + Role + lineEnd })
        {
            var result = await CommandLine.RunAsync(text, "scan", "--from", "-", "-o", "json");
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Contains("\"ClusterRole\": 1", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task Truncated_gzip_is_an_error(double share)
    {
        var packed = Gzip(string.Concat(Enumerable.Range(0, 500).Select(i => Role.Replace("\"a\"", $"\"role-{i * 7919}\""))));
        var result = await CommandLine.RunAsync(["scan", "--from", "-"], packed[..(int)(packed.Length * share)]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.StartsWith("rbac-lens: standard input: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_that_disagree_are_a_gap_and_copies_that_agree_are_not()
    {
        var other = Role.Replace("pods", "secrets");
        var result = await CommandLine.RunAsync($"{Role}{Role}{other}", "scan", "--from", "-", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ClusterRole a is in the input twice, with different content", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"ClusterRole\": 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Custom_resources_with_the_same_kind_are_not_mistaken()
    {
        var custom = """{"apiVersion":"iam.example.com/v1","kind":"Role","metadata":{"name":"x"},"rules":"anything"}""";
        var result = await CommandLine.RunAsync($"{Role}{custom}", "scan", "--from", "-", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("malformed", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Role\":", result.Output, StringComparison.Ordinal);
    }

    static string AliasBomb()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            yaml.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        return yaml.ToString();
    }

    static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
