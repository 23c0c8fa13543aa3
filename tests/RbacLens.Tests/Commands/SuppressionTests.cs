using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class SuppressionTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    static string Entry(string policy, string subject, string more = "until: 2027-01-31") =>
        $"- {{policy: \"{policy}\", subject: \"{subject}\", reason: reviewed, owner: platform, {more}}}\n";

    static async Task<(JsonElement Posture, string Error)> ScanAsync(string entries)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("accepted.yaml", "suppressions:\n" + entries);
        var result = await CommandLine.RunAsync(["scan", "--from", Dump, "--suppressions", file, "-o", "json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return (JsonDocument.Parse(result.Output).RootElement, result.Error);
    }

    [Theory]
    [InlineData("pods-exec", "Group oncall-payments", 1)]
    [InlineData("pods-*", "Group oncall-payments", 2)]
    [InlineData("cluster-admin-binding", "User *", 2)]
    [InlineData("cluster-admin-binding", "*@example.com", 1)]
    [InlineData("*", "Group jit:*:staging", 1)]
    [InlineData("pods-exec", "Group oncall", 0)]
    public async Task What_is_accepted_is_shown_as_accepted_and_no_longer_counted(string policy, string subject, int expected)
    {
        var (posture, error) = await ScanAsync(Entry(policy, subject));

        Assert.Equal(expected, posture.GetProperty("summary").GetProperty("suppressed").GetInt32());
        Assert.Equal(expected == 0, error.Contains("there is no such finding", StringComparison.Ordinal));
        Assert.Equal(expected, posture.GetProperty("findings").EnumerateArray().Count(finding => finding.GetProperty("suppression").ValueKind == JsonValueKind.Object));
    }

    [Theory]
    [InlineData("[production]", 1)]
    [InlineData("[prod*]", 1)]
    [InlineData("[staging]", 0)]
    public async Task Scopes_limit_an_entry(string scopes, int expected)
    {
        var (posture, _) = await ScanAsync(Entry("pods-exec", "Group oncall-payments", $"until: 2027-01-31, scopes: {scopes}"));
        Assert.Equal(expected, posture.GetProperty("summary").GetProperty("suppressed").GetInt32());
    }

    [Fact]
    public async Task A_namespace_pattern_never_means_the_whole_cluster()
    {
        var (posture, _) = await ScanAsync(Entry("nodes-proxy", "ServiceAccount monitoring/*", "until: 2027-01-31, scopes: [mon*]"));
        Assert.Equal(0, posture.GetProperty("summary").GetProperty("suppressed").GetInt32());
    }

    [Fact]
    public async Task An_expired_entry_accepts_nothing_and_is_reported()
    {
        var (posture, error) = await ScanAsync(Entry("pods-exec", "Group oncall-payments", "until: 2026-11-20"));

        Assert.Equal(0, posture.GetProperty("summary").GetProperty("suppressed").GetInt32());
        Assert.Contains("pods-exec for Group oncall-payments: expired on 2026-11-20", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- {policy: a, subject: b, owner: c, until: 2027-01-31}", "suppressions[0].reason is missing")]
    [InlineData("- {policy: a, subject: b, owner: c, reason: d}", "suppressions[0].until is missing")]
    [InlineData("- {policy: a, subject: b, owner: c, reason: d, until: soon}", "suppressions[0].until is soon, expected a day as in 2027-03-31")]
    [InlineData("- {policy: a, subject: b, owner: c, reason: d, until: 2027-01-31, untill: x}", "suppressions[0].untill is not known here")]
    public async Task An_entry_that_is_not_as_it_must_be_is_refused(string entry, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("accepted.yaml", "suppressions:\n" + entry);

        var result = await CommandLine.RunAsync(["scan", "--from", Dump, "--suppressions", file]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"rbac-lens: {file}: {expected}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_findings_do_not_fail_a_scan()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("accepted.yaml", "suppressions:\n" + Entry("*", "*"));

        Assert.Equal(0, (await CommandLine.RunAsync(["scan", "--from", Dump, "--suppressions", file, "--fail-on", "info"])).ExitCode);
    }
}
