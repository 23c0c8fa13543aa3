using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;
using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>
/// The API server asks <c>impersonate</c> of whoever sent the request: an identity that is only impersonated can do everything else, and
/// what it gives itself is held.
/// </summary>
public sealed class BorrowedPathTests
{
    const string Ask = "create certificatesigningrequests.certificates.k8s.io";
    const string Approve = "update certificatesigningrequests.certificates.k8s.io/approval";
    const string Signer = "approve signers.certificates.k8s.io:kubernetes.io/kube-apiserver-client";

    static readonly string Boss = May("user:boss", "*", "* *.*");
    static readonly string Chain = Boss + May("user:eve", "*", "impersonate users:carol") + May("user:carol", "*", "impersonate users:boss");
    static readonly string Accounts = Boss + Account("ci", "robot") + May("sa:ci/robot", "*", "impersonate users:boss");
    static readonly string Robot = Accounts + May("user:eve", "ci", "impersonate serviceaccounts:robot");

    public static TheoryData<PathRow> Rows =>
    [
        new("who impersonates may impersonate another himself", Chain + May("user:eve", "*", "impersonate users:boss"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("from user to user", Chain, "user:eve", "cluster-admin", null),
        new("the second one holds herself", Chain, "user:carol", "cluster-admin", "impersonate > cluster-admin-equivalent") { Says = "so it acts as User boss" },
        new("from account to user", Robot, "user:eve", "cluster-admin", null),
        new("any account", Accounts + May("user:eve", "ci", "impersonate serviceaccounts"), "user:eve", "cluster-admin", null),
        new("from any account to the accounts elsewhere", Boss + Account("ci", "robot") + Account("web", "root") + May("sa:web/root", "*", "* *.*") + May("sa:ci/robot", "web", "impersonate serviceaccounts") + May("user:eve", "ci", "impersonate serviceaccounts"), "user:eve", "cluster-admin", null),
        new("an account that does not exist", Boss + Account("ci", "default") + May("sa:ci/ghost", "*", "impersonate users:boss") + May("user:eve", "ci", "impersonate serviceaccounts"), "user:eve", "cluster-admin", null),
        new("a group with a user", Boss + May("group:devs", "*", "impersonate users:boss") + May("user:eve", "*", "impersonate groups:devs", "impersonate users:nobody"), "user:eve", "cluster-admin", null),
        new("the groups of an account", Boss + Account("ci", "robot") + May("group:system:serviceaccounts:ci", "*", "impersonate users:boss") + May("user:eve", "ci", "impersonate serviceaccounts:robot"), "user:eve", "cluster-admin", null),
        new("the groups of an account that holds something itself", Boss + Account("ci", "robot") + May("sa:ci/robot", "ci", "create pods") + May("group:system:serviceaccounts:ci", "*", "impersonate users:boss") + May("user:eve", "ci", "impersonate serviceaccounts:robot"), "user:eve", "cluster-admin", "impersonate > pods-create > impersonate > cluster-admin-equivalent"),
        new("constrained impersonation is impersonation", Account("kube-system", "root") + May("sa:kube-system/root", "*", "* *.*") + May("user:eve", "*", "impersonate users:carol")
            + May("user:carol", "kube-system", "impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:create serviceaccounts/token"), "user:eve", "cluster-admin", null) { Version = "v1.36.0" },
        new("what constrained impersonation gives is held", Boss + Account("ci", "robot") + May("sa:ci/robot", "*", "impersonate users:boss") + May("sa:ci/robot", "ci", "create serviceaccounts/token")
            + May("user:eve", "ci", "impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:create serviceaccounts/token"), "user:eve", "cluster-admin", "impersonate-constrained > impersonate > cluster-admin-equivalent") { Version = "v1.36.0" },

        new("constrained impersonation of those who may not", Boss + Account("ci", "robot") + May("sa:ci/robot", "*", "impersonate users:boss") + May("sa:ci/robot", "ci", "create serviceaccounts/token:other")
            + May("user:eve", "ci", "impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:create serviceaccounts/token"), "user:eve", "cluster-admin", null) { Version = "v1.36.0" },
        new("constrained impersonation for what they may not", Boss + Account("ci", "robot") + May("sa:ci/robot", "*", "impersonate users:boss") + May("sa:ci/robot", "ci", "create serviceaccounts/token")
            + May("user:eve", "ci", "impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:create pods"), "user:eve", "cluster-admin", null) { Version = "v1.36.0" },
        new("constrained impersonation of users, one of whom may", Boss + Account("ci", "robot") + May("sa:ci/robot", "*", "impersonate users:boss")
            + May("user:eve", "*", "impersonate:user-info users.authentication.k8s.io", "impersonate-on:user-info:create serviceaccounts/token"), "user:eve", "cluster-admin", "impersonate-constrained > escalate") { Version = "v1.36.0" },
        new("a token of itself", Robot + May("sa:ci/robot", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "impersonate > serviceaccount-token-create > impersonate > cluster-admin-equivalent"),
        new("a token of another", Robot + Account("web", "other") + May("sa:ci/robot", "web", "create serviceaccounts/token:other") + May("sa:web/other", "*", "impersonate users:boss"), "user:eve", "cluster-admin", "impersonate > serviceaccount-token-create > impersonate > cluster-admin-equivalent"),
        new("a pod that runs as it", Robot + May("sa:ci/robot", "ci", "create pods"), "user:eve", "cluster-admin", "impersonate > pods-create > impersonate > cluster-admin-equivalent"),
        new("a command in a pod of it", Robot + Pod("ci", "web", "robot") + May("sa:ci/robot", "ci", "create pods/exec"), "user:eve", "cluster-admin", "impersonate > pods-exec > impersonate > cluster-admin-equivalent"),
        new("its token in a Secret", Robot + Token("ci", "robot-token", "robot") + May("sa:ci/robot", "ci", "get secrets:robot-token"), "user:eve", "cluster-admin", "impersonate > secrets-read > impersonate > cluster-admin-equivalent"),
        new("a certificate that it approves", Boss + May("user:eve", "*", "impersonate users:carol") + May("user:carol", "*", Ask, Approve, Signer), "user:eve", "cluster-admin", "impersonate > csr-approve > cluster-admin-equivalent"),
        new("what it binds is another's, too", Boss + Role("actor", "*", "impersonate users:boss") + May("user:eve", "*", "impersonate users:carol") + May("user:carol", "*", "bind clusterroles.rbac.authorization.k8s.io:actor", "create clusterrolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "impersonate > bind > cluster-admin-equivalent"),
        new("whoever holds everything need not impersonate", Boss + May("user:eve", "*", "impersonate users:boss"), "user:eve", "all-secrets", "impersonate > secrets-read"),
        new("system:masters", May("user:eve", "*", "impersonate users:carol") + May("user:carol", "*", "impersonate users", "impersonate groups"), "user:eve", "cluster-admin", null),

        new("held by a longer way", Robot + Account("web", "clerk") + May("user:eve", "web", "create serviceaccounts/token:clerk") + May("sa:web/clerk", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > serviceaccount-token-create > impersonate > cluster-admin-equivalent"),
        new("the shorter way is enough to be it", Robot + Account("web", "clerk") + May("user:eve", "web", "create serviceaccounts/token:clerk") + May("sa:web/clerk", "ci", "create serviceaccounts/token:robot"), "user:eve", "sa:ci/robot", "impersonate"),
        new("to move pods in the name of one who can enter pods", Moving + May("user:eve", "*", "impersonate users:mover") + May("user:mover", "sys", "create pods/exec"), "user:eve", "cluster-admin", "impersonate > pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("to move pods in the name of one who could only impersonate on", Moving + May("user:eve", "*", "impersonate users:mover") + May("user:mover", "*", "impersonate users:nurse") + May("user:nurse", "sys", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("such a one himself", Moving + May("user:mover", "*", "impersonate users:nurse") + May("user:nurse", "sys", "create pods/exec"), "user:mover", "cluster-admin", "impersonate > pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("to write a role of one who can be impersonated", Writing("eve") + May("user:eve", "ci", "impersonate serviceaccounts:carol"), "user:eve", "cluster-admin", "impersonate > (own) > escalate"),
        new("in the name of one who could impersonate her", Writing("clerk") + May("user:clerk", "ci", "impersonate serviceaccounts:carol") + May("user:eve", "*", "impersonate users:clerk"), "user:eve", "cluster-admin", null),
        new("in the name of one who can log in as her", Writing("clerk") + May("user:clerk", "ci", "create serviceaccounts/token:carol") + May("user:eve", "*", "impersonate users:clerk"), "user:eve", "cluster-admin", "impersonate > serviceaccount-token-create > (own) > escalate"),

        new("a node is also its user", Kubelet + May("user:eve", "*", "get nodes/proxy:n1"), "user:eve", "cluster-admin", "nodes-proxy > (node) > serviceaccount-token-create > cluster-admin-equivalent") { Says = "the kubelet's credentials are those of User system:node:n1" },
        new("another node is not", Kubelet + May("user:eve", "*", "get nodes/proxy:n2"), "user:eve", "cluster-admin", null),
        new("every node is", Kubelet + May("user:eve", "*", "get nodes/proxy"), "user:eve", "cluster-admin", "nodes-proxy > (node) > serviceaccount-token-create > cluster-admin-equivalent"),
        new("a node that is not there is none of every node", Node("n2") + Powerful("system:node:n1") + May("user:eve", "*", "get nodes/proxy"), "user:eve", "cluster-admin", null),
        new("a certificate may name it", Node("n2") + Powerful("system:node:n1") + May("user:eve", "*", Ask, "create certificatesigningrequests.certificates.k8s.io/nodeclient"), "user:eve", "cluster-admin", "csr-node-identity > (node) > serviceaccount-token-create > cluster-admin-equivalent"),
        new("a pod that breaks out", Kubelet + May("user:eve", "ci", "create pods"), "user:eve", "cluster-admin", "pods-create > (node) > serviceaccount-token-create > cluster-admin-equivalent"),
        new("from a container", Kubelet + Pod("ci", "web", "default", "nodeName: n1, containers: [{name: a, securityContext: {privileged: true}}]"), "workloads", "cluster-admin", "(escape) > (node) > serviceaccount-token-create > cluster-admin-equivalent"),
        new("an impersonated kubelet cannot impersonate", Boss + Node("n1") + May("user:system:node:n1", "*", "impersonate users:boss") + May("user:eve", "*", "impersonate groups:system:nodes", "impersonate users:system:node:n1"), "user:eve", "cluster-admin", null),
        new("nor can its group", Boss + Node("n1") + May("group:system:nodes", "*", "impersonate users:boss") + May("user:eve", "*", "impersonate groups:system:nodes", "impersonate users:system:node:n1"), "user:eve", "cluster-admin", null),
        new("a kubelet that logs in can", Boss + Node("n1") + May("user:system:node:n1", "*", "impersonate users:boss") + May("user:eve", "*", "get nodes/proxy"), "user:eve", "cluster-admin", "nodes-proxy > (node) > impersonate > cluster-admin-equivalent"),
    ];

    static string Moving => Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*") + Pod("ci", "web", "boss", "nodeName: n2", "ReplicaSet/web")
        + Account("sys", "agent") + Pod("sys", "agent-1", "agent", "nodeName: n1, containers: [{name: a, securityContext: {privileged: true}}]", "DaemonSet/agent")
        + May("user:mover", "*", "delete pods", "patch nodes");

    // Somebody may rewrite a role that an account is bound to.
    static string Writing(string who) => Account("ci", "carol") + Role("carols", "*", "get pods") + Bind("sa:ci/carol", "*", "ClusterRole", "carols")
        + May($"user:{who}", "*", "escalate,update clusterroles.rbac.authorization.k8s.io:carols");

    static string Kubelet => Node("n1") + Node("n2") + Powerful("system:node:n1");

    static string Powerful(string user) => Account("ops", "root") + May("sa:ops/root", "*", "* *.*") + May($"user:{user}", "ops", "create serviceaccounts/token");

    static string Node(string name) => $$"""
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: {{name}}}

        """;

    [Fact]
    public async Task A_choke_point_counts_the_ways_of_both_states()
    {
        var boss = Boss + May("user:carol", "*", "impersonate users:boss") + Account("ops", "root") + May("sa:ops/root", "*", "* *.*") + May("user:carol", "ops", "create serviceaccounts/token");
        var snapshot = await PathFinding.ReadManifestsAsync(boss + May("user:eve", "*", "impersonate users:carol"), "v1.34.2");
        var search = await PathFinding.SearchAsync(snapshot);
        var points = ChokePoints.Of(search, search.Shortest(Goal.ClusterAdmin), usage: null).Points;
        // Carol has two ways, and eve in her name only the token.
        Assert.Equal(["User eve"], points.Single(point => point.Binding.Scope.Namespace == "ops").Cuts.Select(target => target.ToString()));
        Assert.DoesNotContain(points, point => point.Cuts.Contains(new Target("User", "", "carol")));
    }

    [Fact]
    public async Task Severities_know_what_cannot_be_impersonated_on()
    {
        var snapshot = await PathFinding.ReadManifestsAsync(Robot + May("user:joe", "ci", "create serviceaccounts/token"), "v1.34.2");
        var search = await PathFinding.SearchAsync(snapshot);
        var power = search.Power(snapshot);
        Assert.True(power.Has(new Subject.ServiceAccount("ci", "robot")));
        Assert.Equal(new Subject.ServiceAccount("ci", "robot"), power.In("ci"));
        Assert.True(power.Has(new Subject.User("joe")));
        Assert.False(power.Has(new Subject.User("eve")));

        var findings = Evaluation.Evaluate(snapshot, [.. RbacLens.Cli.Inputs.PolicyFiles.BuiltIn], await RbacLens.Cli.Inputs.Shipped.StockAsync(snapshot, default));
        Assert.Equal(Severity.Medium, findings.Single(finding => finding.Policy.Id == "impersonate" && finding.About.Name == "eve").Severity);
        Assert.Equal(Severity.Critical, findings.Single(finding => finding.Policy.Id == "serviceaccount-token-create" && finding.About.Name == "joe").Severity);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();
}
