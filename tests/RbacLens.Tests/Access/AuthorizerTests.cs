using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests.Access;

/// <summary>The corners that no table of Kubernetes visits.</summary>
public sealed class AuthorizerTests
{
    static readonly PolicyRule ReadPods = new() { Verbs = Names.Of("get"), ApiGroups = Names.Of(""), Resources = Names.Of("pods") };
    static readonly AccessRequest GetPods = new AccessRequest.Resource("get", "", "pods", Namespace: "n1");
    static readonly Subject.User Alice = new("alice");

    static readonly Role[] Roles =
    [
        new(Scope.Cluster, "r", RuleSet.Of(ReadPods)),
        new(new("n1"), "local", RuleSet.Of(ReadPods)),
        new(new("n2"), "other", RuleSet.Of(ReadPods)),
    ];

    [Theory]
    [InlineData("", "ClusterRole", "r", true, "RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to User \"alice\"")]
    [InlineData("n1", "ClusterRole", "r", true, "RBAC: allowed by RoleBinding \"b/n1\" of ClusterRole \"r\" to User \"alice\"")]
    [InlineData("n1", "Role", "local", true, "RBAC: allowed by RoleBinding \"b/n1\" of Role \"local\" to User \"alice\"")]
    [InlineData("n2", "ClusterRole", "r", false, "")]
    [InlineData("n1", "Role", "other", false, "RBAC: role.rbac.authorization.k8s.io \"other\" not found")]    // another namespace's Role
    [InlineData("", "Role", "local", false, "RBAC: role.rbac.authorization.k8s.io \"local\" not found")]      // a Role has no cluster
    [InlineData("n1", "Role", "r", false, "RBAC: role.rbac.authorization.k8s.io \"r\" not found")]            // a ClusterRole is no Role
    [InlineData("n1", "Alien", "r", false, "RBAC: unsupported role reference kind: \"Alien\"")]
    public void A_binding_grants_by_what_it_refers_to(string ns, string kind, string name, bool allowed, string reason)
    {
        var decision = Decide(GetPods, new Binding(new(ns), "b", [Alice], new(kind, name)));
        Assert.Equal((allowed, reason), (decision.Allowed, decision.Reason));
    }

    [Fact]
    public void A_binding_to_a_missing_role_does_not_keep_another_from_granting()
    {
        var decision = Decide(GetPods, new(Scope.Cluster, "a", [Alice], new("ClusterRole", "gone")), new(new("n1"), "z", [Alice], new("Role", "local")));
        Assert.True(decision.Allowed);
        Assert.DoesNotContain("gone", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_the_cluster_come_before_those_of_the_namespace_and_each_once()
    {
        var decision = Decide(
            GetPods,
            new(new("n1"), "a", [Alice], new("Role", "gone")),
            new(Scope.Cluster, "b", [Alice], new("ClusterRole", "gone")),
            new(Scope.Cluster, "c", [Alice], new("ClusterRole", "gone")));
        Assert.Equal(
            "RBAC: [clusterrole.rbac.authorization.k8s.io \"gone\" not found, role.rbac.authorization.k8s.io \"gone\" not found]", decision.Reason);
    }

    [Fact]
    public void A_request_without_a_namespace_never_meets_a_RoleBinding() =>
        Assert.False(Decide(((AccessRequest.Resource)GetPods) with { Namespace = "" }, new Binding(new("n1"), "b", [Alice], new("ClusterRole", "r"))).Allowed);

    [Fact]
    public void Only_the_first_subject_that_applies_is_named()
    {
        var decision = Decide(GetPods, new Binding(Scope.Cluster, "b", [new Subject.Group("system:authenticated"), Alice], new("ClusterRole", "r")));
        Assert.EndsWith("to Group \"system:authenticated\"", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_roles_with_one_name_the_first_counts()
    {
        var binding = new Binding(Scope.Cluster, "b", [Alice], new("ClusterRole", "r"));
        var authorizer = new Authorizer([new(Scope.Cluster, "r", RuleSet.Empty), .. Roles], [binding]);
        Assert.False(authorizer.Decide(Identity.Of(Alice), GetPods).Allowed);
    }

    [Fact]
    public void Masters_are_allowed_everything_without_a_reason()
    {
        var decision = new Authorizer([], []).Decide(new("x", [WellKnown.Masters]), new AccessRequest.Path("", "/anything"));
        Assert.Equal(new Decision(Allowed: true, Grant: null, Reason: ""), decision);
    }

    [Fact]
    public void A_user_called_like_a_service_account_is_granted_what_the_account_is_granted()
    {
        var binding = new Binding(Scope.Cluster, "b", [new Subject.User("system:serviceaccount:ci:p")], new("ClusterRole", "r"));
        var decision = new Authorizer(Roles, [binding]).Decide(Identity.Of(new Subject.ServiceAccount("ci", "p")), GetPods);
        Assert.Equal("RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"r\" to User \"system:serviceaccount:ci:p\"", decision.Reason);
    }

    [Fact]
    public void Each_namespace_of_many_is_found()
    {
        var bindings = Enumerable.Range(0, 50).Select(i => new Binding(new($"n{i}"), "b", [Alice], new("ClusterRole", "r"))).ToArray();
        Assert.All(bindings, binding => Assert.Same(
            binding, Decide(((AccessRequest.Resource)GetPods) with { Namespace = binding.Scope.Namespace }, bindings).Grant?.Binding));
        Assert.False(Decide(((AccessRequest.Resource)GetPods) with { Namespace = "n50" }, bindings).Allowed);
    }

    [Fact]
    public void A_role_that_selects_itself_does_not_keep_what_was_in_it()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1");
        var self = new Role(Scope.Cluster, "self", RuleSet.Of(ReadPods)) { Labels = labels, Aggregates = [new(labels, [])] };
        Assert.Empty(Aggregation.Resolve([self]).Single().Rules);
    }

    [Fact]
    public void Circles_of_aggregation_come_to_an_end()
    {
        var selector = new LabelSelector(ImmutableSortedDictionary<string, string>.Empty, []);
        Role[] circle = [new(Scope.Cluster, "a", RuleSet.Of(ReadPods)) { Aggregates = [selector] }, new(Scope.Cluster, "b", RuleSet.Empty) { Aggregates = [selector] }];
        Assert.Equal(["a", "b"], Aggregation.Resolve(circle).Select(role => role.Name));
    }

    static Decision Decide(AccessRequest request, params Binding[] bindings) => new Authorizer(Roles, bindings).Decide(Identity.Of(Alice), request);
}
