using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

public sealed class AuditPolicyTests
{
    [Fact]
    public void Levels_and_stages_are_what_Kubernetes_own_table_says()
    {
        foreach (var row in Vectors.Cases("audit/audit_policy_levels.json"))
        {
            // The table writes policies as JSON without a kind; JSON is YAML.
            var policy = AuditPolicyFile.Parse($"{{\"kind\": \"Policy\", {row.GetProperty("policy").GetRawText().TrimStart()[1..]}", "row");
            var attributes = row.GetProperty("attributes");
            var verdict = policy.LevelOf(Attributes.Identity(attributes), Attributes.Request(attributes));

            Assert.Equal((row.GetProperty("name").GetString(), row.GetProperty("expectedLevel").GetString()), (row.GetProperty("name").GetString(), verdict.Level.ToString()));
            if (verdict.Level > AuditLevel.None)
                Assert.Equal(RbacJson.Texts(row, "expectedOmitStages").Order(StringComparer.Ordinal), verdict.OmitStages.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("kind: Pod\nrules: []", "kind is Pod, expected Policy")]
    [InlineData("rules: []", "kind is missing, expected Policy")]
    [InlineData("kind: Policy\nrules: [{level: Everything}]", "rules[0].level is Everything, expected None")]
    [InlineData("kind: Policy\nrules: {level: None}", "rules is an object, expected a list")]
    public void What_is_no_policy_is_told(string yaml, string expected)
    {
        var mistake = Assert.Throws<RbacLens.Cli.Inputs.InputException>(() => AuditPolicyFile.Parse(yaml, "file"));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Policy\\napiVersion: audit.k8s.io/v1\\nrules: [{level: Metadata}]")]
    [InlineData("\\\"apiVersion\\\": \\\"audit.k8s.io/v1\\\"\\n\\\"kind\\\": \\\"Policy\\\"\\nrules: [{level: Metadata}]")]
    [InlineData("{apiVersion: audit.k8s.io/v1, kind: 'Policy', rules: [{level: Metadata}]}")]
    public void A_config_map_may_carry_the_policy(string text)
    {
        var one = $"kind: ConfigMap\ndata:\n  a.yaml: \"{text}\"\n";
        Assert.Equal(AuditLevel.Metadata, Assert.Single(AuditPolicyFile.Parse(one, "file").Rules).Level);
        Assert.Contains("holds 2 audit policies, expected one", Assert.Throws<RbacLens.Cli.Inputs.InputException>(() => AuditPolicyFile.Parse($"{one}  b.yaml: \"{text}\"\n", "file")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules: [{level: Metadata}]", null)]
    [InlineData("rules: [{level: Metadata, resource: [secrets]}]", "not what it seems: rules[0].resource is no field")]
    [InlineData("rules: [{level: Metadata, resources: [{groups: '', resources: [pods]}]}]", "not what it seems: rules[0].resources[0].groups is no field")]
    [InlineData("omitStages: [ResponseDone]\nrules: [{level: Metadata}]", "kube-apiserver refuses it: omitStages holds ResponseDone")]
    [InlineData("rules: [{level: Metadata, omitStages: [Later]}]", "kube-apiserver refuses it: rules[0].omitStages holds Later")]
    [InlineData("rules: [{level: None, nonResourceURLs: [/healthz*, /met*ics]}]", "kube-apiserver refuses it: rules[0].nonResourceURLs holds /met*ics")]
    [InlineData("rules: [{level: None, nonResourceURLs: [healthz]}]", "kube-apiserver refuses it: rules[0].nonResourceURLs holds healthz")]
    [InlineData("rules: [{level: None, nonResourceURLs: [/x, '*']}]", null)]
    [InlineData("rules: [{level: None, nonResourceURLs: [/x], resources: [{resources: [pods]}]}]", "kube-apiserver refuses it: rules[0].nonResourceURLs stands beside resources")]
    [InlineData("rules: []", "kube-apiserver refuses it: rules is empty")]
    [InlineData("rules: [{level: None, resources: [{group: rbac.authorization.k8s.io/v1}]}]", "kube-apiserver refuses it: rules[0].resources[0].group is rbac.authorization.k8s.io/v1")]
    [InlineData("rules: [{level: None, resources: [{group: '*'}]}]", "not what it seems: rules[0].resources[0].group is *: every group since")]
    [InlineData("rules: [{level: None, resources: [{resourceNames: [a]}]}]", "kube-apiserver refuses it: rules[0].resources[0].resourceNames stands without resources")]
    [InlineData("rules: [{level: None, resources: [{resources: [pods/exe*]}]}]", "not what it seems: rules[0].resources[0].resources holds pods/exe*")]
    [InlineData("rules: [{level: None, resources: [{resources: ['*', '*/exec', 'pods/*']}]}]", null)]
    [InlineData("rules: [{level: None, users: ['system:*']}]", "not what it seems: rules[0].users holds system:*")]
    [InlineData("rules: [{level: None}]\n---\nrules: [{level: Metadata}]", "not what it seems: the file holds 2 YAML documents")]
    public void What_a_kube_apiserver_refuses_or_reads_otherwise_is_told(string yaml, string? expected)
    {
        var remarks = AuditPolicyRemarks.Of($"apiVersion: audit.k8s.io/v1\nkind: Policy\n{yaml}", "file").Select(remark => remark.ToString()).ToList();
        Assert.Equal(expected is null ? 0 : 1, remarks.Count);
        if (expected is not null)
            Assert.StartsWith(expected, remarks[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit.k8s.io/v1beta1", "kube-apiserver refuses it: apiVersion is audit.k8s.io/v1beta1, which is gone since Kubernetes 1.24")]
    [InlineData("v1", "kube-apiserver refuses it: apiVersion is v1, expected")]
    public void A_version_that_is_no_more_is_told(string version, string expected) =>
        Assert.StartsWith(expected, Assert.Single(AuditPolicyRemarks.Of($"apiVersion: {version}\nkind: Policy\nrules: [{{level: None}}]", "file")).ToString(), StringComparison.Ordinal);
}
