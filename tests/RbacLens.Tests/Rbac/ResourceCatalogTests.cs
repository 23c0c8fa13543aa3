using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class ResourceCatalogTests
{
    static readonly PolicyRule[] Mentions =
    [
        new() { Verbs = Names.Of("get"), ApiGroups = Names.Of("cert-manager.io"), Resources = Names.Of("certificates", "certificates/status", "issuers") },
        new() { Verbs = Names.Of("get"), ApiGroups = Names.Of("", "argoproj.io"), Resources = Names.Of("pods", "applications") }, // pods are not argoproj.io's
        new() { Verbs = Names.Of("get"), ApiGroups = Names.Of("one.example"), Resources = Names.Of("widgets") },
        new() { Verbs = Names.Of("get"), ApiGroups = Names.Of("two.example"), Resources = Names.Of("widgets") },
        new() { Verbs = Names.Of("get"), ApiGroups = Names.Of("apps"), Resources = Names.Of("frobs", "deployments/frob") },
    ];

    static readonly ResourceType[] Discovered =
    [
        new("one.example", "widgets", true) { Singular = "widget", ShortNames = ["wd"], Subresources = ["status"] },
        new("two.example", "widgets", false) { Singular = "widget" },
        new("apps", "deployments", true) { ShortNames = ["deploy"], Subresources = ["scale", "status"] },
    ];

    [Theory]
    [InlineData("certificates", "certificates.cert-manager.io")]
    [InlineData("issuers", "issuers.cert-manager.io")]
    [InlineData("certificates/status", "certificates.cert-manager.io/status")]
    [InlineData("applications", "applications.argoproj.io")]
    [InlineData("pods", "pods")]
    [InlineData("widgets.one.example", "widgets.one.example")]
    [InlineData("gadgets.three.example", "gadgets.three.example")]
    [InlineData("deployments/frob", "deployments.apps/frob")]
    [InlineData("*", "*.*")]
    [InlineData("*.apps", "*.apps")]
    [InlineData("*/scale", "*.*/scale")]
    public void Rules_name_what_nobody_discovered(string word, string expected) => Assert.Equal(expected, Read(new([], Mentions), word));

    [Theory]
    [InlineData("widgets", "widgets.one.example, widgets.two.example")]
    [InlineData("frobs", "there is no resource \"frobs\"")]
    [InlineData("frobs.apps", "there is no resource \"frobs\" in group \"apps\"")]
    [InlineData("", "names no resource")]
    [InlineData("/status", "names no resource")]
    public void What_is_not_known_or_not_clear_is_said(string word, string expected) =>
        Assert.Contains(expected, Assert.IsType<ResourceSpelling.Unclear>(new ResourceCatalog([], Mentions).Resolve(word)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("wd", "widgets.one.example")] // the server's order settles it
    [InlineData("Widget", "widgets.one.example")]
    [InlineData("widgets.two.example", "widgets.two.example")]
    [InlineData("po", "pods")]
    public void Discovery_names_what_a_cluster_serves(string word, string expected) => Assert.Equal(expected, Read(new(Discovered, Mentions), word));

    [Fact]
    public void A_cluster_that_was_asked_serves_nothing_else() =>
        Assert.IsType<ResourceSpelling.Unclear>(new ResourceCatalog(Discovered, Mentions).Resolve("certificates.cert-manager.io"));

    [Theory]
    [InlineData("impersonate", "users", "users")]
    [InlineData("impersonate:user-info", "users", "users.authentication.k8s.io")]
    [InlineData("impersonate", "uids", "uids.authentication.k8s.io")]
    public void The_verb_may_settle_the_group(string verb, string word, string expected)
    {
        var found = Assert.IsType<ResourceSpelling.Found>(new ResourceCatalog([], []).Resolve(word, RequestVerbs.GroupOf(verb)));
        Assert.Equal(expected, found.Type.FullName);
    }

    [Fact]
    public void A_rule_of_a_hostile_size_names_nothing()
    {
        var many = Names.Of(Enumerable.Range(0, 2000).Select(i => $"x{i}.example"));
        var catalog = new ResourceCatalog([], [new() { Verbs = Names.Of("get"), ApiGroups = many, Resources = many }]);
        Assert.DoesNotContain(catalog.Types, type => type.Group.EndsWith(".example", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("endpoints", "endpoints")]
    [InlineData("networkpolicies", "networkpolicy")]
    [InlineData("ingresses", "ingress")]
    [InlineData("storageclasses", "storageclass")]
    [InlineData("componentstatuses", "componentstatus")]
    [InlineData("leases", "lease")]
    [InlineData("nodes", "node")]
    public void Kinds_are_known_in_lower_case(string plural, string singular) => Assert.Equal(singular, new ResourceType("", plural, null).Singular);

    static string Read(ResourceCatalog catalog, string word)
    {
        var found = Assert.IsType<ResourceSpelling.Found>(catalog.Resolve(word));
        return found.Type.FullName + (found.Subresource.Length == 0 ? "" : "/" + found.Subresource);
    }
}
