using System.Text.Json;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

public sealed class LeastPrivilegeTests
{
    static readonly Authorizer Nothing = new([], []);

    public static TheoryData<string> Cases => [.. Vectors.Cases("audit/audit2rbac_least_privilege.json").Select(row => row.GetProperty("name").GetString()!)];

    // audit2rbac widens get to list and watch, drops names and namespaces when there are several. We do neither, so what it proposes covers ours,
    // and ours everything that was asked.
    [Theory]
    [MemberData(nameof(Cases))]
    public void All_that_was_asked_is_allowed_and_nothing_that_audit2rbac_would_not_allow(string name)
    {
        var row = Vectors.Cases("audit/audit2rbac_least_privilege.json").Single(row => row.GetProperty("name").GetString() == name);
        var existing = Objects(row.GetProperty("existing"));
        var requests = row.GetProperty("requests").EnumerateArray().Select(request => (Identity: Attributes.Identity(request), Request: Attributes.Request(request))).ToList();
        var suggested = LeastPrivilege.Of(Log(requests.Select(asked => Deed(asked.Identity, asked.Request))), new Subject.User("bob"), new(existing.Roles, existing.Bindings), "suggested");
        var proposed = Objects(row.GetProperty("expected"));

        var authorizer = new Authorizer(existing.Roles.Concat(suggested.Roles), existing.Bindings.Concat(suggested.Bindings));
        Assert.All(requests, asked => Assert.True(authorizer.Decide(asked.Identity, asked.Request).Allowed, $"{asked.Request}"));
        foreach (var role in suggested.Roles)
            Assert.Empty(Coverage.Uncovered(proposed.Roles.Where(theirs => theirs.Scope.IsCluster || theirs.Scope == role.Scope).SelectMany(theirs => theirs.Rules), role.Rules));
        if (name == "namespaced named resources without name or namespace expansion")
            Assert.Equal(proposed.Roles.Select(role => role.Scope).Order(), suggested.Roles.Select(role => role.Scope).Order());
    }

