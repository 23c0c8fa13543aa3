using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Tests.Policies;

/// <summary>Every policy is proved by its own examples.</summary>
public sealed class PolicyExampleTests
{
    public static TheoryData<string, string> Violating => Titles(policy => policy.Violating);

    public static TheoryData<string, string> Conforming => Titles(policy => policy.Conforming);

    [Theory]
    [MemberData(nameof(Violating))]
    public async Task What_violates_yields_the_finding(string policy, string title)
    {
        var example = Policy(policy).Violating.Single(example => example.Title == title);
        var found = await FindingsAsync(policy, example);

        Assert.NotEmpty(found);
        if (example.Severity is { } expected)
            Assert.Equal(expected, found.Max(finding => finding.Severity));
    }

    [Theory]
    [MemberData(nameof(Conforming))]
    public async Task What_conforms_does_not(string policy, string title) =>
        Assert.Empty(await FindingsAsync(policy, Policy(policy).Conforming.Single(example => example.Title == title)));

    [Fact]
    public void Every_finding_explains_itself_in_one_line()
    {
        foreach (var policy in PolicyFiles.BuiltIn)
        {
            Assert.DoesNotContain('\n', policy.Title);
            Assert.NotEmpty(policy.Needs);
            Assert.NotEmpty(policy.References);
        }
    }

    static async Task<List<Finding>> FindingsAsync(string policy, Example example) =>
        [.. (await Judging.ManifestsAsync(example.Manifests, example.Version)).Where(finding => finding.Policy.Id == policy && !finding.IsStock)];

    static Policy Policy(string id) => PolicyFiles.BuiltIn.Single(policy => policy.Id == id);

    static TheoryData<string, string> Titles(Func<Policy, IEnumerable<Example>> examples)
    {
        var rows = new TheoryData<string, string>();
        foreach (var policy in PolicyFiles.BuiltIn)
            foreach (var example in examples(policy))
                rows.Add(policy.Id, example.Title);
        return rows;
    }
}
