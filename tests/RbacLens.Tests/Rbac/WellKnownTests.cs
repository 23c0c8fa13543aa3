using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class WellKnownTests
{
    [Theory]
    [InlineData("system:serviceaccount:ci:pipeline", "ci", "pipeline")]
    [InlineData("system:serviceaccount:ci", null, null)]
    [InlineData("system:serviceaccount:ci:", null, null)]
    [InlineData("system:serviceaccount::pipeline", null, null)]
    [InlineData("system:serviceaccount:ci:pipeline:x", null, null)]    // neither part can hold a colon
    [InlineData("System:serviceaccount:ci:pipeline", null, null)]
    [InlineData("system:serviceaccounts:ci", null, null)]              // the group
    [InlineData("alice", null, null)]
    [InlineData("", null, null)]
    public void A_username_stands_for_a_service_account(string username, string? ns, string? name)
    {
        Assert.Equal(ns is null ? null : new Subject.ServiceAccount(ns, name!), WellKnown.TryServiceAccount(username));
        if (ns is not null)
            Assert.Equal(username, WellKnown.Username(ns, name!));
    }

    [Fact]
    public void A_user_that_is_a_service_account_has_one_spelling()
    {
        Assert.Equal(new Subject.ServiceAccount("ci", "pipeline"), new Subject.User("system:serviceaccount:ci:pipeline").Canonical);
        Assert.Equal(new Subject.User("alice"), new Subject.User("alice").Canonical);
        Assert.Equal(new Subject.Group("system:serviceaccount:ci:pipeline"), new Subject.Group("system:serviceaccount:ci:pipeline").Canonical);
    }

    [Fact]
    public void No_scope_at_all_is_the_cluster()
    {
        Assert.Equal(Scope.Cluster, default);
        Assert.Equal(Scope.Cluster.GetHashCode(), default(Scope).GetHashCode());
        Assert.Equal(["*", "a", "b"], new[] { new Scope("b"), default, new Scope("a") }.Order().Select(scope => scope.ToString()));
    }
}