    [Theory]
    [InlineData("system:anonymous", "list configmaps|list pods", "list secrets in production")]
    [InlineData("dave", "create pods/exec api-server|create pods/portforward api-server|get pods/log api-server|list pods", "get services/proxy grafana:3000 in monitoring")]
    [InlineData("system:serviceaccount:production:secret-reader", "list secrets|get secrets payments-db", "get services/proxy grafana:3000 in monitoring|list secrets in production")]
    [InlineData("system:serviceaccount:production:proxy-user", "create services/proxy grafana:3000|get pods/proxy api-server:80|get services/proxy grafana:3000|get services/proxy http:grafana:3000|patch pods/status api-server", "")]
    [InlineData("system:serviceaccount:ci:impersonator", "impersonate groups system:masters|impersonate users kubernetes-admin", "")]
    [InlineData("system:serviceaccount:monitoring:prometheus-server", "get /metrics|get nodes/metrics worker-1|list nodes|list pods", "")]
    public async Task The_recorded_log_gives_what_was_allowed_and_lists_what_was_refused(string user, string allowed, string refused)
    {
        var suggested = LeastPrivilege.Of(
            await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines)), new Subject.User(user).Canonical,
            await RbacLens.Cli.Inputs.Shipped.EveryoneAsync(null, default), "suggested");

        Assert.Equal(allowed.Split('|').Order(StringComparer.Ordinal), suggested.Roles.SelectMany(role => role.Rules).SelectMany(Coverage.Atoms).Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(refused.Split('|', StringSplitOptions.RemoveEmptyEntries), suggested.Refused);
        Assert.All(suggested.Roles.Where(role => role.Scope.IsCluster).SelectMany(role => role.Rules), rule =>
            Assert.All(rule.Resources, resource => Assert.Contains(resource, "nodes nodes/metrics pods users groups", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_refused_impersonation_is_listed_and_neither_granted_nor_the_other_ones_doing()
    {
        var deed = Deed(new("alice", []), new AccessRequest.Resource("list", "", "secrets", Namespace: "a")) with
        {
            ActingAs = new("root", []),
            Outcome = Outcome.Refused,
            IsRefusedToActAs = true,
        };
        var group = deed with { ActingAs = new(Impersonation.Somebody, ["system:masters"]) };
        var suggested = LeastPrivilege.Of(Log([deed, group]), new Subject.User("alice"), Nothing, "s");

        Assert.Equal("impersonate groups system:masters|impersonate users root", string.Join('|', suggested.Refused));
        Assert.Empty(suggested.Roles);
        Assert.Empty(LeastPrivilege.Of(Log([deed]), new Subject.User("root"), Nothing, "s").Refused);
    }

    [Fact]
    public void What_was_allowed_once_is_granted_though_it_was_refused_elsewhere()
    {
        var everywhere = Deed(new("bob", []), new AccessRequest.Resource("list", "", "pods", Namespace: "a"));
        var suggested = LeastPrivilege.Of(Log([everywhere, everywhere with { Request = new AccessRequest.Resource("list", "", "pods", Namespace: "b"), Outcome = Outcome.Refused }]), new Subject.User("bob"), Nothing, "s");

        Assert.Equal("list pods", Text(Assert.Single(suggested.Roles).Rules[0]));
        Assert.Equal(new Scope("a"), suggested.Roles[0].Scope);
        Assert.Equal("list pods in b", Assert.Single(suggested.Refused));
    }

    // The kinds of requests that need care: no name on create, a name on a subresource's create, none on deletecollection; URLs as they are.
    [Theory]
    [InlineData("create", "", "pods", "", "web", "create pods")]
    [InlineData("create", "", "pods", "exec", "web", "create pods/exec web")]
    [InlineData("deletecollection", "", "pods", "", "", "deletecollection pods")]
    [InlineData("get", "apps", "deployments", "scale", "web", "get deployments/scale web")]
    [InlineData("patch", "example.com", "widgets", "", "a:b", "patch widgets a:b")]
    public void Each_request_is_granted_as_the_authorizer_sees_it(string verb, string group, string resource, string subresource, string name, string expected)
    {
        var asked = verb == "create" && subresource.Length == 0 ? "" : name;
        var deed = Deed(new("bob", []), new AccessRequest.Resource(verb, group, resource, subresource, "a", asked)) with { ObjectName = name };
        var role = Assert.Single(LeastPrivilege.Of(Log([deed]), new Subject.User("bob"), Nothing, "s").Roles);

        Assert.Equal(expected, Text(Assert.Single(role.Rules)));
        Assert.Equal(group, Assert.Single(role.Rules[0].ApiGroups));
    }

    [Fact]
    public void Names_are_listed_while_they_are_few()
    {
        var deeds = Enumerable.Range(0, 30).Select(i => Deed(new("bob", []), new AccessRequest.Resource("get", "", "pods", Namespace: "a", Name: $"p{i:00}"))).ToList();

        Assert.Equal(20, LeastPrivilege.Of(Log(deeds.Take(20)), new Subject.User("bob"), Nothing, "s").Roles[0].Rules[0].ResourceNames.Count);
        var many = LeastPrivilege.Of(Log(deeds), new Subject.User("bob"), Nothing, "s");
        Assert.True(many.Roles[0].Rules[0].ResourceNames.IsEmpty);
        Assert.Contains("30 different pods were asked for in a", Assert.Single(many.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_lost_against_today_is_told()
    {
        var cluster = await AuditReading.SeedCluster;
        var subject = new Subject.ServiceAccount("monitoring", "prometheus-server");
        var suggested = LeastPrivilege.Of(await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines)), subject, Nothing, "s");
        var lost = suggested.LostAgainst(cluster, Nothing).SelectMany(loss => loss.Lost).Select(Text).ToList();

        Assert.Contains("get nodes/proxy", lost);
        Assert.DoesNotContain("list pods", lost);
    }

    static string Text(PolicyRule rule) => $"{rule.Verbs} {rule.Resources}{rule.NonResourceUrls}{(rule.ResourceNames.IsEmpty ? "" : $" {rule.ResourceNames}")}";

    static Deed Deed(Identity user, AccessRequest request) => new() { User = user, Request = request, Outcome = Outcome.Allowed };

    static AuditLog Log(IEnumerable<Deed> deeds) => new()
    {
        Deeds = [.. deeds.Select(deed =>
        {
            var count = new DeedCount(deed, Interest.None);
            count.Count(new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc).Ticks);
            return count;
        })],
        Notes = new(),
    };

    static (List<Role> Roles, List<Binding> Bindings) Objects(JsonElement objects)
    {
        var (roles, bindings) = (new List<Role>(), new List<Binding>());
        foreach (var kind in objects.EnumerateObject())
            foreach (var item in kind.Value.EnumerateArray())
                if (kind.Name.EndsWith("oles", StringComparison.Ordinal))
                    roles.Add(new(ScopeOf(item), NameOf(item), RuleSet.Of(item.GetProperty("rules").EnumerateArray().Select(RbacJson.Rule))));
                else
                    bindings.Add(new(ScopeOf(item), NameOf(item), [.. item.GetProperty("subjects").EnumerateArray().Select(SubjectOf)],
                        new(RbacJson.Text(item.GetProperty("roleRef"), "kind"), RbacJson.Text(item.GetProperty("roleRef"), "name"))));
        return (roles, bindings);
    }

    static Scope ScopeOf(JsonElement item) => new(RbacJson.Text(item.GetProperty("metadata"), "namespace"));

    static string NameOf(JsonElement item) => RbacJson.Text(item.GetProperty("metadata"), "name");

    static Subject SubjectOf(JsonElement item) => RbacJson.Text(item, "kind") == "Group" ? new Subject.Group(RbacJson.Text(item, "name")) : new Subject.User(RbacJson.Text(item, "name"));
}
