using RbacLens.Access;
using RbacLens.Upgrades;

namespace RbacLens.Tests.Upgrades;

public sealed class KubeletsTests
{
    // kubernetes.io/releases/version-skew-policy: never newer, at most three minor versions older, two if older than 1.25.
    [Theory]
    [InlineData(22, 24, true)]
    [InlineData(23, 26, false)]
    [InlineData(24, 26, true)]
    [InlineData(24, 27, false)]
    [InlineData(25, 28, true)]
    [InlineData(26, 26, true)]
    [InlineData(27, 26, false)]
    [InlineData(33, 36, true)]
    [InlineData(32, 36, false)]
    [InlineData(37, 36, false)]
    public void A_kubelet_is_supported_by_the_skew_policy(int kubelet, int server, bool supported) =>
        Assert.Equal(supported, !new Kubelets([new("n", $"v1.{kubelet}.1")]).OutOfSkew(new(1, server)).Any());

    [Fact]
    public void Every_combination_of_1_26_to_1_36_is_decided_by_the_distance_alone()
    {
        for (var kubelet = 26; kubelet <= 36; kubelet++)
            for (var server = 26; server <= 36; server++)
                Assert.Equal(
                    kubelet > server || server - kubelet > 3,
                    new Kubelets([new("n", $"v1.{kubelet}.0")]).OutOfSkew(new(1, server)).Any());
    }

    [Theory]
    [InlineData(new[] { "v1.33.0", "v1.34.1" }, true, false)]
    [InlineData(new[] { "v1.32.9", "v1.34.1" }, true, true)]
    [InlineData(new[] { "v1.34.1", null }, false, false)]
    [InlineData(new string[0], false, false)]
    public void Versions_that_are_not_told_are_not_known(string?[] versions, bool known, bool anyOlder)
    {
        var kubelets = new Kubelets(versions.Select((version, i) => new Node($"n{i}", version)));
        Assert.Equal((known, anyOlder), (kubelets.AreKnown, kubelets.AnyBefore(new(1, 33))));
    }

    [Fact]
    public void Older_ones_are_counted_and_the_first_three_named() => Assert.Equal(
        "4 of 5 are older: a v1.31.0, b v1.31.0, c v1.31.0, …",
        new Kubelets("edcba".Select(name => new Node(name.ToString(), name == 'e' ? "v1.33.0" : "v1.31.0"))).Before(new(1, 33)));
}
