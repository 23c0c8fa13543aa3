using System.Text.Json;

namespace RbacLens.Tests.Rbac;

/// <summary>Kubernetes' own tables of rules against requests, all rows.</summary>
public sealed class RuleTableTests
{
    public static TheoryData<string> RuleMatches => [.. Vectors.Cases("rule_matches.json").Select(c => c.GetRawText())];

    [Theory]
    [MemberData(nameof(RuleMatches), DisableDiscoveryEnumeration = true)]
    public void A_rule_allows_what_Kubernetes_says_it_allows(string row)
    {
        var testCase = JsonElement.Parse(row);
        var rule = RbacJson.Rule(testCase.GetProperty("rule"));
        var checks = RbacJson.Array(testCase, "checks").ToList();
        Assert.NotEmpty(checks);
        Assert.All(checks, check => Assert.Equal(
            check.GetProperty("expected").GetBoolean(), rule.Allows(Attributes.Request(check.GetProperty("attributes")))));
    }
}
