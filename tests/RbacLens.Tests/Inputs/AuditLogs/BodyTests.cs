using RbacLens.Policies;

namespace RbacLens.Tests.Inputs.AuditLogs;

/// <summary>What stands beside a body's rules hides nothing of them.</summary>
public sealed class BodyTests
{
    const string Rules = @"""rules"":[{""apiGroups"":[""*""],""resources"":[""*""],""verbs"":[""*""]}]";

    public static TheoryData<string> Bodies =>
    [
        "{" + Rules + "}",
        """{"\ud800":1,""" + Rules + "}",
        """{"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{}}]},"rules":[]}""",
        """{"aggregationRule":{"clusterRoleSelectors":[{"matchExpressions":[{"key":"x","operator":"DoesNotExist"}]}]}}""",
        """{"metadata":{"labels":{"\udfff":"\ud83d"}},""" + Rules + "}",
        """{"x":""" + new string('[', 500) + new string(']', 500) + "," + Rules + "}",
        """[{"op":"test","path":"/\ud800","value":1},{"op":"replace","path":"","value":{""" + Rules + "}}]",
        """[{"op":"add","path":"/rules/0","value":{"apiGroups":["*"],"resources":["*"],"verbs":["get"]}},{"op":"replace","path":"/rules/0/verbs/0","value":"*"}]""",
        """[{"op":"add","path":"/rules","value":[]},{"op":"add","path":"/rules/-","value":{"apiGroups":["*"]}},{"op":"add","path":"/rules/0/resources","value":["*"]},{"op":"add","path":"/rules/0/verbs","value":["*"]}]""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_role_that_allows_everything_is_seen(string body)
    {
        var detector = await AuditReading.DetectorAsync();
        var line = $$"""{"kind":"Event","auditID":"a","stage":"ResponseComplete","requestURI":"/apis/x","verb":"patch","user":{"username":"alice"},"objectRef":{"resource":"clusterroles","name":"all","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":200},"requestObject":{{body}},"requestReceivedTimestamp":"2026-11-21T10:00:00.000000Z"}""";
        var detection = Assert.Single(detector.Detect(await AuditReading.ReadAsync(line, detector)));

        Assert.Equal(("rbac-change", Severity.Critical), (detection.Id, detection.Severity));
    }

    [Theory]
    [InlineData(201, "User bob, User eve")]
    [InlineData(403, "User bob")]
    public async Task What_was_refused_gives_nothing(int code, string to)
    {
        var detector = await AuditReading.DetectorAsync();
        string Line(string name, int answer) => $$"""{"kind":"Event","auditID":"{{name}}","stage":"ResponseComplete","requestURI":"/apis/x","verb":"create","user":{"username":"alice"},"objectRef":{"resource":"clusterrolebindings","name":"x","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":{{answer}} },"requestObject":{"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"{{name}}" } ] },"requestReceivedTimestamp":"2026-11-21T10:00:00.000000Z","annotations":{"authorization.k8s.io/decision":"allow"} }""";
        var detection = Assert.Single(detector.Detect(await AuditReading.ReadAsync(Line("bob", 201) + "\n" + Line("eve", code), detector)));

        Assert.Equal(to, $"{detection.Details["to"]}");
    }

    // Cut anywhere, half of such a character would be no text.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Long_texts_are_cut_between_characters(int offset)
    {
        var detector = await AuditReading.DetectorAsync();
        var name = new string('a', offset) + string.Concat(Enumerable.Repeat("\U0001F680", 200));
        var line = $$"""{"kind":"Event","auditID":"a","stage":"ResponseComplete","requestURI":"/apis/x","verb":"patch","user":{"username":"alice"},"objectRef":{"resource":"rolebindings","namespace":"n","name":"r","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":200},"requestObject":[{"op":"add","path":"/subjects/-","value":"{{name}}"}],"requestReceivedTimestamp":"2026-11-21T10:00:00.000000Z"}""";
        var detection = Assert.Single(detector.Detect(await AuditReading.ReadAsync(line, detector)));
        var strict = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);

        Assert.NotEmpty(strict.GetBytes(detection.Because + detection.Details["changes"]));
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"a":"b"}}}""", Severity.Low, "")]
    [InlineData("""{"metadata":{"labels":{"rbac.authorization.k8s.io/aggregate-to-admin":"true"}}}""", Severity.Medium, "")]
    [InlineData("""[{"op":"add","path":"/metadata/annotations/a","value":"b"}]""", Severity.Low, "")]
    [InlineData("""[{"op":"remove","path":"/rules/0"}]""", Severity.Medium, "remove /rules/0")]
    [InlineData("""[{"op":"move","from":"/metadata/annotations/a","path":"/rules/0/verbs/0"}]""", Severity.Medium, "move /rules/0/verbs/0 from /metadata/annotations/a")]
    [InlineData("""[{"op":"add","path":"/rules/0/resources/-","value":"*"}]""", Severity.High, "add /rules/0/resources/-: \"*\"")]
    public async Task A_patch_is_worth_what_it_changes(string body, Severity severity, string changes)
    {
        var detector = await AuditReading.DetectorAsync();
        var line = $$"""{"kind":"Event","auditID":"a","stage":"ResponseComplete","requestURI":"/apis/x","verb":"patch","user":{"username":"alice"},"objectRef":{"resource":"clusterroles","name":"r","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":200},"requestObject":{{body}},"requestReceivedTimestamp":"2026-11-21T10:00:00.000000Z"}""";
        var detection = Assert.Single(detector.Detect(await AuditReading.ReadAsync(line, detector)));

        Assert.Equal((severity, changes), (detection.Severity, detection.Details.TryGetValue("changes", out var told) ? $"{told}" : ""));
    }
}
