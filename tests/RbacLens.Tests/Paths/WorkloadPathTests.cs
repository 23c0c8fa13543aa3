using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>What an intruder in a container comes to: tokens it holds, and its node where nothing separates it from that.</summary>
public sealed class WorkloadPathTests
{
    const string NoToken = "automountServiceAccountToken: false";

    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");

    public static TheoryData<PathRow> Rows =>
    [
        new("a privileged container", Alone("containers: [{name: a, securityContext: {privileged: true}}]"), "workloads", "node", "(escape)") { Says = "is privileged" },
        new("an init container", Alone("initContainers: [{name: a, securityContext: {privileged: true}}]"), "workloads", "node", "(escape)"),
        new("all capabilities", Alone("containers: [{name: a, securityContext: {capabilities: {add: [ALL]}}}]"), "workloads", "node", "(escape)"),
        new("the capability to mount", Alone("containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]"), "workloads", "node", "(escape)"),
        new("the capability to load modules", Alone("containers: [{name: a, securityContext: {capabilities: {add: [CAP_SYS_MODULE]}}}]"), "workloads", "node", "(escape)"),
        new("the capability to trace, with the node's processes", Alone("hostPID: true, containers: [{name: a, securityContext: {capabilities: {add: [SYS_PTRACE]}}}]"), "workloads", "node", "(escape)"),
        new("a capability that nobody can use", Alone("containers: [{name: a, securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: {add: [SYS_MODULE]}}}]"), "workloads", "node", null),
        new("the capability to trace, as nobody", Alone("hostPID: true, containers: [{name: a, securityContext: {runAsUser: 1000, capabilities: {add: [SYS_PTRACE]}}}]"), "workloads", "node", null),
        new("the capability to trace its own processes", Alone("containers: [{name: a, securityContext: {capabilities: {add: [SYS_PTRACE]}}}]"), "workloads", "node", null),
        new("the capability to bind ports", Alone("containers: [{name: a, securityContext: {capabilities: {add: [NET_BIND_SERVICE, NET_ADMIN]}}}]"), "workloads", "node", null),
        new("the node's processes alone", Alone("hostPID: true"), "workloads", "node", null),
        new("the node's network alone", Alone("hostNetwork: true"), "workloads", "node", null),
        new("the node's shared memory alone", Alone("hostIPC: true"), "workloads", "node", null),
        new("nothing of the node", Alone(""), "workloads", "node", null),
        new("its whole disk", Mounting("/"), "workloads", "node", "(escape)") { Says = "mounts / of its node" },
        new("its whole disk to read", Mounting("/", "readOnly: true"), "workloads", "node", "(escape)"),
        new("its whole disk, as nobody", Mounting("/", "readOnly: true", "runAsUser: 65534"), "workloads", "node", null),
        new("the socket of its containers", Mounting("/var/run/docker.sock", "readOnly: true"), "workloads", "node", "(escape)"),
        new("the socket of another runtime", Mounting("/run/containerd/containerd.sock"), "workloads", "node", "(escape)"),
        new("the tokens of its pods", Mounting("/var/lib/kubelet/pods/"), "workloads", "node", "(escape)"),
        new("the settings of its kernel", Mounting("/proc/sys/kernel"), "workloads", "node", "(escape)"),
        new("its processes to read", Mounting("/proc", "readOnly: true"), "workloads", "node", null),
        new("its programs", Mounting("/usr/local/bin"), "workloads", "node", "(escape)"),
        new("its programs to read", Mounting("/usr/local/bin", "readOnly: true"), "workloads", "node", null),
        new("its jobs", Mounting("/etc/cron.d"), "workloads", "node", "(escape)"),
        new("settings of its add-ons to read", Mounting("/etc/kubernetes/addons", "readOnly: true"), "workloads", "node", null),
        new("the keys of its control plane", Mounting("/etc/kubernetes/pki/etcd", "readOnly: true"), "workloads", "node", "(escape)"),
        new("a kubeconfig of its control plane", Mounting("/etc/kubernetes/admin.conf", "readOnly: true"), "workloads", "node", "(escape)"),
        new("a file with a key to log in with", Mounting("/root/.ssh/id_rsa", "readOnly: true"), "workloads", "node", "(escape)"),
        new("who may log in, to read", Mounting("/root/.ssh/authorized_keys", "readOnly: true"), "workloads", "node", null),
        new("who may log in", Mounting("/root/.ssh/authorized_keys"), "workloads", "node", "(escape)"),
        new("somebody's keys", Mounting("/home/alice/.ssh", "readOnly: true"), "workloads", "node", "(escape)"),
        new("somebody's files", Mounting("/home/alice/data", "readOnly: true"), "workloads", "node", null),
        new("all that somebody has", Mounting("/home/alice", "readOnly: true"), "workloads", "node", "(escape)"),
        new("a file of its database", Mounting("/var/lib/etcd/member", "readOnly: true"), "workloads", "node", "(escape)"),
        new("the certificate of its authority", Mounting("/etc/kubernetes/pki/ca.crt", "readOnly: true"), "workloads", "node", null),
        new("the credential of its kubelet", Mounting("/var/lib/kubelet/pki/kubelet-client-current.pem", "readOnly: true"), "workloads", "node", "(escape)"),
        new("volumes of one pod", Mounting("/var/lib/kubelet/pods/1/volumes", "readOnly: true"), "workloads", "node", null),
        new("logs of its containers", Mounting("/var/lib/docker/containers", "readOnly: true"), "workloads", "node", null),
        new("the control plane of k3s", Mounting("/var/lib/rancher/k3s", "readOnly: true"), "workloads", "node", "(escape)"),
        new("volumes of k3s", Mounting("/var/lib/rancher/k3s/storage/a", "readOnly: true"), "workloads", "node", null),
        new("units of systemd", Mounting("/usr/lib/systemd/system"), "workloads", "node", "(escape)"),
        new("plugins of its kubelet", Mounting("/usr/libexec/kubernetes/kubelet-plugins/volume/exec"), "workloads", "node", "(escape)"),
        new("a folder above programs", Mounting("/usr/local"), "workloads", "node", "(escape)"),
        new("a folder beside programs", Mounting("/usr/share/zoneinfo"), "workloads", "node", null),
        new("its message bus", Mounting("/var/run/dbus", "readOnly: true"), "workloads", "node", "(escape)"),
        new("a setting of its network", Mounting("/proc/sys/net"), "workloads", "node", null),
        new("a volume that no container mounts", Alone("containers: [{name: a}], volumes: [{name: h, hostPath: {path: /}}]"), "workloads", "node", null),
        new("its clock", Mounting("/etc/localtime"), "workloads", "node", null),
        new("its modules to read", Mounting("/lib/modules", "readOnly: true"), "workloads", "node", null),
        new("a directory of its own", Mounting("/data/app"), "workloads", "node", null),
        new("logs, and the right to have the kubelet read them", Mounting("/var/log", token: true) + May("sa:ci/default", "*", "get nodes/log"), "workloads", "node", "(escape)"),
        new("logs without the right", Mounting("/var/log", token: true), "workloads", "node", null),
        new("logs to read", Mounting("/var/log", "readOnly: true", token: true) + May("sa:ci/default", "*", "get nodes/log"), "workloads", "node", null),
        new("the right without a token", Mounting("/var/log") + May("sa:ci/default", "*", "get nodes/log"), "workloads", "node", null),

        new("a mounted token", Boss + Pod("ci", "web", "boss"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("no mounted token", Boss + Pod("ci", "web", "boss", NoToken), "workloads", "cluster-admin", null),
        new("a token of another account, from a Secret", Boss + Token("ci", "boss-token", "boss") + Pod("ci", "web", "default", NoToken + ", volumes: [{name: s, secret: {secretName: boss-token}}]"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("a token in the environment", Boss + Token("ci", "boss-token", "boss") + Pod("ci", "web", "default", NoToken + ", containers: [{name: a, env: [{name: A, value: b}, {name: T, valueFrom: {secretKeyRef: {name: boss-token, key: token}}}]}]"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent") { Says = "in its environment from Secret boss-token" },
        new("all of a Secret in the environment", Boss + Token("ci", "boss-token", "boss") + Pod("ci", "web", "default", NoToken + ", containers: [{name: a, envFrom: [{configMapRef: {name: c}}, {secretRef: {name: boss-token}}]}]"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("a Secret projected", Boss + Token("ci", "boss-token", "boss") + Pod("ci", "web", "default", NoToken + ", volumes: [{name: s, projected: {sources: [{secret: {name: boss-token}}]}}]"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("a token for somebody else", Boss + Pod("ci", "web", "boss", NoToken + ", volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}}]"), "workloads", "cluster-admin", null),
        new("a deployment without pods", Boss + Deployment("ci", "web", "boss"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent"),
        new("the node its pods are on", Boss + Pod("ci", "web", "boss", "nodeName: n1") + Deployed("n1"), "workloads", "cluster-admin", "(token) > cluster-admin-equivalent") { Start = "workloads" },
        new("tokens of every account", Account("ci", "boss") + May("sa:ci/boss", "*", "create serviceaccounts/token") + Deployed("n1") + Pod("ci", "other", "boss", "nodeName: n2"), "workloads", "sa:ci/x", "(token) > serviceaccount-token-create > escalate > (all)"),
        new("from its node on to another pod's account", Account("ci", "boss") + May("sa:ci/boss", "*", "list secrets") + Deployed("n1") + Pod("ci", "other", "boss", "nodeName: n1"), "workloads", "all-secrets", "(token) > secrets-read"),
    ];

    static string Alone(string spec) => Pod("ci", "web", "default", NoToken + (spec.Length == 0 ? "" : ", " + spec));

    static string Mounting(string path, string mount = "readOnly: false", string user = "runAsUser: 0", bool token = false) => Pod("ci", "web", "default",
        (token ? "" : NoToken + ", ") + $"containers: [{{name: a, securityContext: {{{user}}}, volumeMounts: [{{name: h, mountPath: /h, {mount}}}]}}], volumes: [{{name: h, hostPath: {{path: {path}}}}}]");

    // A Deployment whose pod runs on a node, by way of its ReplicaSet; the template names none.
    static string Deployed(string node) => $$"""
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: agent, namespace: sys}
        spec: {template: {spec: {automountServiceAccountToken: false, containers: [{name: a, securityContext: {privileged: true} }]} } }
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: agent-1, namespace: sys, ownerReferences: [{kind: Deployment, name: agent, controller: true}]}
        spec: {template: {spec: {automountServiceAccountToken: false, containers: [{name: a, securityContext: {privileged: true} }]} } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent-1-x, namespace: sys, ownerReferences: [{kind: ReplicaSet, name: agent-1, controller: true}]}
        spec: {automountServiceAccountToken: false, nodeName: {{node}}, containers: [{name: a, securityContext: {privileged: true} }]}

        """;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();

    [Fact]
    public async Task A_deployment_is_where_its_pods_are()
    {
        var snapshot = await PathFinding.ReadManifestsAsync(Account("ci", "boss") + May("sa:ci/boss", "*", "list secrets") + Deployed("n1") + Pod("ci", "other", "boss", "nodeName: n1"), "v1.34.0");
        var path = (await PathFinding.SearchAsync(snapshot)).FromWorkloads(RbacLens.Paths.Goal.AllSecrets).Single(path => path.From.Name == "agent");
        Assert.Equal(["(escape)", "(node)", "secrets-read"], path.Steps.Select(step => step.Policy));
    }
}
