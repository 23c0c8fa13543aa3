using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>Ways through pods: made, changed, entered, and what of their node they come to.</summary>
public sealed class PodPathTests
{
    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");
    static readonly string BossPod = Boss + Pod("ci", "web", "boss");
    static readonly string PlainPod = Pod("ci", "web", "default", "automountServiceAccountToken: false");
    static readonly string Privileged = Pod("ci", "agent", "default", "automountServiceAccountToken: false, nodeName: n1, containers: [{name: a, securityContext: {privileged: true}}]");

    public static TheoryData<PathRow> Rows =>
    [
        new("entering a pod whose account is gone", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + Pod("web", "api", "ghost", "nodeName: n1") + May("user:eve", "web", "create pods/exec"), "user:eve", "cluster-admin", null) { IsWhole = true },
        new("being in it", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + Pod("web", "api", "ghost", "nodeName: n1"), "workloads", "cluster-admin", null) { IsWhole = true },
        new("a pod runs as any account", Boss + May("user:eve", "ci", "create pods"), "user:eve", "cluster-admin", "pods-create > cluster-admin-equivalent"),
        new("a pod of another namespace does not", Boss + May("user:eve", "web", "create pods"), "user:eve", "cluster-admin", null),
        new("creating a pod cannot be limited by name", Boss + May("user:eve", "ci", "create pods:web"), "user:eve", "cluster-admin", null),
        new("a deployment makes pods", Boss + May("user:eve", "ci", "create deployments.apps"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a daemon set does", Boss + May("user:eve", "ci", "create daemonsets.apps"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a stateful set does", Boss + May("user:eve", "ci", "create statefulsets.apps"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a replica set does", Boss + May("user:eve", "ci", "create replicasets.apps"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a replication controller does", Boss + May("user:eve", "ci", "create replicationcontrollers"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a job does", Boss + May("user:eve", "ci", "create jobs.batch"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a cron job does", Boss + May("user:eve", "ci", "create cronjobs.batch"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("a pod template alone makes none", Boss + May("user:eve", "ci", "create podtemplates"), "user:eve", "cluster-admin", null),
        new("jobs are not in the group of deployments", Boss + May("user:eve", "ci", "create jobs.apps"), "user:eve", "cluster-admin", null),
        new("scaling makes copies only", Boss + May("user:eve", "ci", "update deployments.apps/scale"), "user:eve", "cluster-admin", null),
        new("a workload that is there can be changed", Boss + Deployment("ci", "web", "default") + May("user:eve", "ci", "patch deployments.apps"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("one that is not there cannot", Boss + PlainPod + May("user:eve", "ci", "patch deployments.apps"), "user:eve", "cluster-admin", null),
        new("one can be changed by its name", Boss + Deployment("ci", "web", "default") + May("user:eve", "ci", "patch deployments.apps:web"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("another name is another workload", Boss + Deployment("ci", "web", "default") + May("user:eve", "ci", "patch deployments.apps:api"), "user:eve", "cluster-admin", null),
        new("custom workloads count where they are installed", Boss + Role("argo", "*", "get workflows.argoproj.io") + May("user:eve", "ci", "create workflows.argoproj.io"), "user:eve", "cluster-admin", "argo-workflows-create > cluster-admin-equivalent"),
        new("one's own role does not show that they are", Boss + May("user:eve", "ci", "create workflows.argoproj.io"), "user:eve", "cluster-admin", null),
        new("a role of somebody else does", Boss + May("user:jane", "web", "get workflows.argoproj.io") + May("user:eve", "ci", "create workflows.argoproj.io"), "user:eve", "cluster-admin", "argo-workflows-create > cluster-admin-equivalent"),
        new("a job that is there keeps its template", Boss + Job("complete: false") + May("user:eve", "ci", "update,patch jobs.batch"), "user:eve", "cluster-admin", null),
        new("a cron job that is there can be changed", Boss + CronJob("default", "") + May("user:eve", "ci", "patch cronjobs.batch"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent"),
        new("an apply makes one of that name", Boss + Deployment("ci", "other", "default") + May("user:eve", "ci", "create,patch deployments.apps:web"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent") { Says = "patch on deployments web in ci and create on deployments web in ci" },
        new("an update makes none", Boss + Deployment("ci", "other", "default") + May("user:eve", "ci", "create,update deployments.apps:web"), "user:eve", "cluster-admin", null),
        new("flux applies with any account of the namespace", Boss + Account("flux-system", "kustomize-controller") + May("user:eve", "ci", "create kustomizations.kustomize.toolkit.fluxcd.io"), "user:eve", "cluster-admin", "flux-apply > cluster-admin-equivalent"),
        new("a star does not show that they are", Boss + May("user:eve", "ci", "create workflows.*"), "user:eve", "cluster-admin", null),

        new("the token of a running pod", BossPod + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Says = "whose token pod web holds" },
        new("a pod that is not shown may run as any account", Boss + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("a pod of a deployment has no name yet", Boss + Deployment("ci", "web", "boss") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Says = "create on pods/exec in ci runs commands in pods and takes their accounts' tokens; so it becomes ServiceAccount ci/boss, whose token a pod of Deployment web holds" },
        new("and not that of the deployment", Boss + Deployment("ci", "web", "boss") + May("user:eve", "ci", "create pods/exec:web"), "user:eve", "cluster-admin", null),
        new("a deployment of no replicas", Boss + Deployment("ci", "web", "boss").Replace("spec: {template", "spec: {replicas: 0, template", StringComparison.Ordinal) + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a cron job runs now and then", Boss + CronJob("boss", "") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Says = "a pod of CronJob nightly" },
        new("a suspended cron job does not", Boss + CronJob("boss", "suspend: true, ") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("its last pod is done, and there will be others", Boss + CronJob("boss", "") + Pod("ci", "nightly-1", "boss", owner: "CronJob/nightly") + "status: {phase: Succeeded}\n" + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Says = "a pod of CronJob nightly" },
        new("a job that is done", Boss + Job("completionTime: \"2026-11-20T10:00:00Z\"") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a job that is not", Boss + Job("active: 1") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("a pod that is done", BossPod + "status: {phase: Succeeded}\n" + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a pod that failed", BossPod + "status: {phase: Failed}\n" + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a pod that waits for a node", BossPod + "status: {phase: Pending}\n" + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a pod that starts", Boss + Pod("ci", "web", "boss", "nodeName: n1") + "status: {phase: Pending}\n" + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("the mirror of a kubelet's own pod holds no token", Boss + Pod("ci", "web", "boss").Replace("namespace: ci", "namespace: ci, annotations: {kubernetes.io/config.mirror: abc}", StringComparison.Ordinal) + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("but not as a controller of Kubernetes", May("user:eve", "kube-system", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("the tokens of a node's pods, in the name of the node", BossPod + May("user:eve", "*", "impersonate:arbitrary-node nodes.authentication.k8s.io", "impersonate-on:arbitrary-node:create serviceaccounts/token"), "user:eve", "cluster-admin", "impersonate-constrained > cluster-admin-equivalent") { Version = "v1.36.0" },
        new("which is not to be in them", Privileged + May("user:eve", "*", "impersonate:arbitrary-node nodes.authentication.k8s.io", "impersonate-on:arbitrary-node:create serviceaccounts/token"), "user:eve", "node", null) { Version = "v1.36.0" },
        new("attaching is entering", BossPod + May("user:eve", "ci", "create pods/attach"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("a pod by its name", BossPod + May("user:eve", "ci", "create pods/exec:web"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("another pod's name", BossPod + May("user:eve", "ci", "create pods/exec:api"), "user:eve", "cluster-admin", null),
        new("an account that no pod runs as", Boss + PlainPod + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("a pod without a token", Boss + Pod("ci", "web", "boss", "automountServiceAccountToken: false") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("get is enough up to 1.34", BossPod + May("user:eve", "ci", "get pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("get is not from 1.35 on", BossPod + May("user:eve", "ci", "get pods/exec"), "user:eve", "cluster-admin", null) { Version = "v1.35.0" },
        new("create is, in 1.35", BossPod + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Version = "v1.35.0" },
        new("an unknown version may be an older one", BossPod + May("user:eve", "ci", "get pods/exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent") { Version = null, Says = "up to Kubernetes 1.34; so it becomes" },
        new("a pod of a name that may be applied", Boss + May("user:eve", "ci", "create,patch pods:mine"), "user:eve", "cluster-admin", "pods-create > cluster-admin-equivalent"),
        new("which is there already", BossPod + Account("ci", "other") + Pod("ci", "mine", "other") + May("sa:ci/boss", "web", "get pods") + May("user:eve", "ci", "create,patch pods:mine"), "user:eve", "cluster-admin", null),
        new("a name to create alone makes no pod", Boss + May("user:eve", "ci", "create pods:mine"), "user:eve", "cluster-admin", null),
        new("list on a subresource is nothing", BossPod + May("user:eve", "ci", "list pods/exec"), "user:eve", "cluster-admin", null),
        new("pods do not include pods/exec", BossPod + May("user:eve", "ci", "get,list pods"), "user:eve", "cluster-admin", null),
        new("*/exec includes it", BossPod + May("user:eve", "ci", "create */exec"), "user:eve", "cluster-admin", "pods-exec > cluster-admin-equivalent"),
        new("pods/* does not", BossPod + May("user:eve", "ci", "create pods/*"), "user:eve", "cluster-admin", null),
        new("a debug container", BossPod + May("user:eve", "ci", "patch pods/ephemeralcontainers"), "user:eve", "cluster-admin", "ephemeral-containers > cluster-admin-equivalent"),
        new("another image", BossPod + May("user:eve", "ci", "patch pods"), "user:eve", "cluster-admin", "pods-update > cluster-admin-equivalent"),
        new("a port is not a token", BossPod + May("user:eve", "ci", "create,get pods/portforward"), "user:eve", "cluster-admin", null),
        new("a proxy is not a token", BossPod + May("user:eve", "ci", "create,get pods/proxy", "create,get services/proxy"), "user:eve", "cluster-admin", null),
        new("a log is not a token", BossPod + May("user:eve", "ci", "get pods/log"), "user:eve", "cluster-admin", null),
        new("forged status redirects traffic, and gives no token", BossPod + May("user:eve", "ci", "patch pods/status"), "user:eve", "cluster-admin", null),

        new("nothing forbids privileged pods", May("user:eve", "ci", "create pods"), "user:eve", "node", "pods-create"),
        new("baseline forbids them", Enforcing("ci", "baseline") + May("user:eve", "ci", "create pods"), "user:eve", "node", null),
        new("restricted forbids them", Enforcing("ci", "restricted") + May("user:eve", "ci", "create pods"), "user:eve", "node", null),
        new("privileged says that they may", Enforcing("ci", "privileged") + May("user:eve", "ci", "create pods"), "user:eve", "node", "pods-create"),
        new("restricted does not keep accounts apart", Enforcing("ci", "restricted") + Boss + May("user:eve", "ci", "create pods"), "user:eve", "cluster-admin", "pods-create > cluster-admin-equivalent"),
        new("with the right to change the label", Enforcing("ci", "restricted") + May("user:eve", "ci", "create pods", "patch namespaces"), "user:eve", "node", "namespaces-write"),
        new("of this namespace by name", Enforcing("ci", "restricted") + May("user:eve", "ci", "create pods") + May("user:eve", "*", "patch namespaces:ci"), "user:eve", "node", "namespaces-write"),
        new("of another namespace", Enforcing("ci", "restricted") + May("user:eve", "ci", "create pods") + May("user:eve", "*", "patch namespaces:web"), "user:eve", "node", null),
        new("the label without pods", Enforcing("ci", "restricted") + May("user:eve", "ci", "patch namespaces"), "user:eve", "node", null),
        new("an apply makes a Job of that name", Boss + May("user:eve", "ci", "create,patch jobs.batch:mine"), "user:eve", "cluster-admin", "workload-create > cluster-admin-equivalent") { Says = "create on jobs mine in ci and patch on jobs mine in ci" },
        new("one is there, whose template is fixed", Boss + "---\n{apiVersion: batch/v1, kind: Job, metadata: {name: mine, namespace: ci}, spec: {template: {spec: {serviceAccountName: web}}}}\n" + May("user:eve", "ci", "create,patch jobs.batch:mine"), "user:eve", "cluster-admin", null),
        new("create of that name alone makes none", Boss + May("user:eve", "ci", "create jobs.batch:mine"), "user:eve", "cluster-admin", null),
        new("create and patch of two names make none", Boss + May("user:eve", "ci", "create jobs.batch:mine", "patch jobs.batch:other"), "user:eve", "cluster-admin", null),

        new("what is switched off is started and entered", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale", "create pods/exec"), "user:eve", "cluster-admin", "workload-scale > cluster-admin-equivalent") { Says = "patch on deployments/scale web in ci and create on pods/exec in ci" },
        new("by its name", Boss + Stopped("StatefulSet") + May("user:eve", "ci", "update statefulsets.apps/scale:web", "patch pods/ephemeralcontainers"), "user:eve", "cluster-admin", "workload-scale > cluster-admin-equivalent"),
        new("the halves in two roles", Boss + Stopped("Deployment") + May("user:eve", "*", "patch deployments.apps/scale") + May("user:eve", "ci", "patch pods"), "user:eve", "cluster-admin", "workload-scale > cluster-admin-equivalent"),
        new("get enters before 1.35", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale", "get pods/exec"), "user:eve", "cluster-admin", "workload-scale > cluster-admin-equivalent"),
        new("and no longer from it on", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale", "get pods/exec"), "user:eve", "cluster-admin", null) { Version = "v1.35.0" },
        new("started, and not entered", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale", "get pods"), "user:eve", "cluster-admin", null),
        new("nothing runs that could be entered", Boss + Stopped("Deployment") + May("user:eve", "ci", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("the scale of another kind", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch statefulsets.apps/scale", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("the scale of another name", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale:api", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("pods of names that it will not have", Boss + Stopped("Deployment") + May("user:eve", "ci", "patch deployments.apps/scale", "create pods/exec:web"), "user:eve", "cluster-admin", null),
        new("in another namespace", Boss + Stopped("Deployment") + May("user:eve", "web", "patch deployments.apps/scale", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("its pods mount no token", Boss + Stopped("Deployment", "automountServiceAccountToken: false") + May("user:eve", "ci", "patch deployments.apps/scale", "create pods/exec"), "user:eve", "cluster-admin", null),
        new("its pods are not separated from their node", Stopped("Deployment", "containers: [{name: a, securityContext: {privileged: true}}]") + May("user:eve", "ci", "patch deployments.apps/scale", "create pods/exec"), "user:eve", "node", "workload-scale"),

        new("a volume of the node passes Pod Security", Enforcing("ci", "restricted") + May("user:eve", "*", "create persistentvolumes") + May("user:eve", "ci", "create persistentvolumeclaims", "create pods"), "user:eve", "node", "persistent-volumes-create"),
        new("a pod brings its claim itself", Enforcing("ci", "restricted") + May("user:eve", "*", "create persistentvolumes") + May("user:eve", "ci", "create pods"), "user:eve", "node", "persistent-volumes-create"),
        new("a stateful set does, too", Enforcing("ci", "restricted") + May("user:eve", "*", "create persistentvolumes") + May("user:eve", "ci", "create statefulsets.apps"), "user:eve", "node", "persistent-volumes-create"),
        new("an apply makes one of that name", Enforcing("ci", "restricted") + May("user:eve", "*", "create,patch persistentvolumes:mine") + May("user:eve", "ci", "create pods"), "user:eve", "node", "persistent-volumes-create") { Says = "create on persistentvolumes mine and patch on persistentvolumes mine" },
        new("create of that name alone does not", Enforcing("ci", "restricted") + May("user:eve", "*", "create persistentvolumes:mine") + May("user:eve", "ci", "create pods"), "user:eve", "node", null),
        new("an apply takes the pod, too", May("user:eve", "*", "create,patch persistentvolumes:mine"), "user:eve", "node", null),
        new("or a workload of another name", Enforcing("ci", "restricted") + Deployment("ci", "api", "default") + May("user:eve", "*", "create,patch persistentvolumes:mine") + May("user:eve", "ci", "patch deployments.apps:api"), "user:eve", "node", "persistent-volumes-create") { Says = "patch on deployments api in ci" },
        new("it takes the pod", May("user:eve", "*", "create persistentvolumes", "create persistentvolumeclaims"), "user:eve", "node", null),
        new("volumes are cluster-scoped", Enforcing("ci", "restricted") + May("user:eve", "ci", "create persistentvolumes", "create persistentvolumeclaims", "create pods"), "user:eve", "node", null),
        new("a privileged pod is its node", Privileged + May("user:eve", "ci", "create pods/exec"), "user:eve", "node", "pods-exec") { Says = "pod agent is not separated from its node, so it comes to node n1" },
        new("a debug container is privileged where it may be", PlainPod + May("user:eve", "ci", "patch pods/ephemeralcontainers"), "user:eve", "node", "ephemeral-containers"),
        new("and is not where it may not", Enforcing("ci", "baseline") + PlainPod + May("user:eve", "ci", "patch pods/ephemeralcontainers"), "user:eve", "node", null),
        new("what runs on the node", Boss + Privileged + Pod("ci", "web", "boss", "nodeName: n1") + May("user:eve", "ci", "create pods/exec:agent"), "user:eve", "cluster-admin", "pods-exec > (node) > cluster-admin-equivalent"),
        new("what runs on another node", Boss + Privileged + Pod("ci", "web", "boss", "nodeName: n2") + May("user:eve", "ci", "create pods/exec:agent"), "user:eve", "cluster-admin", null),
    ];

    static string Job(string status) => $$"""
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once, namespace: ci}
        spec: {template: {spec: {serviceAccountName: boss} } }
        status: { {{status}} }

        """;

    static string CronJob(string account, string spec) => $$"""
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly, namespace: ci}
        spec: { {{spec}}jobTemplate: {spec: {template: {spec: {serviceAccountName: {{account}} } } } } }

        """;

    static string Stopped(string kind, string spec = "") =>
        $"---\n{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: web, namespace: ci}}, spec: {{replicas: 0, template: {{spec: {{serviceAccountName: boss{(spec.Length == 0 ? "" : ", " + spec)}}}}}}}}}\n";

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();
}
