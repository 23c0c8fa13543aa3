using System.IO.Compression;
using System.Text.Json;

namespace RbacLens.Tests.Commands;

public sealed class CanICommandTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    static string Review(string user, string attributes) => $$$"""{"spec":{"user":"{{{user}}}","groups":["system:authenticated"],{{{attributes}}} } }""";

    [Fact]
    public async Task Each_review_gets_one_answer_in_order_with_the_reason_in_Kubernetes_own_words()
    {
        var reviews = string.Join('\n',
            Review("alice", """ "resourceAttributes":{"verb":"get","resource":"secrets","namespace":"ci","name":"x"} """),
            "",
            Review("nobody", """ "resourceAttributes":{"verb":"get","resource":"secrets","namespace":"ci"} """),
            Review("carol", """ "nonResourceAttributes":{"verb":"get","path":"/metrics"} """));
        var result = await CommandLine.RunAsync(reviews, "can-i", "--batch", "-", "--from", Dump);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(
            [
                """{"allowed":true,"reason":"RBAC: allowed by ClusterRoleBinding \"admins-convenience\" of ClusterRole \"cluster-admin\" to User \"alice\""}""",
                """{"allowed":false,"reason":""}""",
                """{"allowed":true,"reason":"RBAC: allowed by ClusterRoleBinding \"superuser-carol\" of ClusterRole \"superuser\" to User \"carol\""}""",
            ],
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("not json", "standard input: line 1: not valid JSON")]
    [InlineData("[]", "standard input: line 1: found no JSON object")]
    [InlineData("{}", "standard input: line 1: spec is missing")]
    [InlineData("""{"spec":{"user":"a"}}""", "standard input: line 1: spec holds neither resourceAttributes nor nonResourceAttributes")]
    [InlineData("""{"spec":{"user":1,"resourceAttributes":{}}}""", "standard input: line 1: user is Number, expected a string")]
    public async Task A_line_that_is_no_review_is_an_error_that_names_it(string line, string expected)
    {
        var result = await CommandLine.RunAsync(line, "can-i", "--batch", "-", "--from", Dump);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_recorded_review_is_answered_as_the_API_server_did()
    {
        var file = Vectors.PathOf("seed-scenario.sar.jsonl.gz");
        var result = await CommandLine.RunAsync(["can-i", "--batch", file, "--from", Dump]);
        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var recorded = (await lines.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(recorded.Length, answers.Length);
        foreach (var (review, answer) in recorded.Zip(answers))
            Assert.True(Allowed(review) == Allowed(answer), review);
    }

    static bool Allowed(string json) => JsonDocument.Parse(json).RootElement.GetProperty("allowed").GetBoolean();
}
