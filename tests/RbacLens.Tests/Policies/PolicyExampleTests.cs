using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Policies;

/// <summary>Every policy is proved by its own examples.</summary>
public sealed class PolicyExampleTests
{
    public static TheoryData<string> Ids => [.. PolicyFiles.BuiltIn.Select(policy => policy.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_violates_yields_the_finding_and_what_conforms_does_not(string id)
    {
        var policy = PolicyFiles.BuiltIn.Single(policy => policy.Id == id);
        var proofs = await PolicyProof.RunAsync(policy, [.. PolicyFiles.BuiltIn], default);

        Assert.Equal(policy.Violating.Length + policy.Conforming.Length, proofs.Count);
        Assert.Empty(proofs.Where(proof => !proof.Holds).Select(proof => proof.ToString()));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_policy_says_what_it_needs_and_where_to_read_on(string id)
    {
        var policy = PolicyFiles.BuiltIn.Single(policy => policy.Id == id);

        Assert.DoesNotContain('\n', policy.Title);
        Assert.NotEmpty(policy.Needs);
        Assert.NotEmpty(policy.References);
    }

    [Fact]
    public void The_page_about_policies_is_up_to_date()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies.README.md"));
        Assert.Equal(string.Concat(PolicyDocs.Page([.. PolicyFiles.BuiltIn]).Select(line => line + "\n")), page);
    }
}
