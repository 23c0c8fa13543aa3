using RbacLens.Cli.Commands;
using RbacLens.Rbac;
using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>Ways through nodes and through what decides for the whole cluster.</summary>
public sealed class ClusterPathTests
{
    const string Webhooks = "mutatingwebhookconfigurations.admissionregistration.k8s.io";
    const string Policies = "mutatingadmissionpolicies.admissionregistration.k8s.io";
    const string PolicyBindings = "mutatingadmissionpolicybindings.admissionregistration.k8s.io";

    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");
    static readonly string Nodes = Boss + Pod("ci", "web", "boss", "nodeName: n2", "ReplicaSet/web");
    static readonly string Agent = Account("sys", "agent")
        + Pod("sys", "agent-1", "agent", "nodeName: n1, containers: [{name: a, securityContext: {privileged: true}}]", "DaemonSet/agent");

    public static TheoryData<PathRow> Rows =>
    [
        new("everything is everything", May("user:eve", "*", "* *.*"), "user:eve", "cluster-admin", "cluster-admin-equivalent"),
        new("everything in a namespace is that", May("user:eve", "ci", "* *.*"), "user:eve", "cluster-admin", null),
        new("everything in kube-system is more", May("user:eve", "kube-system", "* *.*"), "user:eve", "cluster-admin", "serviceaccount-token-create > escalate"),

        new("commands through the kubelet", May("user:eve", "*", "get nodes/proxy"), "user:eve", "node", "nodes-proxy"),
        new("of one node", Nodes + May("user:eve", "*", "create nodes/proxy:n2"), "user:eve", "cluster-admin", "nodes-proxy > (node) > cluster-admin-equivalent"),
        new("of another node", Nodes + May("user:eve", "*", "create nodes/proxy:n1"), "user:eve", "cluster-admin", null),
        new("of a node that is not there", "---\n{apiVersion: v1, kind: Node, metadata: {name: n2}}\n" + May("user:eve", "*", "create nodes/proxy:n9"), "user:eve", "node", null),
        new("of one that is", "---\n{apiVersion: v1, kind: Node, metadata: {name: n2}}\n" + May("user:eve", "*", "create nodes/proxy:n2"), "user:eve", "node", "nodes-proxy") { Says = "every pod of the nodes it names; so it comes to node n2" },
        new("nodes are cluster-scoped", May("user:eve", "ci", "get nodes/proxy"), "user:eve", "node", null),
        new("metrics of nodes are not", May("user:eve", "*", "get nodes/metrics", "get nodes/stats", "get nodes/configz", "get nodes/healthz", "get nodes/pods"), "user:eve", "node", null),
        new("logs of nodes are not", May("user:eve", "*", "get nodes/log"), "user:eve", "node", null),
        new("a checkpoint stays on its node", May("user:eve", "*", "create nodes/checkpoint"), "user:eve", "node", null),

        new("pods are moved to a node one has", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("by their status", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "create pods/eviction", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("without a node they go anywhere", Nodes + May("user:eve", "*", "delete pods", "patch nodes"), "user:eve", "cluster-admin", null),
        new("a taint sends them away by itself", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch nodes"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent") { Says = "(NoExecute)" },
        new("the status of nodes holds no taints, and they stay", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("a taint without a node of one's own", Nodes + May("user:eve", "*", "patch nodes"), "user:eve", "cluster-admin", null),
        new("in a namespace there are no nodes", Nodes + Agent + May("user:eve", "sys", "create pods/exec", "patch nodes"), "user:eve", "cluster-admin", null),
        new("a taint moves nothing that nobody starts anew", Boss + Pod("ci", "web", "boss", "nodeName: n2") + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch nodes"), "user:eve", "cluster-admin", null),
        new("one pod by name is sent away", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "ci", "delete pods:web") + May("user:eve", "*", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent") { Says = "delete on pods web in ci" },
        new("or evicted", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "create pods/eviction:web", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("a pod of another name", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "create pods/eviction:api", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("all nodes by name but one's own", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes:n2"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("by a taint", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "update nodes:n2"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("one's own by name, and not the other", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes:n1"), "user:eve", "cluster-admin", null),
        new("where a third node is left", TwoNodes + Node("n3") + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes:n2"), "user:eve", "cluster-admin", null),
        new("by an account on the node that is left", TwoNodes + Nodes + Agent + Account("sys", "mover") + Pod("sys", "mover-1", "mover", "nodeName: n1") + May("user:eve", "sys", "create pods/exec:agent-1") + May("sa:sys/mover", "*", "patch nodes:n2"), "user:eve", "cluster-admin", "pods-exec > (node) > pods-steal > cluster-admin-equivalent"),
        new("what nobody starts anew is gone", Boss + Pod("ci", "web", "boss", "nodeName: n2") + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes"), "user:eve", "cluster-admin", null),
        new("what runs on every node is not moved", Boss + Pod("ci", "web", "boss", "nodeName: n2", "DaemonSet/web") + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes"), "user:eve", "cluster-admin", null),
        new("one node by name leaves others", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete pods", "patch nodes:n1"), "user:eve", "cluster-admin", null),
        new("by the agent that is found on the node", Nodes + Agent + May("sa:sys/agent", "*", "delete pods", "patch nodes"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("a status of Failed has a pod started anew", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent") { Says = "patch on pods/status" },
        new("in the namespace of the pod", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "ci", "update pods/status") + May("user:eve", "*", "update nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("in another namespace", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "sys", "update pods/status") + May("user:eve", "*", "update nodes/status"), "user:eve", "cluster-admin", null),
        new("the status of one pod by name", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status:web", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("of a pod of another name", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status:api", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("the status of pods alone lets the scheduler decide", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status"), "user:eve", "cluster-admin", null),
        new("without a node of one's own they fail and go anywhere", Nodes + May("user:eve", "*", "patch pods/status", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("a bare pod that failed stays so", Boss + Pod("ci", "web", "boss", "nodeName: n2") + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("reading the status of pods fails none", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "get pods/status", "patch nodes/status"), "user:eve", "cluster-admin", null),
        new("all nodes by name but one's own, and the status of pods", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "patch pods/status", "patch nodes/status:n2"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("nodes that are deleted lose their pods", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent") { Says = "delete on nodes moves pods to a node of its choice, by deleting all others" },
        new("all at once, but one's own by a selector", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "deletecollection nodes"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("all by name but one's own are deleted", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes:n2"), "user:eve", "cluster-admin", "pods-exec > (own) > pods-steal > cluster-admin-equivalent"),
        new("one's own is deleted, and not the other", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes:n1"), "user:eve", "cluster-admin", null),
        new("where a third is left", TwoNodes + Node("n3") + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes:n2"), "user:eve", "cluster-admin", null),
        new("a name cannot limit deletecollection", TwoNodes + Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "deletecollection nodes:n2"), "user:eve", "cluster-admin", null),
        new("nodes are deleted without one of one's own", Nodes + May("user:eve", "*", "delete nodes"), "user:eve", "cluster-admin", null),
        new("a bare pod is gone with its node", Boss + Pod("ci", "web", "boss", "nodeName: n2") + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes"), "user:eve", "cluster-admin", null),
        new("making nodes moves nothing", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "create nodes"), "user:eve", "cluster-admin", null),
        new("the nodes of metrics are others", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "delete nodes.metrics.k8s.io"), "user:eve", "cluster-admin", null),
        new("by an account on a node that is taken, the status of both", TwoNodes + Nodes + Agent + Account("sys", "mover") + Pod("sys", "mover-1", "mover", "nodeName: n1") + May("user:eve", "sys", "create pods/exec:agent-1") + May("sa:sys/mover", "*", "patch pods/status", "patch nodes/status"), "user:eve", "cluster-admin", "pods-exec > (node) > pods-steal > cluster-admin-equivalent"),
        new("by an account on a node that is taken, which deletes nodes", TwoNodes + Nodes + Agent + Account("sys", "mover") + Pod("sys", "mover-1", "mover", "nodeName: n1") + May("user:eve", "sys", "create pods/exec:agent-1") + May("sa:sys/mover", "*", "delete nodes"), "user:eve", "cluster-admin", "pods-exec > (node) > pods-steal > cluster-admin-equivalent"),
        new("a choice among pending pods is a race", Nodes + Agent + May("user:eve", "sys", "create pods/exec") + May("user:eve", "*", "create pods/binding"), "user:eve", "cluster-admin", null),

        new("a new webhook sees every object", May("user:eve", "*", $"create {Webhooks}"), "user:eve", "cluster-admin", "mutating-webhooks-write"),
        new("a change wants one that is there", May("user:eve", "*", $"patch {Webhooks}"), "user:eve", "cluster-admin", null),
        new("an apply makes one of that name", Webhook("injector") + May("user:eve", "*", $"create,patch {Webhooks}:mine"), "user:eve", "cluster-admin", "mutating-webhooks-write") { Says = "create on mutatingwebhookconfigurations mine and patch on mutatingwebhookconfigurations mine" },
        new("create of that name alone does not", Webhook("injector") + May("user:eve", "*", $"create {Webhooks}:mine"), "user:eve", "cluster-admin", null),
        new("create and patch of two names do not", Webhook("injector") + May("user:eve", "*", $"create {Webhooks}:mine", $"patch {Webhooks}:other"), "user:eve", "cluster-admin", null),
        new("an update makes none", May("user:eve", "*", $"create,update {Webhooks}:mine"), "user:eve", "cluster-admin", null),
        new("webhooks are cluster-scoped", May("user:eve", "ci", $"create,patch {Webhooks}:mine"), "user:eve", "cluster-admin", null),
        new("one is there", Webhook("injector") + May("user:eve", "*", $"patch {Webhooks}:injector"), "user:eve", "cluster-admin", "mutating-webhooks-write"),
        new("another is", Webhook("injector") + May("user:eve", "*", $"patch {Webhooks}:other"), "user:eve", "cluster-admin", null),
        new("a validating webhook reads, and rewrites nothing", May("user:eve", "*", "create validatingwebhookconfigurations.admissionregistration.k8s.io"), "user:eve", "cluster-admin", null),
        new("a policy and its binding", May("user:eve", "*", $"create {Policies}", $"create {PolicyBindings}"), "user:eve", "cluster-admin", "mutating-admission-policies-write") { Version = "v1.36.0" },
        new("an unknown version may be a later one", May("user:eve", "*", $"create {Policies}", $"create {PolicyBindings}"), "user:eve", "cluster-admin", "mutating-admission-policies-write") { Version = null, Says = "(only from 1.36 on)" },
        new("before they are on", May("user:eve", "*", $"create {Policies}", $"create {PolicyBindings}"), "user:eve", "cluster-admin", null) { Version = "v1.35.0" },
        new("a policy without its binding", May("user:eve", "*", $"create {Policies}"), "user:eve", "cluster-admin", null) { Version = "v1.36.0" },
        new("a validating policy rewrites nothing", May("user:eve", "*", "create validatingadmissionpolicies.admissionregistration.k8s.io", "create validatingadmissionpolicybindings.admissionregistration.k8s.io"), "user:eve", "cluster-admin", null) { Version = "v1.36.0" },

        new("aws-auth, on EKS", May("user:eve", "kube-system", "update configmaps:aws-auth"), "user:eve", "cluster-admin", "system-configmaps-write") { Version = "v1.34.2-eks-1a2b3c4" },
        new("aws-auth, where somebody names it", May("user:eve", "kube-system", "update configmaps:aws-auth"), "user:eve", "cluster-admin", "system-configmaps-write"),
        new("config maps of kube-system, on EKS", May("user:eve", "kube-system", "patch configmaps"), "user:eve", "cluster-admin", "system-configmaps-write") { Version = "v1.34.2-eks-1a2b3c4" },
        new("config maps of kube-system, elsewhere", May("user:eve", "kube-system", "patch configmaps"), "user:eve", "cluster-admin", null),
        new("aws-auth of another namespace", May("user:eve", "ci", "update configmaps:aws-auth"), "user:eve", "cluster-admin", null) { Version = "v1.34.2-eks-1a2b3c4" },
        new("another config map of kube-system", May("user:eve", "kube-system", "update configmaps:coredns"), "user:eve", "cluster-admin", null) { Version = "v1.34.2-eks-1a2b3c4" },
        new("everywhere is in kube-system, too", May("user:eve", "*", "update configmaps"), "user:eve", "cluster-admin", "system-configmaps-write") { Version = "v1.34.2-eks-1a2b3c4" },

        new("an account that a binding names and nobody made", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create serviceaccounts", "create serviceaccounts/token"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("it cannot be made", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create serviceaccounts/token"), "user:eve", "cluster-admin", null),
        new("an apply makes it, and a pod runs as it", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create,patch serviceaccounts:ghost", "create pods"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent") { Says = "create on serviceaccounts ghost in ci and patch on serviceaccounts ghost in ci" },
        new("or a workload that is there", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + Deployment("ci", "web", "default") + May("user:eve", "ci", "create,patch serviceaccounts:ghost", "patch deployments.apps:web"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("or a token of it", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create,patch serviceaccounts:ghost", "create serviceaccounts/token"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("or a Secret that is given its token", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create,patch serviceaccounts:ghost", "create secrets", "get secrets:mine"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("an apply of another name", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create,patch serviceaccounts:other", "create pods"), "user:eve", "cluster-admin", null),
        new("create of its name alone makes none", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create serviceaccounts:ghost", "create pods"), "user:eve", "cluster-admin", null),
        new("an apply makes it, and nobody uses it", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create,patch serviceaccounts:ghost"), "user:eve", "cluster-admin", null),
        new("it is made, and not used", May("sa:ci/ghost", "*", "* *.*") + Account("ci", "default") + May("user:eve", "ci", "create serviceaccounts"), "user:eve", "cluster-admin", null),

        new("anonymous requests", May("group:system:unauthenticated", "*", "* *.*"), "anonymous", "cluster-admin", "cluster-admin-equivalent"),
        new("what is for those who log in is not for them", May("group:system:authenticated", "*", "* *.*"), "anonymous", "cluster-admin", null),
        new("everybody who logs in", May("group:system:authenticated", "*", "* *.*"), "authenticated", "cluster-admin", "cluster-admin-equivalent"),
        new("any account that logs in", May("group:system:authenticated", "*", "* *.*"), "sa:x/y", "cluster-admin", "cluster-admin-equivalent"),
        new("system:masters", Enforcing("ci", "baseline"), "group:system:masters", "cluster-admin", "cluster-admin-binding"),
    ];

    static readonly string TwoNodes = Node("n1") + Node("n2");

    static string Node(string name) => $"---\n{{apiVersion: v1, kind: Node, metadata: {{name: {name}}}}}\n";

    static string Webhook(string name) => $$"""
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: {{name}}}
        webhooks: [{name: {{name}}.example.com}]

        """;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();

    [Theory]
    [InlineData("ci", "serviceaccounts-write")]
    [InlineData("gone", null)]
    public async Task An_account_is_made_only_where_its_namespace_is(string @namespace, string? steps)
    {
        var read = await PathFinding.ReadManifestsAsync(
            May($"sa:{@namespace}/ghost", "*", "* *.*") + Account("ci", "default") + Enforcing("ci", "baseline") + May("user:eve", "*", "create serviceaccounts", "create serviceaccounts/token"), "v1.34.2");
        var snapshot = read with { Cluster = read.Cluster with { Source = "dump" } };
        var paths = (await PathFinding.SearchAsync(snapshot)).From(new Subject.User("eve"), PathEnds.End($"sa:{@namespace}/ghost", snapshot));
        Assert.Equal(steps, paths.Select(path => string.Join(" > ", path.Steps.Select(step => step.Policy))).FirstOrDefault());
    }
}
