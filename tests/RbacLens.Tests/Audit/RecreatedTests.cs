using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

/// <summary>What was deleted and made anew is another object: the one of today is not credited, and not blamed, for what was before it.</summary>
public sealed class RecreatedTests
{
    static readonly DateTimeOffset Ten = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    const string ByReaders = """, "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\" to User \"bob\""}""";

    static string List(int minute, string annotations, string resource = "pods") =>
        $$"""{"kind":"Event","auditID":"{{minute}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/a/{{resource}}","verb":"list","user":{"username":"bob","groups":["system:authenticated"]},"objectRef":{"resource":"{{resource}}","namespace":"a"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-21T10:{{minute:00}}:00.500000Z"{{annotations}}}""";

    static Role Reader(string name, params string[] resources) =>
        new(Scope.Cluster, name, RuleSet.Of([new() { Verbs = Names.Of("list"), ApiGroups = Names.Of(""), Resources = Names.Of(resources) }]));

    static Snapshot Cluster(double? created, string role = "reader") => new()
    {
        Cluster = new("c", null, "dump"),
        CollectedAt = Ten.AddHours(1),
        Roles = [Reader("reader", "pods", "secrets"), Reader("other", "pods")],
        Bindings = [new(Scope.Cluster, "readers", [new Subject.User("bob")], new("ClusterRole", role)) { Created = created is { } minutes ? Ten.AddMinutes(minutes) : null }],
    };

    // minutes after ten at which today's binding was made: its requests, those of its predecessor, and whether its use could be seen.
    [Theory]
    [InlineData(true, null, "reader", 4, 0, true)]
    [InlineData(true, -60.0, "reader", 4, 0, true)]
    [InlineData(true, 0.0, "reader", 4, 0, true)]
    [InlineData(true, 2.0, "reader", 2, 2, true)]
    [InlineData(true, 3.0, "reader", 1, 3, true)]
    [InlineData(true, 30.0, "reader", 0, 4, false)]
    [InlineData(true, null, "other", 0, 4, true)]         // a binding keeps its role for life
    [InlineData(false, 2.0, "reader", 4, 0, true)]        // nothing says which binding it was, and one of today's was there in the end
    [InlineData(false, 30.0, "reader", 0, 0, false)]
    public async Task Use_is_credited_to_the_binding_that_was_there(bool isAnnotated, double? created, string role, int used, int before, bool isObservable)
    {
        var cluster = Cluster(created, role);
        var log = await AuditReading.ReadAsync(string.Join('\n', Enumerable.Range(0, 4).Select(minute => List(minute, isAnnotated ? ByReaders : ""))), await AuditReading.DetectorAsync(cluster));
        var usage = new GrantUse(log, cluster, null).Usage.Bindings;
        var today = usage.Single(binding => !binding.IsGone);

        Assert.Equal((used, isObservable, 0), (today.Used.Requests, today.IsObservable, today.AlsoAllowed));
        Assert.Equal(used, today.Rules.Sum(rule => rule.Used.Requests));
        Assert.Equal(before, usage.Where(binding => binding is { IsGone: true, Name: "readers", RoleRef.Name: "reader" }).Sum(binding => binding.Used.Requests));
        if (used > 0 && before > 0)
            Assert.Equal((Ten.AddMinutes(before).AddSeconds(0.5), Ten.AddMinutes(3).AddSeconds(0.5)), (today.Used.First, today.Used.Last));
    }

    [Fact]
    public async Task What_could_have_allowed_a_request_must_have_been_there()
    {
        var cluster = Cluster(null);
        cluster = cluster with { Bindings = [.. cluster.Bindings, cluster.Bindings[0] with { Name = "later", Created = Ten.AddMinutes(2) }, cluster.Bindings[0] with { Name = "too-late", Created = Ten.AddMinutes(3).AddSeconds(0.6) }] };
        var log = await AuditReading.ReadAsync(string.Join('\n', Enumerable.Range(0, 4).Select(minute => List(minute, ByReaders))), await AuditReading.DetectorAsync(cluster));
        var usage = new GrantUse(log, cluster, null).Usage.Bindings;

        Assert.Equal([("later", 4, true), ("readers", 0, true), ("too-late", 0, false)], usage.Select(binding => (binding.Name, (int)binding.AlsoAllowed, binding.IsObservable)));
    }

