using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests.Access;

public sealed class IdentityTests
{
    public static TheoryData<Subject, string, string> Subjects => new()
    {
        { new Subject.User("alice"), "alice", "system:authenticated" },
        { new Subject.ServiceAccount("ci", "p"), "system:serviceaccount:ci:p", "system:serviceaccounts system:serviceaccounts:ci system:authenticated" },
        { new Subject.User("system:serviceaccount:ci:p"), "system:serviceaccount:ci:p", "system:serviceaccounts system:serviceaccounts:ci system:authenticated" },
        { new Subject.Group("sre"), "", "sre system:authenticated" },
        { new Subject.Group("system:authenticated"), "", "system:authenticated" },
        { new Subject.User("system:anonymous"), "system:anonymous", "system:unauthenticated" },     // nobody logged in
        { new Subject.Group("system:unauthenticated"), "", "system:unauthenticated" },
    };

    [Theory]
    [MemberData(nameof(Subjects), DisableDiscoveryEnumeration = true)]
    public void A_subject_stands_for_an_identity_with_the_groups_that_come_by_themselves(Subject subject, string user, string groups) =>
        Assert.Equal(new Identity(user, [.. groups.Split(' ')]), Identity.Of(subject));

    public static TheoryData<Subject, bool, string> Applying => new()
    {
        { new Subject.ServiceAccount("ci", "p"), true, "itself" },
        { new Subject.User("system:serviceaccount:ci:p"), true, "a user by that name is that service account" },
        { new Subject.Group("system:serviceaccounts:ci"), true, "its namespace's group" },
        { new Subject.Group("system:serviceaccounts"), true, "every account's group" },
        { new Subject.ServiceAccount("", "p"), false, "an empty namespace names nobody" },
        { new Subject.ServiceAccount("prod", "p"), false, "another namespace" },
        { new Subject.Group("system:serviceaccount:ci:p"), false, "a username is no group" },
        { new Subject.User("system:serviceaccounts"), false, "a group is no user" },
        { new Subject.Unknown("Robot", "system:serviceaccount:ci:p"), false, "a kind that the API server does not know" },
    };

    [Theory]
    [MemberData(nameof(Applying), DisableDiscoveryEnumeration = true)]
    public void A_subject_applies_to_a_service_account(Subject subject, bool expected, string because)
    {
        Assert.NotEmpty(because);
        Assert.Equal(expected, Identity.Of(new Subject.ServiceAccount("ci", "p")).Is(subject));
    }

    [Fact]
    public void Identities_are_equal_by_value()
    {
        Assert.Equal(new Identity("a", ["g", "h"]), new Identity("a", ["g", "h"]));
        Assert.Equal(new Identity("a", ["g", "h"]).GetHashCode(), new Identity("a", ["g", "h"]).GetHashCode());
        Assert.NotEqual(new Identity("a", ["g"]), new Identity("a", ["g", "h"]));
        Assert.NotEqual(new Identity("a", ["g"]), new Identity("b", ["g"]));
    }
}
