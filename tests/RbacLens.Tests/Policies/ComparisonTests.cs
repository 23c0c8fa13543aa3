using System.Collections.Immutable;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>What fails a pipeline that asks for new findings only: what got worse, and nothing else.</summary>
public sealed class ComparisonTests
{
    [Theory]
    [InlineData("high *", "high *", false, "as it was")]
    [InlineData("", "high *", true, "new")]
    [InlineData("medium *", "high *", true, "more severe")]
    [InlineData("critical *", "high *", false, "less severe")]
    [InlineData("high a", "high a b", true, "one more namespace")]
    [InlineData("high a b", "high a", false, "one namespace less")]
    [InlineData("high *", "high a", false, "one namespace instead of the whole cluster")]
    [InlineData("high a", "high *", true, "the whole cluster instead of one namespace")]
    [InlineData("critical beside *", "critical *", false, "another finding led before and is gone: it was as bad by itself")]
    [InlineData("high beside *", "critical *", true, "worse by itself than it was")]
    [InlineData("critical *", "critical beside *", false, "a new one leads, and is news itself")]
    [InlineData("critical accepted *", "critical *", true, "no longer accepted")]
    public void Only_what_got_worse_is_news(string before, string after, bool isNews, string why)
    {
        var finding = Find(after);
        var comparison = Comparison.Between(Posture(before.Length == 0 ? [] : [Find(before)]), Posture([finding]));
        Assert.True(isNews == comparison.IsNews(finding), why);
    }

    [Fact]
    public void What_stood_beside_a_lead_in_a_posture_of_an_older_program_is_not_news_when_it_leads()
    {
        var finding = Find("critical *");
        var comparison = Comparison.Between(Posture([finding with { Severity = Severity.Medium, Lead = "0123456789abcdef" }]), Posture([finding]));
        Assert.Equal(Change.Changed, comparison.Of(finding));
        Assert.False(comparison.IsNews(finding));
    }

    [Fact]
    public void What_was_not_asked_before_is_not_new()
    {
        var finding = Find("critical *");
        var other = PolicyFiles.BuiltIn.First(policy => policy.Id != finding.Policy.Id);
        var comparison = Comparison.Between(Posture([]) with { Policies = [other] }, Posture([finding]));
        Assert.Equal(Change.Unknown, comparison.Of(finding));
        Assert.False(comparison.IsNews(finding));
    }

    static Posture Posture(ImmutableArray<Finding> findings) => new()
    {
        Cluster = new("test", "v1.34.0", "dump"),
        CollectedAt = DateTimeOffset.UnixEpoch,
        Tool = "test",
        Findings = findings,
        Policies = [.. findings.Select(finding => finding.Policy)],
    };

    // "critical beside a b": critical by itself, shown as medium, in namespaces a and b.
    static Finding Find(string text)
    {
        var words = text.Split(' ');
        var severity = Enum.Parse<Severity>(words[0], ignoreCase: true);
        var isBeside = words[1] == "beside";
        return new(
            PolicyFiles.BuiltIn.Single(policy => policy.Id == "secrets-read"), new("User", "", "jane"),
            [.. words.Skip(1).Where(word => word is not ("beside" or "accepted")).Select(word => word == "*" ? Scope.Cluster : new Scope(word))], isBeside ? Severity.Medium : severity, "because")
        {
            Lead = isBeside ? "0123456789abcdef" : null,
            ByItself = isBeside ? severity : null,
            Suppression = words[1] == "accepted" ? new("jo", "why", null) : null,
        };
    }
}
