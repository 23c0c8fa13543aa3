using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Access;

public sealed class WhoCanTests(ITestOutputHelper output)
{
    static readonly RbacJson Cluster = Vectors.SeedScenario;
    static readonly Authorizer Authorizer = new(Cluster.Roles, Cluster.Bindings);
    static readonly ImmutableArray<Subject> Known =
    [
        .. Cluster.Bindings.SelectMany(binding => binding.Subjects)
            .Where(subject => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
            .Select(subject => subject.Canonical)
            .Append(new Subject.Group(WellKnown.Masters))
            .Distinct(),
    ];

    [Fact]
    public void Who_can_and_can_i_never_disagree() =>
        Property.Holds(output, Any.World, world =>
        {
            var named = Listed(new WhoCan(world.Bindings, new(world.Roles, world.Bindings), [new("n1", "s1", null), new("n2", "s9", null)]), world.What);
            return Subjects(world).All(subject => named.Contains(subject) == new Authorizer(world.Roles, world.Bindings).Decide(Identity.Of(subject), world.What).Allowed);
        });

    [Fact]
    public void Every_way_allows_the_request_all_by_itself() =>
        Property.Holds(output, Any.World, world =>
        {
            var who = new WhoCan(world.Bindings, new(world.Roles, world.Bindings), []);
            return who.Answer(world.What, [world.What.Namespace]).All(allowance => allowance.Ways.All(way =>
                way.Rules.All(rule => way.Role.Rules[rule].Allows(world.What))
                && new Authorizer(world.Roles, [way.Binding with { Subjects = [way.Subject] }]).Decide(Identity.Of(allowance.Subject), world.What).Allowed));
        });

    [Fact]
    public void Every_namespace_at_once_is_each_namespace_together() =>
        Property.Holds(output, Any.World, world =>
        {
            var who = new WhoCan(world.Bindings, new(world.Roles, world.Bindings), []);
            if (world.What is not AccessRequest.Resource resource)
                return true;
            var request = resource with { Namespace = "n1" };
            var each = new[] { "n1", "n2" }.SelectMany(ns => who.Answer(request with { Namespace = ns }, [ns])).Select(allowance => allowance.Subject);
            return each.ToHashSet().SetEquals(who.Answer(request, null).Select(allowance => allowance.Subject));
        });

    [Fact]
    public void Who_is_limited_to_names_may_do_it_to_one_of_them_and_not_to_any() =>
        Property.Holds(output, Any.World, world =>
        {
            if (world.What is not AccessRequest.Resource resource)
                return true;
            var (request, authorizer) = (resource with { Name = "" }, new Authorizer(world.Roles, world.Bindings));
            return new WhoCan(world.Bindings, authorizer, []).Limited(request, [request.Namespace]).All(allowance =>
                allowance.Ways.SelectMany(way => Allowance.NamesOf(way)).Any(name => authorizer.Decide(Identity.Of(allowance.Subject), request with { Name = name }).Allowed));
        });

    // The recorded reviews ask for subjects as they are, with the groups the server adds.
    [Fact]
    public void Every_recorded_review_is_answered_as_the_API_server_did()
    {
        var reviews = OracleTests.Recorded.Select(review => (review.What, review.Allowed, Subject: SubjectOf(review.Who))).Where(review => review.Subject is not null).ToList();
        Assert.InRange(reviews.Count, 3000, 4000);
        Assert.All(reviews.GroupBy(review => review.What), same =>
        {
            var named = Listed(new WhoCan(Cluster.Bindings, Authorizer, Accounts), same.Key);
            Assert.All(same, review => Assert.True(named.Contains(review.Subject!) == review.Allowed, $"{review.Subject}: {review.What}"));
        });
    }

    static HashSet<Subject> Listed(WhoCan who, AccessRequest request) =>
        [.. who.Expanded(who.Answer(request, [request.Namespace])).Select(allowance => allowance.Subject)];

    static IEnumerable<Subject> Subjects(World world) =>
        world.Bindings.SelectMany(binding => binding.Subjects)
            .Where(subject => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
            .Select(subject => subject.Canonical)
            .Append(new Subject.Group(WellKnown.Masters))
            .Append(new Subject.ServiceAccount("n1", "s1"))
            .Append(new Subject.ServiceAccount("n2", "s9"));

    static ImmutableArray<Account> Accounts =>
    [
        .. OracleTests.Recorded.Select(review => WellKnown.TryServiceAccount(review.Who.User)).OfType<Subject.ServiceAccount>().Distinct()
            .Select(account => new Account(account.Namespace, account.Name, null)),
    ];

    static Subject? SubjectOf(Identity who)
    {
        var subject = who.User == "someone" ? new Subject.Group(who.Groups[0]) : new Subject.User(who.User).Canonical;
        var isKnown = Known.Contains(subject) || subject is Subject.ServiceAccount;
        return isKnown && Identity.Of(subject).Groups.ToHashSet(StringComparer.Ordinal).SetEquals(who.Groups) ? subject : null;
    }
}
