using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Access;

public sealed class AuthorizerProperties(ITestOutputHelper output)
{
    [Fact]
    public void Generated_clusters_allow_some_requests_and_refuse_others()
    {
        var (allowed, refused) = (0, 0);
        Property.Holds(output, Any.World, world => (world.Allowed ? ++allowed : ++refused) > 0);
        Assert.InRange(allowed, 100, 1900);
        Assert.InRange(refused, 100, 1900);
    }

    [Fact]
    public void Adding_a_binding_never_removes_a_permission() =>
        Property.Holds(
            output,
            from world in Any.World
            from binding in Any.Binding
            select (world, added: world with { Bindings = [binding with { Name = "added" }, .. world.Bindings] }),
            pair => !pair.world.Allowed || pair.added.Allowed);

    [Fact]
    public void Adding_a_rule_never_removes_a_permission() =>
        Property.Holds(
            output,
            from world in Any.World
            from rule in Any.Rule
            select (world, added: world with { Roles = [.. world.Roles.Select(role => role with { Rules = RuleSet.Of([rule, .. role.Rules]) })] }),
            pair => !pair.world.Allowed || pair.added.Allowed);

    [Fact]
    public void RoleBindings_grant_neither_outside_their_namespace_nor_URLs_nor_anything_without_a_namespace() =>
        Property.Holds(output, Any.WorldOf(Any.BindingIn("n1")), world => !world.Allowed || world.What.Namespace == "n1");

    [Fact]
    public void A_user_and_a_group_are_granted_the_same() =>
        Property.Holds(
            output,
            from world in Any.World
            from user in Gen.Elements("u1", "u2")
            select (Users: world with { Bindings = OnlyOne(world, new Subject.User(user)), Who = new(user, []) },
                    Groups: world with { Bindings = OnlyOne(world, new Subject.Group(user)), Who = new("someone", [user]) }),
            pair => pair.Users.Allowed == pair.Groups.Allowed);

    [Fact]
    public void A_service_account_is_granted_the_same_under_its_username() =>
        Property.Holds(
            output,
            from world in Any.World
            select (Accounts: world with { Bindings = OnlyOne(world, new Subject.ServiceAccount("n1", "s1")) },
                    Users: world with { Bindings = OnlyOne(world, new Subject.User("system:serviceaccount:n1:s1")) }),
            pair => pair.Accounts.Allowed == pair.Users.Allowed);

    [Fact]
    public void The_order_of_objects_changes_neither_a_decision_nor_its_reason() =>
        Property.Holds(
            output,
            from world in Any.World
            from roles in Gen.Shuffle(world.Roles.ToArray())
            from bindings in Gen.Shuffle(world.Bindings.ToArray())
            from groups in Gen.Shuffle(world.Who.Groups.ToArray())
            select (world, shuffled: new World([.. roles], [.. bindings], new(world.Who.User, [.. groups]), world.What)),
            pair => pair.world.Allowed == pair.shuffled.Allowed && pair.world.Decision.Reason == pair.shuffled.Decision.Reason);

    [Fact]
    public void A_request_is_allowed_exactly_when_a_grant_that_counts_there_allows_it() =>
        Property.Holds(output, Any.World, world => world.Allowed == new Authorizer(world.Roles, world.Bindings)
            .PermissionsOf(world.Who)
            .GrantsIn(world.What.Namespace)
            .Any(grant => grant.Role.Rules.IndexOfFirstAllowing(world.What) >= 0));

    [Fact]
    public void The_grant_of_a_decision_allows_the_request_all_by_itself() =>
        Property.Holds(output, Any.World, world => world.Decision.Grant is not { } grant
            || (world with { Bindings = [grant.Binding with { Subjects = [grant.Subject] }] }).Allowed);

    [Fact]
    public void The_reason_of_a_permission_reads_back_as_its_grant() =>
        Property.Holds(output, Any.World, world => world.Decision is not { Grant: { } grant, Reason: var reason }
            || AllowReason.TryParse(reason) == new AllowReason(grant.Binding.Scope, grant.Binding.Name, grant.Binding.RoleRef, grant.Subject));

    [Fact]
    public void What_is_said_of_an_identity_agrees_with_asking_each_subject() =>
        Property.Holds(output, Any.World, world => new Authorizer(world.Roles, world.Bindings)
            .PermissionsOf(world.Who)
            .Grants
            .Select(grant => grant.Binding)
            .SequenceEqual(world.Bindings
                .Where(binding => binding.Subjects.Any(world.Who.Is) && new Authorizer(world.Roles, []).Resolve(binding) is not null)
                .OrderBy(binding => binding.Scope)
                .ThenBy(binding => binding.Name, StringComparer.Ordinal)));

    [Fact]
    public void Aggregating_twice_is_aggregating_once() =>
        Property.Holds(output, AggregatingRoles, roles =>
        {
            var once = Aggregation.Resolve(roles);
            return Aggregation.Resolve(once).Select(role => role.Rules).SequenceEqual(once.Select(role => role.Rules));
        });

    [Fact]
    public void The_order_of_roles_never_changes_what_is_aggregated() =>
        Property.Holds(
            output,
            from roles in AggregatingRoles
            from shuffled in Gen.Shuffle(roles.ToArray())
            select (roles, shuffled),
            pair => Sorted(pair.roles).SequenceEqual(Sorted(pair.shuffled)));

    // Levels: a role aggregates what carries a later letter than its own label, so that there is no circle.
    static Gen<ImmutableArray<Role>> AggregatingRoles =>
        from roles in Any.UpTo(8, Any.Role)
        from level in Gen.Elements("a", "b", "c").ArrayOf(roles.Length)
        select roles.Select((role, i) => string.CompareOrdinal(role.Labels.Keys.Single(), level[i]) < 0 ? role with { Aggregates = [Labelled(level[i])] } : role)
            .DistinctBy(role => (role.Scope, role.Name))
            .ToImmutableArray();

    static LabelSelector Labelled(string label) => new(ImmutableSortedDictionary<string, string>.Empty.Add(label, "true"), []);

    static IEnumerable<(string, Scope, RuleSet)> Sorted(IReadOnlyList<Role> roles) =>
        Aggregation.Resolve(roles).Select(role => (role.Name, role.Scope, role.Rules)).OrderBy(role => (role.Scope, role.Name));

    static ImmutableArray<Binding> OnlyOne(World world, Subject subject) => [.. world.Bindings.Select(binding => binding with { Subjects = [subject] })];
}
