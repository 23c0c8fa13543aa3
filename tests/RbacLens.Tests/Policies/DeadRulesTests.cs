using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

public sealed class DeadRulesTests
{
    [Theory]
    [InlineData("create", "", "pods/*", "", "pods/* is no wildcard")]
    [InlineData("create", "", "configmaps", "a", "create cannot be limited")]
    [InlineData("Get", "", "pods", "", "lower case")]
    [InlineData("get", "apps/v1", "deployments", "", "without its version")]
    [InlineData("get", "", "secrets", "*", "no wildcard in resourceNames")]
    [InlineData("get", "", "deployments", "", "deployments is not in the core group but in apps")]
    [InlineData("patch", "rbac.authorization.k8s.io", "services/status", "", "services/status is not in rbac.authorization.k8s.io but in the core group")]
    [InlineData("get", "", "configmap", "", "there is no configmap: resources are named in the plural, configmaps")]
    [InlineData("get", "apps", "deployments", "", null)]
    [InlineData("get", "*", "deployments", "", null)]          // every group includes the right one
    [InlineData("get", "example.com", "deployments", "", null)]  // a custom resource may be called so
    [InlineData("get", "", "somethingnew", "", null)]           // a release to come may serve it
    public void A_rule_that_can_never_allow_anything_is_told_from_one_that_can(string verb, string group, string resource, string name, string? expected)
    {
        var rule = new PolicyRule
        {
            Verbs = Names.Of(verb),
            ApiGroups = Names.Of(group),
            Resources = Names.Of(resource),
            ResourceNames = name.Length == 0 ? Names.None : Names.Of(name),
        };

        var said = string.Join("; ", DeadRules.In(new(Scope.Cluster, "example", RuleSet.Of(rule))));

        Assert.Equal(expected is null, said.Length == 0);
        Assert.Contains(expected ?? "", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patch", true)]     // a server-side apply that makes the object asks for both, by name
    [InlineData("update", false)]
    public void Creating_by_name_is_for_server_side_apply(string beside, bool isOfUse)
    {
        PolicyRule Rule(string verb) => new() { Verbs = Names.Of(verb), ApiGroups = Names.Of(""), Resources = Names.Of("configmaps"), ResourceNames = Names.Of("a") };

        Assert.Equal(isOfUse, !DeadRules.In(new(Scope.Cluster, "example", RuleSet.Of(Rule("create"), Rule(beside)))).Any());
    }
}
