using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>Every risky permission that other tools look for is found, or the table says in a word why it is none.</summary>
public sealed class PolicyCatalogueTests
{
    // What is said of the holder, the role or the binding, and not of the permission.
    static readonly string[] OfTheForm = ["binding-to-user", "wildcard-rule", "grant-without-effect", "removed-resources"];

    static readonly List<string[]> Lines = [.. File.ReadLines(Vectors.PathOf("policy-catalogue.tsv")).Skip(1).Select(line => line.Split('\t'))];

    [Fact]
    public async Task Every_row_raises_its_policies_or_none_for_the_reason_it_gives()
    {
        var asked = Lines.Index().Where(line => line.Item[1] != "-").ToList();
        var read = new Snapshot
        {
            Cluster = new("catalogue", "v1.36.0", "manifests"),
            CollectedAt = DateTimeOffset.UnixEpoch,
            Roles = [.. asked.Where(line => IsRules(line.Item)).Select(line => new Role(ScopeOf(line.Item), $"role-{line.Index}", RuleSet.Of(line.Item[2].Split('&').Select(Rule))))],
            Bindings = [.. asked.Select(line => new Binding(
                ScopeOf(line.Item), $"role-{line.Index}", [new Subject.User($"user-{line.Index}")],
                IsRules(line.Item) ? new(ScopeOf(line.Item).IsCluster ? "ClusterRole" : "Role", $"role-{line.Index}") : new("ClusterRole", line.Item[2])))],
        };
        var found = (await Judging.SnapshotAsync(await Shipped.ApplyAsync(read, default)))
            .ToLookup(finding => finding.About.Name.Replace("role-", "user-", StringComparison.Ordinal), finding => finding.Policy.Id);

        var wrong = from line in asked
                    let answers = found[$"user-{line.Index}"].ToHashSet(StringComparer.Ordinal)
                    let isNone = line.Item[3].StartsWith('(')
                    let missing = isNone ? answers.Except(OfTheForm) : line.Item[3].Split(' ').Except(answers)
                    where missing.Any()
                    select $"{line.Item[0]} {line.Item[1]} {line.Item[2]}: {(isNone ? "expected nothing, found" : "did not find")} {string.Join(' ', missing)}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_policy_in_the_table_exists_and_every_row_says_something()
    {
        Assert.Equal(134, Lines.Select(line => line[0]).Distinct().Count());
        Assert.All(Lines, line => Assert.Equal(4, line.Length));
        Assert.Empty(Lines.Where(line => !line[3].StartsWith('(')).SelectMany(line => line[3].Split(' ')).Except(PolicyFiles.BuiltIn.Select(policy => policy.Id)));
    }

    static bool IsRules(string[] line) => line[2].Contains('|', StringComparison.Ordinal);

    static Scope ScopeOf(string[] line) => line[1] == "*" ? Scope.Cluster : new(line[1]);

    static PolicyRule Rule(string text)
    {
        var fields = text.Split('|').Select(field => Names.Of(field.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "''" ? "" : word))).ToArray();
        return new() { Verbs = fields[0], ApiGroups = fields[1], Resources = fields[2], ResourceNames = fields[3], NonResourceUrls = fields[4] };
    }
}
