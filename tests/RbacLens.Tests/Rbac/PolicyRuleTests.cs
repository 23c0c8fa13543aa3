using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class PolicyRuleTests
{
    [Theory]
    [InlineData("*", "pods", "", true)]
    [InlineData("*", "pods", "exec", true)]           // "*" is every resource with every subresource
    [InlineData("pods", "pods", "", true)]
    [InlineData("pods", "pods", "exec", false)]       // a resource never implies its subresources
    [InlineData("pods/exec", "pods", "", false)]      // nor the other way round
    [InlineData("pods/exec", "pods", "exec", true)]
    [InlineData("*/exec", "pods", "exec", true)]
    [InlineData("*/exec", "pods", "", false)]
    [InlineData("*/exec", "pods", "e", false)]        // whole words only
    [InlineData("*/c", "pods", "exec", false)]
    [InlineData("*/longer/exec", "pods", "exec", false)]
    [InlineData("pods/*", "pods", "exec", false)]     // RBAC has no such wildcard
    [InlineData("pods/*", "pods", "*", true)]         // but it is a name like any other
    [InlineData("*/*", "pods", "exec", false)]
    [InlineData("Pods", "pods", "", false)]           // case matters
    [InlineData("", "pods", "", false)]
    public void Resources_match_the_way_the_authorizer_matches_them(string listed, string plural, string subresource, bool expected) =>
        Assert.Equal(expected, Rule(resources: [listed]).Allows(new AccessRequest.Resource("get", "", plural, subresource)));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("*", "apps", true)]
    [InlineData("apps", "apps", true)]
    [InlineData("apps", "", false)]                   // the core group is a group of its own
    [InlineData("", "apps", false)]
    [InlineData("apps/v1", "apps", false)]            // versions have no place here
    public void Groups_match_the_way_the_authorizer_matches_them(string listed, string group, bool expected) =>
        Assert.Equal(expected, Rule(groups: [listed]).Allows(new AccessRequest.Resource("get", group, "pods")));

    [Theory]
    [InlineData("get", "get", true)]
    [InlineData("*", "escalate", true)]               // the star holds the synthetic verbs as well
    [InlineData("*", "", true)]                       // and a method that has no verb
    [InlineData("get", "", false)]
    [InlineData("get", "list", false)]
    [InlineData("GET", "get", false)]
    public void Verbs_match_the_way_the_authorizer_matches_them(string listed, string verb, bool expected) =>
        Assert.Equal(expected, Rule(verbs: [listed]).Allows(new AccessRequest.Resource(verb, "", "pods")));

    [Theory]
    [InlineData(new string[0], "a", true)]
    [InlineData(new string[0], "", true)]
    [InlineData(new[] { "a" }, "a", true)]
    [InlineData(new[] { "a" }, "b", false)]
    [InlineData(new[] { "a" }, "", false)]            // list and create name nothing
    [InlineData(new[] { "*" }, "a", false)]           // no wildcard here
    [InlineData(new[] { "*" }, "*", true)]
    [InlineData(new[] { "" }, "", true)]              // the empty name is the request without one
    public void Names_match_the_way_the_authorizer_matches_them(string[] listed, string name, bool expected) =>
        Assert.Equal(expected, Rule(names: listed).Allows(new AccessRequest.Resource("get", "", "pods", Name: name)));

    [Theory]
    [InlineData("*", "/metrics", true)]
    [InlineData("/metrics", "/metrics", true)]
    [InlineData("/metrics", "/metrics/", false)]
    [InlineData("/healthz/*", "/healthz", false)]     // below, not itself
    [InlineData("/healthz/*", "/healthz/etcd", true)]
    [InlineData("/healthz*", "/healthzzz", true)]     // a prefix of letters, not of segments
    [InlineData("/healthz/**", "/healthz/etcd", true)] // all trailing stars go
    [InlineData("/*/etcd", "/healthz/etcd", false)]   // only at the end
    [InlineData("/metrics", "/METRICS", false)]
    public void URLs_match_the_way_the_authorizer_matches_them(string pattern, string url, bool expected)
    {
        Assert.Equal(expected, PolicyRule.Covers(pattern, url));
        Assert.Equal(expected, new PolicyRule { Verbs = Names.Of("get"), NonResourceUrls = Names.Of(pattern) }.Allows(new AccessRequest.Path("get", url)));
    }

    [Fact]
    public void Resource_rules_allow_no_URLs_and_URL_rules_no_resources()
    {
        Assert.False(Rule(verbs: ["*"], groups: ["*"], resources: ["*"]).Allows(new AccessRequest.Path("get", "/metrics")));
        Assert.False(new PolicyRule { Verbs = Names.Of("*"), NonResourceUrls = Names.Of("*") }.Allows(new AccessRequest.Resource("get", "", "pods")));
    }

    [Fact]
    public void A_rule_with_an_empty_field_allows_nothing()
    {
        var request = new AccessRequest.Resource("get", "", "pods");
        Assert.True(Rule().Allows(request));
        Assert.False((Rule() with { Verbs = Names.None }).Allows(request));
        Assert.False((Rule() with { ApiGroups = Names.None }).Allows(request));
        Assert.False((Rule() with { Resources = Names.None }).Allows(request));
    }

    [Fact]
    public void Rules_never_combine()
    {
        var rules = RuleSet.Of(Rule(verbs: ["get"], resources: ["pods"]), Rule(verbs: ["list"], resources: ["secrets"]));
        Assert.Equal(-1, rules.IndexOfFirstAllowing(new AccessRequest.Resource("list", "", "pods")));
        Assert.Equal(1, rules.IndexOfFirstAllowing(new AccessRequest.Resource("list", "", "secrets")));
    }

    [Fact]
    public void A_request_is_spelled_like_a_rule() =>
        Assert.Equal(["pods", "pods/exec"], new[] { "", "exec" }.Select(sub => new AccessRequest.Resource("get", "", "pods", sub).Spelling));

    static PolicyRule Rule(string[]? verbs = null, string[]? groups = null, string[]? resources = null, string[]? names = null) => new()
    {
        Verbs = Names.Of(verbs ?? ["get"]),
        ApiGroups = Names.Of(groups ?? [""]),
        Resources = Names.Of(resources ?? ["pods"]),
        ResourceNames = Names.Of(names ?? []),
    };
}
