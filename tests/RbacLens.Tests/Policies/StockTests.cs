using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

public sealed class StockTests
{
    static readonly RbacJson Shipped = Vectors.Shipped("1.26");
    static readonly Stock Stock = new(Shipped.Roles, Shipped.Bindings);
    static readonly PolicyRule ReadSecrets = new() { Verbs = Names.Of("get"), ApiGroups = Names.Of(""), Resources = Names.Of("secrets") };

    // The server that was recorded is OpenShift's build of 1.26.5, which adds these.
    static readonly string[] OpenShiftOnly = ["system:openshift:public-info-viewer", "system:controller:service-ca-cert-publisher"];

    [Fact]
    public void Every_bootstrap_role_of_a_recorded_cluster_ships()
    {
        var bootstrap = Vectors.SeedScenario.Roles
            .Where(role => role.Labels.ContainsKey("kubernetes.io/bootstrapping") && !OpenShiftOnly.Contains(role.Name))
            .ToList();
        Assert.Equal(69, bootstrap.Count);
        Assert.All(bootstrap, role => Assert.True(Stock.Ships(role), role.Name));
    }

    [Fact]
    public void Every_bootstrap_binding_of_a_recorded_cluster_ships_with_all_its_subjects()
    {
        var names = Shipped.Bindings.Select(binding => (binding.Scope, binding.Name)).ToHashSet();
        var bootstrap = Vectors.SeedScenario.Bindings.Where(binding => names.Contains((binding.Scope, binding.Name))).ToList();
        Assert.Equal(50, bootstrap.Count);
        Assert.All(bootstrap, binding => Assert.All(binding.Subjects, subject => Assert.True(Stock.Ships(binding, subject), binding.Name)));
    }

    [Fact]
    public void Nothing_that_people_made_ships()
    {
        var names = Shipped.Roles.Select(role => (role.Scope, role.Name)).ToHashSet();
        var made = Vectors.SeedScenario.Roles.Where(role => !names.Contains((role.Scope, role.Name))).ToList();
        Assert.NotEmpty(made);
        Assert.All(made, role => Assert.False(Stock.Ships(role), role.Name));
    }

    [Fact]
    public void A_rule_added_to_view_does_not_ship_while_the_others_still_do()
    {
        var view = Recorded("view");
        var widened = view with { Rules = RuleSet.Of([.. view.Rules, ReadSecrets]) };
        Assert.False(Stock.Ships(widened, view.Rules.Count));
        Assert.True(Stock.Ships(widened, 0));
        Assert.False(Stock.Ships(widened));
    }

    [Fact]
    public void A_rule_of_a_role_that_aggregates_into_admin_ships_in_admin_but_not_the_other_way_round()
    {
        Assert.True(Stock.Ships(Recorded("admin") with { Rules = Recorded("system:aggregate-to-view").Rules }));
        Assert.False(Stock.Ships(Recorded("system:aggregate-to-view") with { Rules = Recorded("admin").Rules }));
    }

    [Fact]
    public void A_role_with_bootstrap_labels_but_other_content_does_not_ship()
    {
        var disguised = Recorded("view") with { Name = "system:harmless" };
        Assert.Contains("kubernetes.io/bootstrapping", disguised.Labels.Keys);
        Assert.False(Stock.Ships(disguised));
        Assert.False(Stock.Ships(disguised with { Rules = RuleSet.Empty }));
        Assert.False(Stock.Ships(Recorded("system:discovery") with { Rules = RuleSet.Of(ReadSecrets) }));
    }

    [Fact]
    public void A_namespaced_Role_is_not_the_ClusterRole_of_that_name() =>
        Assert.False(Stock.Ships(Recorded("view") with { Scope = new("default") }));

    [Fact]
    public void A_subject_added_to_a_shipped_binding_does_not_ship_while_the_shipped_one_does()
    {
        var discovery = Vectors.SeedScenario.Bindings.Single(binding => binding.Name == "system:discovery");
        var added = new Subject.Group(WellKnown.Unauthenticated);
        var widened = discovery with { Subjects = [.. discovery.Subjects, added] };
        Assert.True(Stock.Ships(widened, new Subject.Group(WellKnown.Authenticated)));
        Assert.False(Stock.Ships(widened, added));
        Assert.False(Stock.Ships(Grant(widened, added)));
        Assert.True(Stock.Ships(Grant(widened, discovery.Subjects[0])));
    }

    [Fact]
    public void A_shipped_binding_that_refers_to_another_role_does_not_ship()
    {
        var discovery = Vectors.SeedScenario.Bindings.Single(binding => binding.Name == "system:discovery");
        Assert.False(Stock.Ships(discovery with { RoleRef = new("ClusterRole", "cluster-admin") }, discovery.Subjects[0]));
    }

