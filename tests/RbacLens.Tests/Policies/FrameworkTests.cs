using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

public sealed class FrameworkTests
{
    [Fact]
    public void Every_control_a_policy_refers_to_exists()
    {
        var known = Frameworks.All.SelectMany(framework => framework.Controls, (framework, control) => (framework.Id, control.Id)).ToHashSet();
        Assert.Empty(
            from policy in PolicyFiles.BuiltIn
            from reference in policy.References
            where reference.Framework is not null && !known.Contains((reference.Framework, reference.Id))
            select $"{policy.Id}: {reference.Framework} {reference.Id}");
    }

    [Fact]
    public void Every_control_is_answered_by_a_policy_or_says_why_it_cannot_be() =>
        Assert.Empty(
            from framework in Frameworks.All
            from control in framework.Controls
            where control.Unseen is null && !PolicyFiles.BuiltIn.Any(policy => policy.References.Contains(new(framework.Id, control.Id)))
            select $"{framework.Id} {control.Id}");

    [Fact]
    public void The_benchmark_is_there_from_its_first_control_to_its_last() =>
        Assert.Equal(Enumerable.Range(1, 13).Select(i => $"5.1.{i}"), Frameworks.Cis.Controls.Select(control => control.Id));

    [Theory]
    [InlineData("open", ControlStatus.Fail)]
    [InlineData("accepted", ControlStatus.Pass)]
    [InlineData("open, with a gap", ControlStatus.Fail)]
    [InlineData("nothing", ControlStatus.Pass)]
    [InlineData("nothing, with a gap", ControlStatus.NotAssessed)]       // what was not read may hold anything
    [InlineData("accepted, with a gap", ControlStatus.NotAssessed)]
    [InlineData("stock", ControlStatus.Pass)]                            // what ships is not the cluster's doing
    public void A_control_is_judged_by_what_is_open_and_what_was_read(string found, ControlStatus expected)
    {
        var policy = PolicyFiles.BuiltIn.Single(policy => policy.Id == "nodes-proxy");
        var finding = new Finding(policy, new("User", "", "jane"), [Scope.Cluster], Severity.Critical, "because") { IsStock = found.StartsWith("stock", StringComparison.Ordinal) };
        var posture = new Posture
        {
            Cluster = new("test", null, "dump"),
            CollectedAt = default,
            Tool = "test",
            Policies = [policy],
            Counts = System.Collections.Immutable.ImmutableSortedDictionary<string, int>.Empty.Add("ClusterRole", 1),
            Findings = found.StartsWith("nothing", StringComparison.Ordinal) ? []
                : [found.StartsWith("accepted", StringComparison.Ordinal) ? finding with { Suppression = new("jo", "why", null) } : finding],
            Gaps = found.EndsWith("gap", StringComparison.Ordinal) ? [new Gap("ClusterRole", Gap.Reasons.Forbidden, "403")] : [],
        };

        var cis = FrameworkResult.Of(posture).Single(result => result.Framework.Id == "CIS");

        Assert.Equal(expected, cis.Controls.Single(control => control.Control.Id == "5.1.10").Status);
    }

    [Fact]
    public void What_no_object_shows_is_never_said_to_pass()
    {
        var posture = new Posture { Cluster = new("test", null, "dump"), CollectedAt = default, Tool = "test", Policies = [.. PolicyFiles.BuiltIn] };

        var masters = FrameworkResult.Of(posture).Single(result => result.Framework.Id == "CIS").Controls.Single(control => control.Control.Id == "5.1.7");

        Assert.Equal(ControlStatus.NotAssessed, masters.Status);
        Assert.Contains("certificates", masters.Because);
    }

    [Fact]
    public async Task A_scan_shows_one_framework_control_by_control()
    {
        var dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
        var table = await CommandLine.RunAsync(["scan", "--from", dump, "--framework", "cis", "-o", "wide"], width: 200);

        Assert.Matches("(?m)^5\\.1\\.1 +fail ", table.Output);
        Assert.Matches("(?m)^5\\.1\\.10 +fail .*nodes-proxy", table.Output);
        Assert.Matches("CIS Kubernetes Benchmark.*fail, .*pass, .*not assessed", table.Output);
    }
}
