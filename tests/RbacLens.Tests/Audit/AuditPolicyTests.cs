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
}
