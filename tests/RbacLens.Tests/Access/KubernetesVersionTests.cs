using RbacLens.Access;

namespace RbacLens.Tests.Access;

public sealed class KubernetesVersionTests
{
    [Theory]
    [InlineData("v1.34.2", "1.34")]
    [InlineData("1.34", "1.34")]
    [InlineData("v1.34.2-gke.100", "1.34")]
    [InlineData("v1.27.3+k3s1", "1.27")]
    [InlineData("1.27+", "1.27")]                                  // what some providers call their minor version
    [InlineData("v1.9.0", "1.9")]
    [InlineData("v0.0.0-master+$Format:%H$", null)]                // a development build says nothing
    [InlineData("v1", null)]
    [InlineData("v1.x", null)]
    [InlineData("v-1.3", null)]
    [InlineData("v1.99999999999", null)]
    [InlineData("latest", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_version_is_read(string? text, string? expected) => Assert.Equal(expected, KubernetesVersion.TryParse(text)?.ToString());

    [Fact]
    public void Versions_are_ordered_as_numbers() =>
        Assert.True(KubernetesVersion.TryParse("1.9") < KubernetesVersion.TryParse("1.10"));
}