    [Theory]
    [InlineData(null, "between 2026-11-21 10:00Z and 2026-11-21 10:03Z, 3 minutes")]
    [InlineData(1.0, "between 2026-11-21 10:01Z, when it was made, and 2026-11-21 10:03Z, 2 minutes")]
    [InlineData(4.0, null)]
    public async Task Nothing_is_called_unused_for_a_time_when_it_was_not_there(double? created, string? window)
    {
        var cluster = Cluster(created);
        var log = await AuditReading.ReadAsync(string.Join('\n', Enumerable.Range(0, 4).Select(minute => List(minute, "").Replace("\"bob\"", "\"eve\"", StringComparison.Ordinal))), await AuditReading.DetectorAsync(cluster));
        var findings = UnusedGrants.Findings(cluster, new GrantUse(log, cluster, null).Usage, [], new Stock([], []));

        Assert.Equal(window is not null, findings.Any(finding => finding.Because.Contains(window ?? "", StringComparison.Ordinal)));
        Assert.Equal(window is null ? 0 : 1, findings.Length);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(2.0, "")]
    [InlineData(30.0, "ClusterRoleBinding readers")]
    public async Task Who_allowed_a_detection_is_told_apart_from_todays_binding_of_that_name(double? created, string replaced)
    {
        var detector = await AuditReading.DetectorAsync(Cluster(created));
        var log = await AuditReading.ReadAsync($"{List(1, ByReaders, "secrets")}\n{List(2, ByReaders, "secrets")}", detector);
        var detection = Assert.Single(detector.Detect(log));

        Assert.Equal("ClusterRoleBinding readers", $"{Assert.Single(detection.AllowedBy)}");
        Assert.Equal(replaced, detection.Details.TryGetValue("replacedSince", out var told) ? $"{told}" : "");
    }

    static string Change(int minute, string user, string verb, string body) =>
        $$"""{"kind":"Event","auditID":"{{minute}}","stage":"ResponseComplete","requestURI":"/apis/x","verb":"{{verb}}","user":{"username":"{{user}}"},"objectRef":{"resource":"clusterroles","name":"all","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-21T10:{{minute:00}}:00.500000Z"{{body}}}""";

    const string Wildcard = """, "requestObject":[{"op":"add","path":"/rules/0/verbs/-","value":"*"}]""";
    const string Word = """, "requestObject":[{"op":"add","path":"/rules/0/verbs/-","value":"watch"}]""";
    const string Less = """, "requestObject":[{"op":"remove","path":"/rules/1"}]""";
    const string Everything = """, "requestObject":{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""";
    const string Today = "a role that allows everything today; the log does not say what it allowed then";

    // What alice does to a role that allows everything today, and what happens to it afterwards.
    [Theory]
    [InlineData("patch", Wildcard, "", null, Severity.Critical, Today)]
    [InlineData("update", "", "", null, Severity.Critical, Today)]
    [InlineData("update", "", "", -60.0, Severity.Critical, Today)]
    [InlineData("patch", Word, "", null, Severity.Medium, "the log shows only what changed")]                     // it made no wildcard
    [InlineData("patch", Less, "", null, Severity.Medium, "the log shows only what changed")]
    [InlineData("update", Everything, "", null, Severity.Critical, "a role that allows everything")]
    [InlineData("patch", Wildcard, "update", null, Severity.High, "a wildcard, in a rule of which the log shows only that part")]   // somebody else wrote all of it later
    [InlineData("update", "", "update", null, Severity.Medium, "the log does not say what was given")]
    [InlineData("update", "", "delete", null, Severity.Medium, "the log does not say what was given")]
    [InlineData("update", "", "", 30.0, Severity.Medium, "the log does not say what was given")]                  // made anew since
    public async Task A_change_is_judged_by_todays_role_only_where_that_says_something_of_it(string verb, string body, string afterwards, double? created, Severity severity, string because)
    {
        var all = new Role(Scope.Cluster, "all", RuleSet.Of([new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") }])) { Created = created is { } minutes ? Ten.AddMinutes(minutes) : null };
        var detector = await AuditReading.DetectorAsync(Cluster(null) with { Roles = [all] });
        var later = afterwards.Length == 0 ? "" : Change(5, "root", afterwards, afterwards == "update" ? Everything : "");
        var detection = detector.Detect(await AuditReading.ReadAsync($"{Change(1, "alice", verb, body)}\n{later}", detector)).Single(one => one.User == "alice");

        Assert.Equal(severity, detection.Severity);
        Assert.Contains($", {because}", detection.Because, StringComparison.Ordinal);
    }
}
