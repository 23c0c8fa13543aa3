using System.Text.Json;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Commands;

/// <summary>What <c>audit suggest</c> prints for logs of a line or two, and for the recorded one.</summary>
public sealed class AuditSuggestTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    const string Cluster = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: r, namespace: prod}
        rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: devs, namespace: prod}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
        subjects: [{kind: Group, name: devs, apiGroup: rbac.authorization.k8s.io}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: rootb}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: User, name: root, apiGroup: rbac.authorization.k8s.io}]
        """;

    const string Pod = """ "objectRef":{"resource":"pods","namespace":"prod","name":"p"} """;
    const string ByDevs = "RBAC: allowed by RoleBinding \"devs/prod\" of Role \"r\" to Group \"devs\"";
    const string ByRoot = "RBAC: allowed by ClusterRoleBinding \"rootb\" of ClusterRole \"cluster-admin\" to User \"root\"";
    const string Handing = """ "objectRef":{"resource":"rolebindings","namespace":"o","name":"z","apiGroup":"rbac.authorization.k8s.io"} """;
    const string Role = """ "objectRef":{"resource":"roles","namespace":"o","name":"z","apiGroup":"rbac.authorization.k8s.io"} """;
    const string Known = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: z, namespace: o}
        rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
        """;
    const string Approval = """ "objectRef":{"resource":"certificatesigningrequests","subresource":"approval","name":"c","apiGroup":"certificates.k8s.io"} """;

    public static TheoryData<string, string, string, string, string> Logs => new()
    {
        // A group is given what its own grants allowed, not what one member did by another grant.
        { "group:devs", Event("get", Pod, "bob", "devs", ByDevs) + Event("list", """ "objectRef":{"resource":"secrets"} """, "root", "devs", ByRoot), "", "resourceNames: [p]|used between|: 1 request.|1 request of members was allowed by other grants than the group's own, and is left out: those of User root (1)", "secrets" },
        { "group:devs", Event("get", Pod, "bob", "devs", null) + Event("list", """ "objectRef":{"resource":"secrets"} """, "root", "devs", null), Cluster, "resourceNames: [p]|those of User root (1)|Replaces RoleBinding prod/devs of Role r: 2 rights would be lost", "secrets" },
        { "group:devs", Event("list", """ "objectRef":{"resource":"secrets"} """, "root", "devs", null), "", "the log does not say whose grant allowed it|Nothing of what was allowed is granted here", "kind:" },
        { "group:devs", Event("list", """ "objectRef":{"resource":"secrets"} """, "boss", "devs,system:masters", ""), "", "1 request of members was allowed by system:masters, not by RBAC, and is left out", "kind:" },

        // What system:masters allowed is not everybody's, and what was refused is nobody's.
        { "boss", Event("delete", Pod, "boss", "system:masters", ""), "", "1 request was allowed by system:masters, not by RBAC|verbs: [delete]", "everybody" },
        { "group:system:masters", Event("delete", Pod, "boss", "system:masters", ""), Cluster, "All of it was allowed by system:masters, not by RBAC", "Replaces|everybody|kind:" },
        { "sneaky", Event("list", Pod, "sneaky", "", "", outcome: "forbid", code: 403), "", "Nothing that it asked was allowed, so there is nothing to grant.|: 0 requests.", "everybody" },
        { "bob", Event("get", "", "bob", "", "", uri: "/version"), "", "allowed to everybody who logs in", "kind:" },

        // Kubelets have an authorizer of their own, and there may be others.
        { "system:node:n1", Event("get", Pod, "system:node:n1", "system:nodes", ""), "", "1 request of a kubelet is left out: the node authorizer allows each what the pods on its node need|Nothing of what was allowed is granted here|: 0 requests.", "kind:" },
        { "system:node:n1", Event("get", Pod, "system:node:n1", "system:nodes", ""), Cluster, "1 request of a kubelet is left out", "kind:" },
        { "group:system:nodes", Event("get", Pod, "system:node:n1", "system:nodes", "") + Event("list", Pod, "system:node:n2", "system:nodes", ""), Cluster, "2 requests of kubelets are left out", "kind:|nobody known" },
        { "system:node:n1", Event("get", Pod, "system:node:n1", "system:nodes", ByDevs.Replace("Group \"devs", "Group \"system:nodes", StringComparison.Ordinal)), "", "verbs: [get]|resourceNames: [p]", "left out" },
        { "system:node:n1", Event("get", Pod, "system:node:n1", "", ""), "", "verbs: [get]", "left out" },    // whoever is not in the group is no kubelet
        { "bob", Event("get", Pod, "bob", "devs", ""), "", "1 request was allowed, and the log names no binding for it: by another authorizer than RBAC|verbs: [get]", "left out" },

        // The groups that requests carry are kept.
        { "bob", Event("get", Pod, "bob", "devs", null), Cluster, "Keeps what RoleBinding prod/devs of Role r gives to Group devs", "lost" },
        { "bob", Event("get", Pod, "bob", "devs", null) + Event("list", Pod, "bob", "", null), Cluster, "some of its requests came without Group devs", "Keeps" },

        // What the API server asks besides.
        { "low", Event("create", Handing, "low", "", "", code: 201, more: """ ,"requestObject":{"roleRef":{"kind":"ClusterRole","name":"edit"}} """), "", "verbs: [bind]|resources: [clusterroles]|resourceNames: [edit]|bind clusterroles.rbac.authorization.k8s.io edit in o is granted because writing rolebindings o/z takes it", "escalate" },
        { "low", Event("create", Handing, "low", "", "", code: 201), "", "takes every right of the role as well, or bind on it, which is not granted because the log does not say which", "verbs: [bind]" },
        { "low", Event("create", Handing, "low", "", "", code: 403, more: """ ,"requestObject":{"roleRef":{"kind":"ClusterRole","name":"edit"}} """), "", "rolebindings", "bind]" },
        { "low", Event("update", Handing.Replace("bindings", "s", StringComparison.Ordinal), "low", "", "", more: """ ,"requestObject":{"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]} """), "", "verbs: [escalate, update]|resourceNames: [z]", "[escalate]" },
        { "low", Event("update", Handing.Replace("bindings", "s", StringComparison.Ordinal), "low", "", "", more: """ ,"requestObject":{"rules":[{"verbs":["list"],"apiGroups":[""],"resources":["pods"]}]} """) + Event("list", """ "objectRef":{"resource":"pods","namespace":"o"} """, "low", "", ""), "", "verbs: [update]|verbs: [list]", "[escalate" },
        { "appr", Event("update", Approval, "appr", "", null, more: """ ,"requestObject":{"spec":{"signerName":"kubernetes.io/kubelet-serving"}} """), "", "verbs: [approve]|resources: [signers]|resourceNames: [kubernetes.io/kubelet-serving]", "Note" },
        { "appr", Event("update", Approval, "appr", "", ""), "", "takes approve on the signer as well, which is not granted because the log does not say which", "signers" },
        { "low", Event("patch", Role, "low", "", "", more: """ ,"requestObject":{"metadata":{"labels":{"a":"b"}}} """), Known, "verbs: [escalate, patch]|resourceNames: [z]", "which is not granted" },
        { "low", Event("patch", Role, "low", "", "", more: """ ,"requestObject":{"metadata":{"labels":{"a":"b"}}} """), "", "takes every right that is written into the role as well, or escalate on it, which is not granted", "[escalate" },
        { "low", Event("patch", Role, "low", "", "", more: """ ,"requestObject":{"metadata":{"finalizers":["a/b"]}} """), "", "verbs: [patch]", "escalate" },
        { "low", Event("patch", Role, "low", "", "", more: """ ,"requestObject":{"aggregationRule":{}} """), Known, "verbs: [escalate, patch]", "which is not granted" },
        { "low", Event("patch", Handing, "low", "", "", more: """ ,"requestObject":{"metadata":{"ownerReferences":[]}} """), "", "verbs: [patch]", "bind on it|verbs: [bind]" },
        { "ctb", Event("create", """ "objectRef":{"resource":"clustertrustbundles","name":"b","apiGroup":"certificates.k8s.io"} """, "ctb", "", null, code: 201, more: """ ,"requestObject":{"spec":{"signerName":"example.com/s"}} """), "", "verbs: [attest]|resourceNames: [example.com/s]", "Note" },
        { "ctb", Event("create", """ "objectRef":{"resource":"clustertrustbundles","name":"b","apiGroup":"certificates.k8s.io"} """, "ctb", "", "", code: 201, more: """ ,"requestObject":{"spec":{"trustBundle":"x"}} """), "", "verbs: [create]", "signer" },
        { "gate", Event("get", Pod, "gate", "", "", more: """ ,"impersonatedUser":{"username":"eve","uid":"77","groups":["dev","system:authenticated"],"extra":{"scopes":["v1"]}} """), "", "resources: [uids]|resourceNames: [\"77\"]|resources: [userextras/scopes]|resourceNames: [v1]|: 1 request.", "pods" },
        { "ssa", Event("patch", """ "objectRef":{"resource":"deployments","namespace":"o","name":"d","apiGroup":"apps"} """, "ssa", "", "", code: 201), "", "verbs: [create, patch]|resourceNames: [d]|create deployments.apps d in o is for an update or a server-side apply", "ClusterRole" },

        // What would be a wildcard in a rule, though it was none in the request.
        { "w", Event("get", "", "w", "", "", uri: "/foo/*"), "", "get /foo/* was asked for as it stands, and is left out|: 0 requests.|Nothing of what was allowed is granted here", "nonResourceURLs" },
        { "w", Event("*", """ "objectRef":{"resource":"*","namespace":"prod","apiGroup":"*"} """, "w", "", ""), "", "is left out: in a rule it would be a wildcard", "kind:" },

        // Paths of a kubelet that lead elsewhere.
        { "p", Node("/metrics/../exec/a"), "", "resources: [nodes/proxy]|such a path may lead to another one", "nodes/metrics" },
        { "p", Node("/logs/..%2f..%2fetc"), "", "resources: [nodes/proxy]|such a path may lead to another one", "nodes/log" },
        { "p", Node("/stats/a/b/c/d/../../../../../exec"), "", "resources: [nodes/proxy]|such a path may lead to another one", "nodes/stats" },
        { "p", Node("/metrics/cadvisor"), "", "resources: [nodes/metrics]", "resources: [nodes/proxy]" },
    };

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task A_log_of_a_line_or_two_gives_no_more_than_was_asked(string subject, string log, string cluster, string expected, string unexpected)
    {
        using var folder = new Folder();
        var result = await SuggestAsync([subject, "--log", folder.Write("audit.jsonl", log), .. cluster.Length == 0 ? Array.Empty<string>() : ["--from", folder.Write("cluster.yaml", cluster)]]);

        Assert.All(expected.Split('|'), part => Assert.Contains(part, result, StringComparison.Ordinal));
        Assert.All(unexpected.Split('|'), part => Assert.DoesNotContain(part, result, StringComparison.Ordinal));
    }

    // Of the recorded log, held against its cluster.
    [Theory]
    [InlineData("kubernetes-admin", "were allowed by system:masters, not by RBAC|Keeps what Group system:masters may do", "Everything it did is allowed|public-info-viewer")]
    [InlineData("system:anonymous", "Take it out of ClusterRoleBinding anonymous-view of ClusterRole view, which stays for Group system:unauthenticated: nothing would be lost|Keeps what ClusterRoleBinding anonymous-view of ClusterRole view gives to Group system:unauthenticated", "168")]
    [InlineData("sa:ci/impersonator", ": 1 request.|Replaces ClusterRoleBinding impersonator|- impersonate users|Keeps what ClusterRoleBinding ci-edit-everywhere", "- impersonate serviceaccounts")]
    [InlineData("sa:ci/smoke-test", "Replaces RoleBinding staging/smoke-test-proxy of Role smoke-test-proxy: nothing would be lost", "1 rights")]
    [InlineData("alice", "Take it out of ClusterRoleBinding admins-convenience of ClusterRole cluster-admin, which stays for User bob@example.com, Group platform-team: 2 rights would be lost|: 1 request.", "Replaces ClusterRoleBinding admins-convenience")]
    [InlineData("sa:ci/role-manager", "takes every right of the role as well, or bind on it", "verbs: [bind]")]
    [InlineData("Group system:authenticated", "allowed by other grants than the group's own", "secrets]|impersonate|Replaces ClusterRoleBinding system:discovery")]
    [InlineData("Group system:masters", "not by RBAC: the group needs no role", "Replaces|kind:")]
    public async Task The_recorded_log_says_what_is_kept(string subject, string expected, string unexpected)
    {
        using var folder = new Folder();
        var result = await SuggestAsync(subject, "--log", folder.Write("audit.jsonl", string.Join('\n', AuditReading.SeedLines)), "--from", Dump);

        Assert.All(expected.Split('|'), part => Assert.Contains(part, result, StringComparison.Ordinal));
        Assert.All(unexpected.Split('|'), part => Assert.DoesNotContain(part, result, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("user:bob", "")]
    [InlineData("User bob", "")]
    [InlineData("bob", "")]
    [InlineData("", "expected sa:NAMESPACE/NAME, user:NAME or group:NAME")]
    [InlineData("sa:ci", "a service account is written sa:NAMESPACE/NAME")]
    [InlineData("user:bop", "the log holds no request of that subject")]
    [InlineData("bob --since 2999-01-01 --until 2999-02-01", "no request of that subject with --since 2999-01-01 --until 2999-02-01: its 1 events are between ")]
    [InlineData("bob --name UPPER_case!", "--name UPPER_case!: is not a name")]
    [InlineData("bob --name a\nb", "--name a b: is not a name")]
    [InlineData("bob --max-names -1", "--max-names -1: expected 0 or more")]
    public async Task Subjects_are_spelled_as_elsewhere_and_names_are_names(string words, string error)
    {
        using var folder = new Folder();
        var arguments = words.StartsWith("User", StringComparison.Ordinal) ? [words] : words.Split(' ');
        var result = await CommandLine.RunAsync(["audit", "suggest", .. arguments, "--log", folder.Write("audit.jsonl", Event("get", Pod, "bob", "", ""))]);

        Assert.Equal(error.Length == 0 ? 0 : 2, result.ExitCode);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Equal(error.Length == 0 ? 0 : 1, result.Error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Requests_without_an_answer_are_not_taken_for_none()
    {
        using var folder = new Folder();
        var begun = Event("get", Pod, "bob", "", null, code: 0).Replace("ResponseComplete", "RequestReceived", StringComparison.Ordinal).Replace("{\"code\":0}", "null", StringComparison.Ordinal);
        var result = await CommandLine.RunAsync(["audit", "suggest", "user:bob", "--log", folder.Write("audit.jsonl", begun)]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("of that subject the log holds only requests without an answer", result.Error, StringComparison.Ordinal);
    }

    static async Task<string> SuggestAsync(params string[] arguments)
    {
        var result = await CommandLine.RunAsync(["audit", "suggest", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    static string Node(string path) => Event("get", """ "objectRef":{"resource":"nodes","subresource":"proxy","name":"n"} """, "p", "", "", uri: $"/api/v1/nodes/n/proxy{path}");

    static string Event(string verb, string objectRef, string user, string groups, string? reason, string uri = "/x", string outcome = "allow", int code = 200, string more = "")
    {
        var all = string.Join(',', groups.Split(',', StringSplitOptions.RemoveEmptyEntries).Append("system:authenticated").Select(group => $"\"{group}\""));
        var said = reason is null ? "" : ",\"annotations\":{\"authorization.k8s.io/decision\":\"" + outcome + "\",\"authorization.k8s.io/reason\":" + JsonSerializer.Serialize(reason) + "}";
        return "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Request\",\"stage\":\"ResponseComplete\"," + (objectRef.Length == 0 ? "" : objectRef.Trim() + ",")
            + $"\"auditID\":\"{user}-{verb}-{code}\",\"requestURI\":\"{uri}\",\"verb\":\"{verb}\",\"requestReceivedTimestamp\":\"2026-11-20T10:00:01.000000Z\","
            + "\"user\":{\"username\":\"" + user + "\",\"groups\":[" + all + "]},\"responseStatus\":{\"code\":" + code + "}" + more.Trim() + said + "}\n";
    }

    sealed class Folder : IDisposable
    {
        readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rbac-lens-suggest");

        public string Write(string name, string text)
        {
            var path = Path.Combine(directory.FullName, name);
            File.WriteAllText(path, text);
            return path;
        }

        public void Dispose() => directory.Delete(recursive: true);
    }
}
