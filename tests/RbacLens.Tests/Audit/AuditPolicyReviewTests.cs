using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Rbac;

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
        Assert.Equal((Sight.Partly, "system:serviceaccount:ci:robot"), (sight.Sight, Assert.Single(sight.BlindFor)));
    }

    [Theory]
    [InlineData("{level: Metadata}", 0)]
    [InlineData("{level: Request}", 3)]
    [InlineData("{level: RequestResponse}", 7)]
    [InlineData("{level: RequestResponse, verbs: [list], resources: [{resources: [secrets]}]}, {level: Metadata}", 1)]
    [InlineData("{level: Request, verbs: [patch], resources: [{resources: [secrets]}]}, {level: Metadata}", 1)]
    [InlineData("{level: RequestResponse, verbs: [deletecollection], resources: [{resources: [secrets]}]}, {level: Metadata}", 1)]
    [InlineData("{level: RequestResponse, resources: [{resources: [secrets], resourceNames: [db]}]}, {level: Metadata}", 3)] // nothing is created by name
    [InlineData("{level: Request, namespaces: [dev], resources: [{resources: [secrets]}]}, {level: Metadata}", 2)]
    [InlineData("{level: RequestResponse, namespaces: ['']}, {level: Metadata}", 3)] // lists of all namespaces, of config maps as well, and token reviews
    [InlineData("{level: Metadata, namespaces: [dev]}, {level: Request, namespaces: [dev], resources: [{resources: [secrets]}]}", 0)] // the first that fits decides
    [InlineData("{level: RequestResponse, users: [alice]}, {level: Metadata}", 7)]
    [InlineData("{level: Request, userGroups: [devs], resources: [{resources: [secrets]}]}, {level: Metadata}", 2)]
    [InlineData("{level: Request, users: [alice], userGroups: [devs], resources: [{resources: [secrets]}]}, {level: Metadata}", 2)]
    [InlineData("{level: Metadata, userGroups: ['system:authenticated']}, {level: Request, resources: [{resources: [secrets]}]}", 2)] // whoever does not log in
    [InlineData("{level: Metadata, userGroups: ['system:authenticated', 'system:unauthenticated']}, {level: Request}", 0)]
    [InlineData("{level: Request, users: ['system:*'], resources: [{resources: [secrets]}]}, {level: Metadata}", 0)] // a star is a letter like any other
    [InlineData("{level: Metadata, resources: [{resources: [secrets, serviceaccounts/token, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}, {level: RequestResponse}", 0)]
    public void Secrets_that_would_be_written_down_are_told(string rules, int leaks) => Assert.Equal(leaks, AuditPolicyReview.Leaks(Policy(rules)).Length);

    [Theory]
    [InlineData("{level: Metadata}", "pod-ip-redirect", Sight.None, "update pods/status any: rule 0 records no body")]
    [InlineData("{level: Metadata}", "privileged-workload", Sight.None, "create pods: rule 0 records no body")]
    [InlineData("{level: Metadata}", "rbac-change", Sight.Whole, null)]
    [InlineData("{level: None, resources: [{resources: [secrets], resourceNames: [db]}]}, {level: Metadata}", "secret-read", Sight.Partly, "get secrets db: rule 0 records nothing")]
    [InlineData("{level: None, resources: [{group: rbac.authorization.k8s.io, resources: [clusterrolebindings], resourceNames: [owned]}]}, {level: Request}", "rbac-change", Sight.Partly, "update clusterrolebindings.rbac.authorization.k8s.io owned: rule 0 records nothing")]
    [InlineData("{level: None, namespaces: [kube-system]}, {level: Metadata}", "exec", Sight.Partly, "get pods/exec any in kube-system: rule 0 records nothing")]
    [InlineData("{level: None, namespaces: ['']}, {level: Metadata}", "secret-read", Sight.Partly, "list secrets of the whole cluster: rule 0 records nothing")]
    [InlineData("{level: None, userGroups: ['system:nodes']}, {level: Metadata}", "secret-read", Sight.Whole, null)] // nodes are none of its business
    [InlineData("{level: None, userGroups: ['system:nodes']}, {level: Metadata}", "exec", Sight.Partly, "system:nodes")]
    [InlineData("{level: None, userGroups: ['system:serviceaccounts:kube-system']}, {level: Metadata}", "secret-read", Sight.Partly, "system:serviceaccounts:kube-system")]
    [InlineData("{level: None, users: ['system:*']}, {level: Metadata}", "exec", Sight.Whole, null)]
    [InlineData("{level: None, userGroups: ['system:authenticated']}, {level: Metadata}", "exec", Sight.None, "get pods/exec any: rule 0 records nothing")]
    [InlineData("{level: None, userGroups: ['system:authenticated']}, {level: Metadata}", "anonymous-request", Sight.Whole, null)]
    [InlineData("{level: None, nonResourceURLs: ['*']}, {level: Request}", "anonymous-request", Sight.Partly, "get /metrics: rule 0 records nothing")]
    [InlineData("{level: None, nonResourceURLs: ['/metr*']}, {level: Request}", "stale-token", Sight.Partly, "get /metrics: rule 0 records nothing")]
    [InlineData("{level: None, users: ['system:anonymous'], nonResourceURLs: ['/debug/*']}, {level: Request}", "anonymous-request", Sight.Partly, "system:anonymous")]
    [InlineData("{level: None, nonResourceURLs: ['/healthz*', '/version', '/swagger*']}, {level: Request}", "anonymous-request", Sight.Whole, null)]
    [InlineData("{level: None, nonResourceURLs: ['*']}, {level: Request}", "exec", Sight.Whole, null)]
    public void What_a_policy_hides_is_told(string rules, string id, Sight expected, string? hidden)
    {
        var sight = AuditPolicyReview.Sights(Policy(rules), DetectionFiles.BuiltIn).Single(seen => seen.Rule.Id == id);

        Assert.Equal((expected, hidden is null), (sight.Sight, sight.Blind.IsEmpty && sight.BlindFor.IsEmpty));
        if (hidden is not null)
            Assert.Contains(sight.Blind.Concat(sight.BlindFor), told => told.StartsWith(hidden, StringComparison.Ordinal));
    }

    static DetectionRule Own(AuditLevel level, string group, string resource, string url, string verb = "get") => DetectionFiles.BuiltIn[0] with
    {
        When = [],
        Unless = [],
        Level = level,
        Requests = [new(Names.Of(verb), group.Length == 0 ? Names.None : Names.Of(group), resource.Length == 0 ? Names.None : Names.Of(resource), url.Length == 0 ? Names.None : Names.Of(url), Names.None)],
    };

    [Theory]
    [InlineData(AuditLevel.Metadata, "", "", "/logs/*")]
    [InlineData(AuditLevel.Metadata, "", "", "/metrics")]
    [InlineData(AuditLevel.Metadata, "", "widgets", "")]
    [InlineData(AuditLevel.Metadata, "*", "*", "")]
    [InlineData(AuditLevel.Request, "", "widgets", "")]
    [InlineData(AuditLevel.Request, "example.com", "widgets", "")]
    public void Rules_of_ones_own_are_fed_whatever_they_are_about(AuditLevel level, string group, string resource, string url)
    {
        var own = Own(level, group, resource, url);
        var policy = AuditPolicyReview.Smallest([own]);

        var sight = AuditPolicyReview.Sights(policy, [own])[0];
        Assert.Equal((Sight.Whole, false), (sight.Sight, sight.LacksBodies));
        Assert.Empty(AuditPolicyReview.Leaks(policy));
        Assert.Equal(Sight.None, AuditPolicyReview.Sights(Policy("{level: Request, resources: [{group: batch}]}"), [own])[0].Sight);
    }

    [Fact]
    public void A_part_of_a_prefix_that_a_policy_hides_is_told() =>
        Assert.Equal(
            (Sight.Partly, "get /logs/kube: rule 0 records nothing"),
            AuditPolicyReview.Sights(Policy("{level: None, nonResourceURLs: ['/logs/kube*']}, {level: Metadata}"), [Own(AuditLevel.Metadata, "", "", "/logs/*")]).Select(sight => (sight.Sight, sight.Blind.Single())).Single());

    [Fact]
    public async Task The_commands_say_so()
    {
        using var folder = new RbacLens.Tests.Inputs.TemporaryFolder();
        var generated = await CommandLine.RunAsync(["audit", "policy", "generate"]);
        var good = await CommandLine.RunAsync(["audit", "policy", "check", folder.Write("good.yaml", generated.Output)]);
        var bad = await CommandLine.RunAsync(["audit", "policy", "check", folder.Write("bad.yaml", "kind: Policy\nrules:\n- level: None\n  resources: [{resources: [pods/exec]}]\n- level: RequestResponse\n")]);

        var piped = await CommandLine.RunAsync(generated.Output, "audit", "policy", "check", "-");

        Assert.True(good.ExitCode == 0, good.Output + good.Error);
        Assert.Equal(good.Output, piped.Output);
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("rule 0 records nothing", bad.Output, StringComparison.Ordinal);
        Assert.Contains("writes down secrets: rule 1 records the tokens that are made", bad.Output, StringComparison.Ordinal);
    }
}
