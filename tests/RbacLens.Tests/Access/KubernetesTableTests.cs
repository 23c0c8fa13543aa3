using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests.Access;

/// <summary>Kubernetes' own tables of what roles and bindings add up to, all rows.</summary>
public sealed class KubernetesTableTests
{
    public static TheoryData<string> Authorizer => Rows("authorizer.json");

    public static TheoryData<string> SubjectAppliesTo => Rows("subject_applies_to.json");

    public static TheoryData<string> RulesFor => Rows("rules_for.json");

    public static TheoryData<string> Aggregated => Rows("aggregation.json");

    public static TheoryData<string> Covers => Rows("covers.json");

    public static TheoryData<string> Compacted => Rows("compact_rules.json");

    public static TheoryData<string> Simple => Rows("is_simple_rule.json");

    [Theory]
    [MemberData(nameof(Authorizer), DisableDiscoveryEnumeration = true)]
    public void The_authorizer_decides_as_Kubernetes_does(string row)
    {
        var testCase = JsonElement.Parse(row);
        var objects = RbacJson.Objects(testCase.GetProperty("objects"));
        var authorizer = new Authorizer(objects.Roles, objects.Bindings);
        var checks = RbacJson.Array(testCase, "checks").ToList();
        Assert.NotEmpty(checks);
        Assert.All(checks, check =>
        {
            var attributes = check.GetProperty("attributes");
            var decision = authorizer.Decide(Attributes.Identity(attributes), Attributes.Request(attributes));
            Assert.Equal(RbacJson.Text(check, "expected"), decision.Allowed ? "allow" : "deny");
        });
    }

    [Theory]
    [MemberData(nameof(SubjectAppliesTo), DisableDiscoveryEnumeration = true)]
    public void A_binding_applies_to_whom_Kubernetes_says(string row)
    {
        var testCase = JsonElement.Parse(row);
        var ns = RbacJson.Text(testCase, "namespace");
        var subjects = RbacJson.Array(testCase, "subjects").Select(subject => RbacJson.Subject(subject, ns)).ToList();
        var identity = Attributes.Identity(testCase);
        var expected = testCase.GetProperty("expected").GetBoolean();
        Assert.Equal(expected, subjects.Exists(identity.Is));

        var binding = new Binding(new(ns), "b", [.. subjects], new("ClusterRole", "r"));
        var authorizer = new Authorizer([new(Scope.Cluster, "r", RuleSet.Empty)], [binding]);
        Assert.Equal(expected, authorizer.PermissionsOf(identity).Grants.Any());
    }

    [Theory]
    [MemberData(nameof(RulesFor), DisableDiscoveryEnumeration = true)]
    public void An_identity_holds_the_rules_that_Kubernetes_resolves_for_it(string row)
    {
        var testCase = JsonElement.Parse(row);
        var objects = RbacJson.Objects(testCase.GetProperty("objects"));
        var held = new Authorizer(objects.Roles, objects.Bindings)
            .PermissionsOf(Attributes.Identity(testCase))
            .GrantsIn(RbacJson.Text(testCase, "namespace"))
            .SelectMany(grant => grant.Role.Rules)
            .ToHashSet();
        Assert.Equal(RbacJson.Rules(testCase, "effectiveRules").ToHashSet(), held);
    }

    [Theory]
    [MemberData(nameof(Aggregated), DisableDiscoveryEnumeration = true)]
    public void An_aggregated_role_gets_the_rules_that_the_controller_writes(string row)
    {
        var testCase = JsonElement.Parse(row);
        var roles = RbacJson.Array(testCase, "clusterRoles").Select(RbacJson.Role).ToList();
        var before = roles.Single(role => role.Name == RbacJson.Text(testCase, "sync"));
        var after = Aggregation.Resolve(roles).Single(role => role.Name == before.Name);
        var isUnchanged = testCase.GetProperty("noChange").GetBoolean();
        Assert.Equal(isUnchanged ? before.Rules : RbacJson.Rules(testCase, "expectedRules"), after.Rules);
    }

    [Theory]
    [MemberData(nameof(Covers), DisableDiscoveryEnumeration = true)]
    public void What_an_owner_may_hand_on_is_what_the_escalation_check_covers(string row)
    {
        var testCase = JsonElement.Parse(row);
        var (owner, servant) = (RbacJson.Rules(testCase, "ownerRules"), RbacJson.Rules(testCase, "servantRules"));
        Assert.Equal(testCase.GetProperty("expectedCovered").GetBoolean(), Coverage.Covers(owner, servant));
        Assert.Equal(RbacJson.Rules(testCase, "expectedUncoveredRules").ToHashSet(), Coverage.Uncovered(owner, servant).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Compacted), DisableDiscoveryEnumeration = true)]
    public void Simple_rules_are_merged_as_kubectl_merges_them(string row)
    {
        var testCase = JsonElement.Parse(row);
        var expected = RbacJson.Rules(testCase, "expected");
        var compacted = Compaction.Compact(RbacJson.Rules(testCase, "rules"));
        Assert.Equal(expected.Count, compacted.Count);
        Assert.Equal(expected.ToHashSet(), compacted.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Simple), DisableDiscoveryEnumeration = true)]
    public void A_rule_is_simple_when_Kubernetes_says_so(string row)
    {
        var testCase = JsonElement.Parse(row);
        var resource = testCase.GetProperty("resource");
        Compaction.Key? expected = testCase.GetProperty("simple").GetBoolean()
            ? new(
                RbacJson.Text(resource, "group"),
                RbacJson.Text(resource, "resource"),
                resource.TryGetProperty("resourceNameExist", out var named) && named.GetBoolean() ? RbacJson.Text(resource, "resourceName") : null)
            : null;
        Assert.Equal(expected, Compaction.TryKey(RbacJson.Rule(testCase.GetProperty("rule"))));
    }

    static TheoryData<string> Rows(string name) => [.. Vectors.Cases(name).Select(c => c.GetRawText())];
}
