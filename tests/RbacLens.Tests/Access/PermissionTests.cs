using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Access;

public sealed class PermissionTests(ITestOutputHelper output)
{
    [Fact]
    public void Merged_permissions_allow_what_the_grants_allow_and_so_does_what_is_left_without_what_others_include() =>
        Property.Holds(output, Any.World.Where(world => IsReal(world.What)), world =>
        {
            var held = new Authorizer(world.Roles, world.Bindings).PermissionsOf(world.Who);
            var merged = Permission.Merged(held.Grants);
            return Allow(merged, world.What) == world.Allowed && Allow(Permission.WithoutIncluded(merged), world.What) == world.Allowed;
        });

    [Theory]
    [InlineData("alice.production.txt", "user:alice")]
    [InlineData("system_serviceaccount_ci_pipeline.production.txt", "sa:ci/pipeline")]
    [InlineData("system_serviceaccount_monitoring_prometheus-server.production.txt", "sa:monitoring/prometheus-server")]
    [InlineData("system_serviceaccount_production_proxy-user.production.txt", "sa:production/proxy-user")]
    public async Task The_permissions_command_means_what_kubectl_lists(string file, string subject)
    {
        var dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
        var result = await CommandLine.RunAsync(["permissions", subject, "-n", "production", "-o", "json", "--from", dump]);
        using var json = JsonDocument.Parse(result.Output);
        var ours = json.RootElement.GetProperty("permissions").EnumerateArray().Select(permission => RbacJson.Rule(permission.GetProperty("rule"))).ToList();
        var theirs = CanIListTests.Rules(File.ReadAllLines(Vectors.PathOf(Path.Combine("can-i-list", file)))).ToList();

        Assert.Empty(Coverage.Uncovered(ours, theirs));
        Assert.Empty(Coverage.Uncovered(theirs, ours));
    }

    [Fact]
    public void What_was_gained_is_allowed_now_and_was_not_before() =>
        Property.Holds(output, Pair, pair =>
        {
            foreach (var change in AccessChanges.BySubject(Snapshot(pair.Old), Snapshot(pair.New)))
            {
                foreach (var request in change.Gained.SelectMany(Concrete))
                    Assert.True(Allows(pair.New, change.Subject, request) && !Allows(pair.Old, change.Subject, request), $"{change.Subject} gained {request} in '{request.Namespace}'");
                foreach (var request in change.Lost.SelectMany(Concrete))
                    Assert.True(Allows(pair.Old, change.Subject, request) && !Allows(pair.New, change.Subject, request), $"{change.Subject} lost {request} in '{request.Namespace}'");
            }

            return true;
        });

    [Fact]
    public void Nothing_that_anybody_gains_is_missed() =>
        Property.Holds(output, from pair in Pair from what in Any.Request.Where(IsReal) select (pair.Old, pair.New, What: what), three =>
        {
            var changes = AccessChanges.BySubject(Snapshot(three.Old), Snapshot(three.New)).ToDictionary(change => change.Subject);
            return SubjectsOf(three.New).Where(subject => Allows(three.New, subject, three.What) && !Allows(three.Old, subject, three.What))
                .All(subject => Identity.Of(subject).Groups.Select(name => (Subject)new Subject.Group(name)).Append(subject)
                    .Any(holder => changes.GetValueOrDefault(holder) is { } change && Allow(change.Gained, three.What)));
        });

    [Fact]
    public void The_same_cluster_in_another_order_is_no_change() =>
        Property.Holds(
            output,
            from world in Any.World
            from roles in Gen.Shuffle(world.Roles.Select(Reordered).ToArray())
            from bindings in Gen.Shuffle(world.Bindings.ToArray())
            select (world, shuffled: world with { Roles = [.. roles], Bindings = [.. bindings.Select(binding => binding with { Name = binding.Name + "x" })] }),
            pair => AccessChanges.BySubject(Snapshot(pair.world), Snapshot(pair.shuffled)).IsEmpty);

    // get,list on pods and nodes, said in one rule or in four.
    [Theory]
    [InlineData("get list|pods nodes", "get|pods;list|pods;list|nodes;get|nodes", "", "")]
    [InlineData("get list watch|pods", "*|pods", "*|pods but get,list,watch", "")]
    [InlineData("*|pods", "get list watch|pods", "", "*|pods but get,list,watch")]
    [InlineData("get|pods", "get|*", "get|*", "")]
    [InlineData("get|pods/log", "get|*/log", "get|*/log", "")]
    [InlineData("get|*", "get|pods;get|*", "", "")]
    public void A_role_is_compared_by_what_it_means(string old, string @new, string gained, string lost)
    {
        var change = AccessChanges.ByRole(One(old), One(@new));
        Assert.Equal(gained, string.Join(';', change.SelectMany(role => role.Gained).Select(Written)));
        Assert.Equal(lost, string.Join(';', change.SelectMany(role => role.Lost).Select(Written)));
    }

