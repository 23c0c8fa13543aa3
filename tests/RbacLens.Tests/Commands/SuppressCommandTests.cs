using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class SuppressCommandTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
    static readonly string[] Why = ["--owner", "platform: \"team\"", "--reason", "until the exporter # scrapes \\ itself", "--expires", "2099-03-31"];

    static async Task<List<(string Fingerprint, string Policy)>> FindingsAsync(string file) =>
        [.. JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("findings").EnumerateArray()
            .Select(finding => (finding.GetProperty("fingerprint").GetString()!, finding.GetProperty("policy").GetString()!))];

    [Fact]
    public async Task What_is_suppressed_is_accepted_by_the_next_scan()
    {
        using var folder = new TemporaryFolder();
        var (posture, accepted) = (Path.Combine(folder.Path, "posture.json"), Path.Combine(folder.Path, "accepted.yaml"));
        await CommandLine.RunAsync(["scan", "--from", Dump, "-o", "json=" + posture]);
        var findings = await FindingsAsync(posture);
        var (first, second) = (findings.First(finding => finding.Policy == "nodes-proxy").Fingerprint, findings.First(finding => finding.Policy == "pods-exec").Fingerprint);

        var one = await CommandLine.RunAsync(["suppress", first, "--from", posture, "--file", accepted, .. Why]);
        var two = await CommandLine.RunAsync(["suppress", second[..8], first, "--from", Dump, "--file", accepted, .. Why]);
        var scan = await CommandLine.RunAsync(["scan", "--from", Dump, "--suppressions", accepted, "-o", "json"]);

        Assert.True((one.ExitCode, two.ExitCode, scan.ExitCode) == (0, 0, 0), one.Error + two.Error + scan.Error);
        Assert.Contains("1 added", two.Error, StringComparison.Ordinal);
        var root = JsonDocument.Parse(scan.Output).RootElement;
        Assert.Equal(2, root.GetProperty("summary").GetProperty("suppressed").GetInt32());
        Assert.Equal(["active", "active"], root.GetProperty("suppressions").EnumerateArray().Select(entry => entry.GetProperty("state").GetString()));
        Assert.Equal("until the exporter # scrapes \\ itself", root.GetProperty("suppressions")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_detection_is_told_from_a_finding()
    {
        using var folder = new TemporaryFolder();
        var posture = Path.Combine(folder.Path, "posture.json");
        using (var file = File.Create(posture))
            RbacLens.Cli.Reports.JsonReport.Write(Reports.SampleAudit.Create(), file);
        var fingerprint = Reports.SampleAudit.Create().Detections[0].Fingerprint;
        foreach (var args in new string[][] { ["suppress", fingerprint, "--from", posture, .. Why], ["fix", fingerprint, "--from", posture], ["explain", fingerprint, "--from", posture] })
        {
            var result = await CommandLine.RunAsync(args);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("is a detection, not a finding: service-proxy", result.Error, StringComparison.Ordinal);
            Assert.Contains("--allow", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_star_in_a_name_accepts_nobody_else()
    {
        using var folder = new TemporaryFolder();
        var (posture, accepted) = (Path.Combine(folder.Path, "posture.json"), Path.Combine(folder.Path, "accepted.yaml"));
        var manifests = folder.Write("bound.yaml", """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: admins}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'dev*'}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: devil}]
            """);
        await CommandLine.RunAsync(["scan", "--from", manifests, "-o", "json=" + posture]);
        var starred = JsonDocument.Parse(await File.ReadAllTextAsync(posture)).RootElement.GetProperty("findings").EnumerateArray()
            .First(finding => finding.GetProperty("subject").GetProperty("name").GetString() == "dev*").GetProperty("fingerprint").GetString()!;
        var written = await CommandLine.RunAsync(["suppress", starred, "--from", posture, "--file", accepted, .. Why]);
        var scan = await CommandLine.RunAsync(["scan", "--from", manifests, "--suppressions", accepted, "-o", "json"]);

        Assert.True((written.ExitCode, scan.ExitCode) == (0, 0), written.Error + scan.Error);
        var suppressed = JsonDocument.Parse(scan.Output).RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("suppression").ValueKind == JsonValueKind.Object).Select(finding => finding.GetProperty("subject").GetProperty("name").GetString());
        Assert.Equal(["dev*"], suppressed);
    }

    [Theory]
    [InlineData(@"User dev\*", "User dev*", true)]
    [InlineData(@"User dev\*", "User devil", false)]
    [InlineData(@"User CORP\alice", @"User CORP\alice", true)]
    [InlineData(@"User a\\*", @"User a\b", true)]
    [InlineData(@"User *\**x", "User a*bx", true)]
    [InlineData(@"User *\*", "User ab", false)]
    public void A_pattern_can_mean_a_star(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, RbacLens.Policies.TextPattern.Fits(pattern, text));
        Assert.True(RbacLens.Policies.TextPattern.Fits(RbacLens.Policies.TextPattern.Only(text), text));
    }

    [Fact]
    public async Task Entries_go_behind_what_is_there_and_comments_stay()
    {
        using var folder = new TemporaryFolder();
        var accepted = folder.Write("accepted.yaml", "# reviewed every quarter\nsuppressions:\n  - {policy: a, subject: b, reason: c, owner: d, until: 2099-01-01} # the first");
        var fingerprint = (await CommandLine.RunAsync(["scan", "--from", Dump, "-o", "json"])).Output.Split("\"fingerprint\": \"")[1][..16];

        var result = await CommandLine.RunAsync(["suppress", fingerprint, "--from", Dump, "--file", accepted, .. Why]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith("# reviewed every quarter\nsuppressions:\n  - {policy: a, subject: b, reason: c, owner: d, until: 2099-01-01} # the first\n  - policy: ", await File.ReadAllTextAsync(accepted), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("suppress 0123456789abcdef --from {dump} --owner a --expires 2099-01-01", "Option '--reason' is required")]
    [InlineData("suppress 0123456789abcdef --from {dump} --owner a --reason b", "Option '--expires' is required")]
    [InlineData("suppress 0123456789abcdef --from {dump} --reason b --expires 2099-01-01", "Option '--owner' is required")]
    [InlineData("suppress 0123456789abcdef --from {dump} --owner a --reason b --expires 2001-01-01", "--expires 2001-01-01: has passed already")]
    [InlineData("suppress 0123456789abcdef --from {dump} --owner a --reason b --expires soon", "--expires soon: expected a day")]
    [InlineData("suppress 0123456789abcdef --from {dump} --owner a --reason b --expires 2099-01-01", "0123456789abcdef: there is no finding with this fingerprint")]
    [InlineData("suppress 0123 --from {dump} --owner a --reason b --expires 2099-01-01", "0123: expected a fingerprint")]
    [InlineData("scan --from {dump} --fail-on new:high", "--fail-on new:high: expected --compare FILE")]
    public async Task What_cannot_be_done_is_said_in_one_line(string args, string expected)
    {
        var result = await CommandLine.RunAsync(args.Split(' ').Select(arg => arg.Replace("{dump}", Dump, StringComparison.Ordinal)).ToArray());

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("new:critical", 0)]
    [InlineData("critical", 1)]
    public async Task Only_what_is_new_fails_a_scan_that_is_asked_so(string failOn, int expected)
    {
        using var folder = new TemporaryFolder();
        var baseline = Path.Combine(folder.Path, "posture.json");
        await CommandLine.RunAsync(["scan", "--from", Dump, "-o", "json=" + baseline]);

        Assert.Equal(expected, (await CommandLine.RunAsync(["scan", "--from", Dump, "--baseline", baseline, "--fail-on", failOn])).ExitCode);
    }

    [Fact]
    public async Task An_expired_entry_is_part_of_the_posture()
    {
        using var folder = new TemporaryFolder();
        var accepted = folder.Write("accepted.yaml", "suppressions:\n- {policy: pods-exec, subject: \"*\", reason: c, owner: d, until: 2020-01-01}\n- {policy: nothing, subject: nobody, reason: c, owner: d, until: 2099-01-01}\n");

        var root = JsonDocument.Parse((await CommandLine.RunAsync(["scan", "--from", Dump, "--suppressions", accepted, "-o", "json"])).Output).RootElement;

        Assert.Equal(["expired", "unused"], root.GetProperty("suppressions").EnumerateArray().Select(entry => entry.GetProperty("state").GetString()));
        Assert.True(root.GetProperty("suppressions")[0].GetProperty("findings").GetInt32() > 0);
    }
}
