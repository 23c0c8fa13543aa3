using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Tests.Rbac;

public sealed class RequestUrlTests
{
    public static TheoryData<string> RequestInfo => [.. Vectors.Cases("request_info.json").Select(c => c.GetRawText())];

    [Theory]
    [MemberData(nameof(RequestInfo), DisableDiscoveryEnumeration = true)]
    public void A_URL_asks_for_what_Kubernetes_says_it_asks_for(string row)
    {
        var testCase = JsonElement.Parse(row);
        var parsed = RequestUrl.TryParse(RbacJson.Text(testCase, "method"), RbacJson.Text(testCase, "url"));
        if (!testCase.GetProperty("resourceRequest").GetBoolean())
        {
            Assert.IsType<AccessRequest.Path>(parsed);
            return;
        }

        var request = Assert.IsType<AccessRequest.Resource>(parsed);
        AssertField(testCase, "verb", request.Verb);
        AssertField(testCase, "expectedName", request.Name);
        if (!testCase.TryGetProperty("parts", out _))
            return;
        AssertField(testCase, "apiGroup", request.ApiGroup);
        AssertField(testCase, "namespace", request.Namespace);
        AssertField(testCase, "resource", request.Plural);
        AssertField(testCase, "subresource", request.Subresource);
        AssertField(testCase, "name", request.Name);
    }

    // The tables give each row only the fields that its own test compares.
    static void AssertField(JsonElement testCase, string field, string actual)
    {
        if (testCase.TryGetProperty(field, out var expected))
            Assert.Equal(expected.GetString(), actual);
    }

    [Theory]
    [InlineData("GET", "/apis/batch/v1/namespaces/ci/jobs", "list jobs.batch", "ci")]
    [InlineData("GET", "/apis/batch/v1/namespaces/ci/jobs/a/status", "get jobs/status.batch a", "ci")]
    [InlineData("OPTIONS", "/api/v1/pods", " pods", "")]                                             // no verb: only "*" allows it
    [InlineData("GET", "/api/v1/namespaces/x", "get namespaces x", "x")]                             // a namespace is in itself
    [InlineData("GET", "/api/v1/namespaces/ci/services/a:80/proxy/x/y?b=c", "get services/proxy a:80", "ci")]
    [InlineData("GET", "/api/v1/namespaces/ci/services/https:a:80/proxy/", "get services/proxy https:a:80", "ci")]
    [InlineData("GET", "/api/v1/namespaces/ci/pods/p/exec?command=id", "get pods/exec p", "ci")]     // WebSocket: not create
    [InlineData("GET", "/api/v1/nodes/n/proxy/exec/ns/p/c", "get nodes/proxy n", "")]
    [InlineData("GET", "/api/v1/pods?watch", "watch pods", "")]
    [InlineData("GET", "/api/v1/pods?watch=False", "list pods", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name%3Da", "list secrets a", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name==a", "list secrets a", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name!=a", "list secrets", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=type%3DOpaque%2Cmetadata.name%3Da", "list secrets a", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=b,metadata.name=a", "list secrets a", "")] // terms are sorted first
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=a/b", "list secrets", "")]       // not a path segment
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=..", "list secrets", "")]
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=a\\,b", "list secrets a,b", "")] // an escaped comma
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=a\\b", "list secrets", "")]      // a bad escape
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=a&limit=x", "list secrets", "")] // unreadable: no name
    [InlineData("GET", "/api/v1/secrets?fieldSelector=metadata.name=a&limit=500", "list secrets a", "")]
    [InlineData("DELETE", "/api/v1/secrets?fieldSelector=metadata.name=a", "deletecollection secrets", "")]
    [InlineData("HEAD", "/metrics", "head /metrics", "")]
    [InlineData("GET", "/openid/v1/jwks?x", "get /openid/v1/jwks", "")]
    [InlineData("GET", "/apis/apps/v1", "get /apis/apps/v1", "")]
    [InlineData("GET", "/api/v1/namespaces/a%20b/pods", "list pods", "a b")]
    public void A_URL_asks_for(string method, string url, string expected, string ns)
    {
        var request = RequestUrl.TryParse(method, url)!;
        Assert.Equal(expected, request.ToString());
        Assert.Equal(ns, request.Namespace);
    }

    [Fact]
    public void A_watch_of_nothing_is_no_request_at_all() => Assert.Null(RequestUrl.TryParse("GET", "/api/v1/watch"));
}
