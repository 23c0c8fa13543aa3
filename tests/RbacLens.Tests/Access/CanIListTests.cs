using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests.Access;

/// <summary>Our effective permissions against what <c>kubectl auth can-i --list</c> printed for the same people.</summary>
public sealed class CanIListTests
{
    [Theory]
    [InlineData("alice.production.txt", "User", "alice")]
    [InlineData("system_serviceaccount_ci_pipeline.production.txt", "ci", "pipeline")]
    [InlineData("system_serviceaccount_monitoring_prometheus-server.production.txt", "monitoring", "prometheus-server")]
    [InlineData("system_serviceaccount_production_proxy-user.production.txt", "production", "proxy-user")]
    public void Effective_permissions_are_what_kubectl_lists(string file, string ns, string name)
    {
        Subject subject = ns == "User" ? new Subject.User(name) : new Subject.ServiceAccount(ns, name);
        var held = new Authorizer(Vectors.SeedScenario.Roles, Vectors.SeedScenario.Bindings)
            .PermissionsOf(Identity.Of(subject))
            .GrantsIn("production")
            .SelectMany(grant => grant.Role.Rules)
            .SelectMany(Coverage.Atoms);
        var printed = File.ReadAllLines(Vectors.PathOf(Path.Combine("can-i-list", file)));
        Assert.Equal(Rows(printed), Compaction.Compact(held).Select(Row).Order(StringComparer.Ordinal));
    }

    static IEnumerable<string> Rows(string[] printed)
    {
        var starts = new[] { "Non-Resource", "Resource Names", "Verbs" }
            .Select(title => printed[0].IndexOf(title, StringComparison.Ordinal))
            .ToList();
        return printed.Skip(1)
            .Select(line => Row(
                line[..starts[0]].Trim(), Listed(line[starts[0]..starts[1]]), Listed(line[starts[1]..starts[2]]), Listed(line[starts[2]..])))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The rules that kubectl printed.</summary>
    internal static IEnumerable<PolicyRule> Rules(string[] printed)
    {
        var starts = new[] { "Non-Resource", "Resource Names", "Verbs" }.Select(title => printed[0].IndexOf(title, StringComparison.Ordinal)).ToList();
        return from line in printed.Skip(1)
               let resource = line[..starts[0]].Trim()
               let subresource = resource.Contains('/', StringComparison.Ordinal) ? resource[resource.IndexOf('/', StringComparison.Ordinal)..] : ""
               let parts = resource[..^subresource.Length].Split('.', 2)
               select new PolicyRule
               {
                   ApiGroups = resource.Length == 0 ? Names.None : Names.Of(parts.Length > 1 ? parts[1] : ""),
                   Resources = resource.Length == 0 ? Names.None : Names.Of(parts[0] + subresource),
                   NonResourceUrls = Names.Of(Listed(line[starts[0]..starts[1]])),
                   ResourceNames = Names.Of(Listed(line[starts[1]..starts[2]])),
                   Verbs = Names.Of(Listed(line[starts[2]..])),
               };
    }

    static string[] Listed(string cell) => cell.Trim().Trim('[', ']').Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static string Row(PolicyRule rule) =>
        Row(string.Concat(rule.Resources.Select(resource => Resource(resource, rule.ApiGroups[0]))), rule.NonResourceUrls, rule.ResourceNames, rule.Verbs);

    // Verbs come in the order in which bindings were visited, which is that of the server's cache.
    static string Row(string resource, IEnumerable<string> urls, IEnumerable<string> names, IEnumerable<string> verbs) =>
        $"{resource} [{string.Join(' ', urls)}] [{string.Join(' ', names)}] [{string.Join(' ', verbs.Order(StringComparer.Ordinal))}]";

    // kubectl puts the group before the subresource: deployments.apps/scale.
    static string Resource(string resource, string group) =>
        group.Length == 0 ? resource
        : resource.Split('/', 2) is [var plural, var subresource] ? $"{plural}.{group}/{subresource}"
        : $"{resource}.{group}";
}
