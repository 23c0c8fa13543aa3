using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

public sealed class AuditPolicyReviewTests
{
    static AuditPolicy Policy(string rules, string omit = "[]") => AuditPolicyFile.Parse($"{{apiVersion: audit.k8s.io/v1, kind: Policy, omitStages: {omit}, rules: [{rules}]}}", "policy");

    static IEnumerable<string> Blind(AuditPolicy policy, Sight sight) =>
        AuditPolicyReview.Sights(policy, DetectionFiles.BuiltIn).Where(seen => seen.Sight == sight).Select(seen => seen.Rule.Id);

    [Fact]
    public void The_generated_policy_feeds_every_detection_and_writes_no_secret_down()
    {
        var policy = AuditPolicyReview.Smallest([.. DetectionFiles.BuiltIn]);

        Assert.All(AuditPolicyReview.Sights(policy, DetectionFiles.BuiltIn), sight => Assert.Equal((sight.Rule.Id, Sight.Whole, false), (sight.Rule.Id, sight.Sight, sight.LacksBodies)));
        Assert.Empty(AuditPolicyReview.Leaks(policy));
    }

    public static TheoryData<string> Ids => [.. DetectionFiles.BuiltIn.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_policy_for_one_detection_feeds_that_one(string id)
    {
        var rule = DetectionFiles.BuiltIn.Single(rule => rule.Id == id);
        Assert.Equal(Sight.Whole, AuditPolicyReview.Sights(AuditPolicyReview.Smallest([rule]), [rule])[0].Sight);
    }

    [Fact]
    public void A_policy_of_nothing_blinds_everything() =>
        Assert.Equal(DetectionFiles.BuiltIn.Count, Blind(Policy(""), Sight.None).Count());

    [Fact]
    public void The_first_rule_that_fits_decides() =>
        Assert.Equal(["exec"], Blind(Policy("{level: None, resources: [{resources: [pods/exec]}]}, {level: Request}"), Sight.None));

    [Fact]
    public void A_bare_resource_in_a_policy_does_not_mean_its_subresources() =>
        Assert.Empty(Blind(Policy("{level: None, verbs: [get, create], resources: [{resources: [nodes]}]}, {level: Request}"), Sight.None));

    [Fact]
    public void A_star_behind_a_slash_means_the_resource_as_well() =>
        Assert.Contains("secret-read", Blind(Policy("{level: None, resources: [{resources: ['secrets/*']}]}, {level: Request}"), Sight.None));

    [Fact]
    public void Without_the_answer_nothing_is_decided() =>
        Assert.Equal(DetectionFiles.BuiltIn.Count, Blind(Policy("{level: Metadata}", "[ResponseComplete]"), Sight.None).Count());

    [Fact]
    public void Users_that_a_policy_hides_are_named()
    {
        var sight = AuditPolicyReview.Sights(Policy("{level: None, users: ['system:serviceaccount:ci:robot']}, {level: Request}"), DetectionFiles.BuiltIn).Single(seen => seen.Rule.Id == "exec");
        Assert.Equal((Sight.Whole, "system:serviceaccount:ci:robot"), (sight.Sight, Assert.Single(sight.BlindFor)));
    }

    [Theory]
    [InlineData("{level: Metadata}", 0)]
    [InlineData("{level: Request}", 3)]
    [InlineData("{level: RequestResponse}", 6)]
    [InlineData("{level: Metadata, resources: [{resources: [secrets, serviceaccounts/token, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}, {level: RequestResponse}", 0)]
    public void Secrets_that_would_be_written_down_are_told(string rules, int leaks) => Assert.Equal(leaks, AuditPolicyReview.Leaks(Policy(rules)).Length);

    [Fact]
    public async Task The_commands_say_so()
    {
        using var folder = new RbacLens.Tests.Inputs.TemporaryFolder();
        var generated = await CommandLine.RunAsync(["audit", "policy", "generate"]);
        var good = await CommandLine.RunAsync(["audit", "policy", "check", folder.Write("good.yaml", generated.Output)]);
        var bad = await CommandLine.RunAsync(["audit", "policy", "check", folder.Write("bad.yaml", "kind: Policy\nrules:\n- level: None\n  resources: [{resources: [pods/exec]}]\n- level: RequestResponse\n")]);

        Assert.True(good.ExitCode == 0, good.Output + good.Error);
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("rule 0 records nothing", bad.Output, StringComparison.Ordinal);
        Assert.Contains("writes down secrets: rule 1 records the tokens that are made", bad.Output, StringComparison.Ordinal);
    }
}