    [Fact]
    public void A_shipped_grant_through_a_rule_that_was_added_to_its_role_does_not_ship()
    {
        var discovery = Vectors.SeedScenario.Bindings.Single(binding => binding.Name == "system:discovery");
        var role = Recorded("system:discovery") with { Rules = RuleSet.Of([.. Recorded("system:discovery").Rules, ReadSecrets]) };
        Assert.True(Stock.Ships(new Grant(discovery.Subjects[0], discovery, role, [0])));
        Assert.False(Stock.Ships(new Grant(discovery.Subjects[0], discovery, role, [0, 1])));
    }

    [Fact]
    public void Rules_are_compared_by_what_they_allow_not_by_how_they_are_written()
    {
        var basic = Recorded("system:basic-user");
        var split = basic.Rules.SelectMany(rule => Coverage.Atoms(rule)).Reverse();
        Assert.True(Stock.Ships(basic with { Rules = RuleSet.Of(split) }));
    }

    [Fact]
    public void A_rule_too_large_to_be_shipped_is_answered_at_once()
    {
        var many = Names.Of(Enumerable.Range(0, 30_000).Select(i => $"a{i}"));
        var huge = new PolicyRule { Verbs = many, ApiGroups = many, Resources = many, ResourceNames = many };
        Assert.False(Stock.Ships(Recorded("cluster-admin") with { Rules = RuleSet.Of(huge) }));
    }

    [Theory]
    [InlineData("1.26", 119)]
    [InlineData("1.32", 123)]
    [InlineData("1.33", 128)]
    [InlineData("1.34", 132)]
    [InlineData("1.35", 132)]
    [InlineData("1.36", 134)]
    [InlineData("kubeadm", 20)]
    public void Every_shipped_object_ships_in_its_own_version(string version, int objects)
    {
        var shipped = Vectors.Shipped(version);
        var stock = new Stock(shipped.Roles, shipped.Bindings);
        Assert.Equal(objects, shipped.Roles.Length + shipped.Bindings.Length);
        Assert.All(Aggregation.Resolve(shipped.Roles), role => Assert.True(stock.Ships(role), role.Name));
        Assert.All(shipped.Bindings, binding => Assert.All(binding.Subjects, subject => Assert.True(stock.Ships(binding, subject), binding.Name)));
    }

    [Theory]
    [InlineData("1.34", "1.34")]                            // exact
    [InlineData("1.29", "1.26 1.32")]                       // between two
    [InlineData("1.24", "1.26")]                            // older than the oldest
    [InlineData("1.99", "1.36")]                            // newer than the newest
    [InlineData(null, "1.26 1.32 1.33 1.34 1.35 1.36")]     // unknown: any
    public void The_versions_to_compare_with_follow_the_cluster(string? release, string expected)
    {
        var available = "1.36 1.26 1.32 1.33 1.34 1.35".Split(' ').Select(text => KubernetesVersion.TryParse(text)!.Value);
        Assert.Equal(expected, string.Join(' ', Stock.Choose(KubernetesVersion.TryParse(release), available)));
    }

    [Fact]
    public void Two_versions_together_allow_what_either_ships()
    {
        var (old, recent) = (Vectors.Shipped("1.26"), Vectors.Shipped("1.36"));
        var both = new Stock(old.Roles.Concat(recent.Roles), old.Bindings.Concat(recent.Bindings));
        Assert.All(Aggregation.Resolve(old.Roles).Concat(Aggregation.Resolve(recent.Roles)), role => Assert.True(both.Ships(role), role.Name));
    }

    [Fact]
    public void What_an_upgrade_left_behind_ships_and_is_told_apart_from_what_was_added()
    {
        var recent = Vectors.Shipped("1.36");
        var stock = new Stock(recent.Roles, recent.Bindings) { Earlier = Stock };
        var now = Aggregation.Resolve(recent.Roles).Single(role => role.Name == "system:kube-scheduler");
        var left = new PolicyRule { Verbs = Names.Of("create"), ApiGroups = Names.Of(""), Resources = Names.Of("endpoints") };
        var upgraded = now with { Rules = RuleSet.Of([.. now.Rules, left, ReadSecrets]) };
        var (old, added) = (now.Rules.Count, now.Rules.Count + 1);

        Assert.Equal((false, true, false), (stock.IsLeftover(upgraded, 0), stock.IsLeftover(upgraded, old), stock.IsLeftover(upgraded, added)));
        Assert.Equal((true, false), (stock.Ships(upgraded, old), stock.Ships(upgraded, added)));
        Assert.False(new Stock(recent.Roles, recent.Bindings).Ships(upgraded, old));
        var binding = recent.Bindings.Single(binding => binding.Name == "system:kube-scheduler");
        Assert.True(stock.Ships(new Grant(binding.Subjects[0], binding, upgraded, [0, old])));
        Assert.False(stock.Ships(new Grant(binding.Subjects[0], binding, upgraded, [old, added])));
    }

    static Role Recorded(string name) => Vectors.SeedScenario.Roles.Single(role => role.Scope.IsCluster && role.Name == name);

    static Grant Grant(Binding binding, Subject subject) => new(subject, binding, Recorded(binding.RoleRef.Name), [0]);
}
