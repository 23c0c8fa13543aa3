using RbacLens.Policies;
using RbacLens.Rbac;
using RbacLens.Tests.Paths;

namespace RbacLens.Tests.Policies;

/// <summary>Who leads to the whole cluster, and which namespaces that makes dangerous to be in.</summary>
public sealed class PowerTests
{
    // One binding for the account app/robot: where, and the verbs, group and resources of its role.
    [Theory]
    [InlineData("*", "'*'", "'*'", "'*'", true, "everything")]
    [InlineData("*", "get", "''", "nodes/proxy", true, "every node")]
    [InlineData("*", "get", "''", "secrets", true, "every Secret, and the tokens among them")]
    [InlineData("*", "impersonate", "''", "users", true, "anybody")]
    [InlineData("*", "create", "''", "serviceaccounts/token", true, "every account")]
    [InlineData("*", "create", "''", "pods", true, "every account, by running as it")]
    [InlineData("kube-system", "create", "''", "pods", true, "the accounts of kube-system")]
    [InlineData("app", "create", "''", "pods", false, "breaking out of a container does not count, or everybody would")]
    [InlineData("app", "'*'", "''", "configmaps, services", false, "things of a namespace without such an account")]
    [InlineData("app", "'*'", "'*'", "'*'", true, "may change the namespace's own labels, and so start privileged pods")]
    [InlineData("*", "get", "''", "configmaps", false, "nothing else")]
    [InlineData("*", "create", "rbac.authorization.k8s.io", "clusterrolebindings", false, "bindings without bind grant only what one has")]
    [InlineData("app", "create", "''", "serviceaccounts/token", false, "accounts that are weak themselves")]
    public async Task An_account_is_powerful_if_what_it_holds_leads_to_the_whole_cluster(string where, string verbs, string group, string resources, bool isPowerful, string why)
    {
        var power = await PowerAsync(Bind(where, "x", verbs, group, resources, "{kind: ServiceAccount, name: robot, namespace: app}"));
        Assert.True(isPowerful == power.Has(new Subject.ServiceAccount("app", "robot")), why);
        Assert.Equal(isPowerful ? new Subject.ServiceAccount("app", "robot") : null, power.In("app"));
        Assert.False(power.Has(new Subject.User("somebody-else")));
    }

    [Fact]
    public async Task What_one_account_can_become_it_can_do()
    {
        var power = await PowerAsync(
            Bind("*", "a", "'*'", "'*'", "'*'", "{kind: ServiceAccount, name: boss, namespace: ops}"),
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: boss, namespace: ops}}",
            Bind("ops", "b", "create", "''", "serviceaccounts/token", "{kind: ServiceAccount, name: robot, namespace: app}"));
        Assert.True(power.Has(new Subject.ServiceAccount("app", "robot")));
        Assert.Equal(new Subject.ServiceAccount("ops", "boss"), power.In("ops"));
        Assert.Null(power.In("elsewhere"));
    }

    [Theory]
    [InlineData("system:serviceaccounts:app", "app", true)]
    [InlineData("system:serviceaccounts:app", "ops", false)]
    [InlineData("system:serviceaccounts", "ops", true)]
    [InlineData("system:authenticated", "ops", true)]
    [InlineData("system:unauthenticated", "ops", false)]
    [InlineData("sre", "ops", false)]
    public async Task A_group_that_leads_on_makes_the_namespaces_of_its_accounts_powerful(string group, string ns, bool isPowerful)
    {
        var power = await PowerAsync(Bind("*", "x", "'*'", "'*'", "'*'", $"{{kind: Group, name: \"{group}\"}}"));
        Assert.Equal(isPowerful ? new Subject.Group(group) : null, power.In(ns));
        Assert.Equal(isPowerful, power.Has(new Subject.ServiceAccount(ns, "any")));
    }

    static async Task<Power> PowerAsync(params string[] manifests)
    {
        var snapshot = await PathFinding.ReadManifestsAsync(string.Join("\n---\n", manifests.Prepend("{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot, namespace: app}}")), version: null);
        return (await PathFinding.SearchAsync(snapshot)).Power(snapshot);
    }

    static string Bind(string where, string name, string verbs, string group, string resources, string subject)
    {
        var (kind, metadata) = where == "*" ? ("ClusterRole", $"{{name: {name}}}") : ("Role", $"{{name: {name}, namespace: {where}}}");
        return $$"""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: {{kind}}, metadata: {{metadata}}, rules: [{verbs: [{{verbs}}], apiGroups: [{{group}}], resources: [{{resources}}]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: {{kind}}Binding, metadata: {{metadata}}, roleRef: {kind: {{kind}}, name: {{name}}}, subjects: [{{subject}}]}
            """;
    }
}
