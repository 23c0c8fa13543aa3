using RbacLens.Cli.Inputs;

namespace RbacLens.Tests.Upgrades;

/// <summary>Every change of a release is proved by its own examples.</summary>
public sealed class UpgradeExampleTests
{
    public static TheoryData<string> Ids => [.. UpgradeFiles.BuiltIn.Select(change => change.Policy.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Whom_a_change_affects_is_told_and_nobody_else(string id)
    {
        var change = UpgradeFiles.BuiltIn.Single(change => change.Policy.Id == id);
        var proofs = await UpgradeProof.RunAsync(change, [.. PolicyFiles.BuiltIn], default);

        Assert.Empty(proofs.Where(proof => !proof.Holds).Select(proof => proof.ToString()));
        Assert.NotEmpty(change.Policy.References);
        Assert.NotEmpty(change.Policy.Needs);
    }

    [Fact]
    public void Changes_of_releases_are_no_policies_of_a_scan() =>
        Assert.Empty(PolicyFiles.BuiltIn.Select(policy => policy.Id).Intersect(UpgradeFiles.BuiltIn.Select(change => change.Policy.Id)));

    [Fact]
    public void Policies_that_a_change_leaves_out_exist()
    {
        var named = UpgradeFiles.BuiltIn.Select(change => change.Affects).OfType<RbacLens.Upgrades.Affects.Worked>().SelectMany(worked => worked.Except);
        Assert.Empty(named.Except(PolicyFiles.BuiltIn.Select(policy => policy.Id)));
    }

    [Fact]
    public void What_is_gone_is_listed_once_with_a_source()
    {
        var gone = Assert.Single(UpgradeFiles.BuiltIn.Select(change => change.Affects).OfType<RbacLens.Upgrades.Affects.Gone>());
        var listed = ((RbacLens.Policies.Match.Fact)PolicyFiles.BuiltIn.Single(policy => policy.Id == gone.Policy).Match).Gone;

        Assert.NotEmpty(listed);
        Assert.All(listed, row => Assert.NotEmpty(row.Source));
    }
}