    public static TheoryData<string> Reconciled => [.. Vectors.Cases("reconcile_role_rules.json").Select(row => row.GetRawText())];

    // kubectl auth reconcile adds what a role lacks, and with removal takes away what it has too much: both are what differs by meaning.
    [Theory]
    [MemberData(nameof(Reconciled), DisableDiscoveryEnumeration = true)]
    public void What_reconciling_would_add_is_what_the_expected_role_allows_beyond_the_actual_one(string row)
    {
        var testCase = JsonElement.Parse(row);
        var (expected, actual) = (RbacJson.Rules(testCase.GetProperty("expectedRole"), "rules"), RbacJson.Rules(testCase.GetProperty("actualRole"), "rules"));
        var change = AccessChanges.ByRole(One(actual), One(expected));
        var isNeeded = change.Any(role => role.Gained.Length > 0 || (testCase.GetProperty("removeExtraPermissions").GetBoolean() && role.Lost.Length > 0));
        if (testCase.GetProperty("expectedReconciledRole").ValueKind == JsonValueKind.Null)
        {
            Assert.False(isNeeded);
            return;
        }

        var reconciled = RbacJson.Rules(testCase.GetProperty("expectedReconciledRole"), "rules");
        Assert.Equal(isNeeded, !reconciled.ToHashSet().SetEquals(actual));
        Assert.Empty(Coverage.Uncovered(reconciled, expected));
    }

    static string Written(Permission permission) =>
        $"{permission.What.Verbs}|{permission.What.Resources}{(permission.Except.IsEmpty ? "" : $" but {permission.Except}")}";

    static Snapshot One(string rules) => One(RuleSet.Of(rules.Split(';').Select(rule => rule.Split('|')).Select(parts => new PolicyRule
    {
        Verbs = Names.Of(parts[0].Split(' ')),
        ApiGroups = Names.Of(""),
        Resources = Names.Of(parts[1].Split(' ')),
    })));

    static Snapshot One(RuleSet rules) => new() { Cluster = new("test", null, "manifests"), CollectedAt = CommandLine.Now, Roles = [new(Scope.Cluster, "r", rules)] };

    static Gen<(World Old, World New)> Pair =>
        from old in Any.World
        from other in Any.World
        from keep in Gen.Choose(0, 3)
        select (old, keep == 0 ? other : old with { Roles = [.. other.Roles.Take(2).Concat(old.Roles).DistinctBy(role => (role.Scope, role.Name))] });

    static Role Reordered(Role role) => role with { Rules = RuleSet.Of(role.Rules.Reverse().Concat(role.Rules.Take(1))) };

    static Snapshot Snapshot(World world) =>
        new() { Cluster = new("test", null, "manifests"), CollectedAt = CommandLine.Now, Roles = world.Roles, Bindings = world.Bindings };

    static IEnumerable<Subject> SubjectsOf(World world) => world.Bindings.SelectMany(binding => binding.Subjects)
        .Where(subject => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
        .Select(subject => subject.Canonical).Distinct();

    static bool Allows(World world, Subject subject, AccessRequest request) => new Authorizer(world.Roles, world.Bindings).Decide(Identity.Of(subject), request).Allowed;

    static bool Allow(ImmutableArray<Permission> permissions, AccessRequest request) =>
        permissions.Any(permission => (permission.Scope.IsCluster || permission.Scope.Namespace == request.Namespace) && permission.What.Allows(request));

    // Nodes have no namespace, and nobody creates by name.
    static bool IsReal(AccessRequest request) => request is not AccessRequest.Resource resource
        || ((resource.Plural != "nodes" || resource.Namespace.Length == 0) && !(resource is { Verb: "create", Subresource: "", Name.Length: > 0 }));

    // A wildcard stands for something that no rule names.
    static IEnumerable<AccessRequest> Concrete(Permission permission)
    {
        var rule = permission.What;
        foreach (var verb in rule.Verbs.Select(verb => verb == "*" ? "frobnicate" : verb))
        {
            foreach (var url in rule.NonResourceUrls)
                yield return new AccessRequest.Path(verb, url.EndsWith('*') ? url.TrimEnd('*') + "/frob" : url);
            foreach (var apiGroup in rule.ApiGroups)
                foreach (var resource in rule.Resources)
                {
                    var parts = (resource == "*" ? "frobs" : resource.Replace("*/", "frobs/", StringComparison.Ordinal)).Split('/');
                    yield return new AccessRequest.Resource(
                        verb, apiGroup == "*" ? "frob.example" : apiGroup, parts[0], parts.Length > 1 ? parts[1] : "", permission.Scope.Namespace,
                        rule.ResourceNames.IsEmpty ? "frob" : rule.ResourceNames[0]);
                }
        }
    }
}
