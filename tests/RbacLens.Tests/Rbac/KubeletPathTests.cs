using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class KubeletPathTests
{
    public static TheoryData<string> Paths => [.. Vectors.Cases("kubelet_path_to_node_subresource.json").Select(c => c.GetRawText())];

    [Theory]
    [MemberData(nameof(Paths), DisableDiscoveryEnumeration = true)]
    public void A_kubelet_asks_for_the_node_subresources_that_its_own_tests_expect(string row)
    {
        var testCase = JsonElement.Parse(row);
        var requests = KubeletPath.Requests(
            RbacJson.Text(testCase, "method"), RbacJson.Text(testCase, "path"), "n1", testCase.GetProperty("fineGrained").GetBoolean());
        var expected = RbacJson.Texts(testCase, "expectedNodeSubresources")
            .Select(subresource => new AccessRequest.Resource(RbacJson.Text(testCase, "expectedVerb"), "", "nodes", subresource, Name: "n1"));
        Assert.Equal(expected, requests);
    }

    [Theory]
    [InlineData("/podsandmore", "proxy")]     // a longer name is another path
    [InlineData("/pods", "pods proxy")]
    [InlineData("/exec/ns/p/c", "proxy")]
    [InlineData("/spec", "proxy")]            // nodes/spec is in documents only
    public void Only_whole_segments_of_a_path_count(string path, string expected) =>
        Assert.Equal(expected, string.Join(' ', KubeletPath.Subresources(path, fineGrained: true)));

    [Fact]
    public void HEAD_has_no_verb_on_the_kubelet_port() =>
        Assert.Equal("", KubeletPath.Requests("HEAD", "/metrics", "n1", fineGrained: true).Single().Verb);
}
