using System.Collections.Immutable;
using System.Globalization;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

/// <summary>Postures made by hand, for the HTML report.</summary>
public static class HtmlSample
{
    static readonly Policy ClusterAdmin = Policy("cluster-admin", "wildcards", "holds every permission there is",
        "Whoever holds this is the cluster: every secret, every node, every rule of access.\n\nNothing that happens under this identity can be held back by RBAC any more.",
        "Bind a role that lists what is really used. Keep one break-glass account and watch it.",
        new("CIS", "5.1.1"), new("NSA", "Kubernetes role-based access control"), new(null, "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"));

    static readonly Policy NodesProxy = Policy("nodes-proxy", "nodes", "reaches the kubelet of every node",
        "The kubelet runs commands in any container of its node, past admission control and past the audit log of the API server.",
        "Grant nodes/metrics, nodes/stats or nodes/healthz instead, which Kubernetes checks one by one.",
        new("CIS", "5.1.10"), new("MITRE", "T1609"), new(null, "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"));

    static readonly Policy SecretsRead = Policy("secrets-read", "secrets", "reads secrets",
        "Secrets hold the credentials of everything that runs here, tokens of service accounts among them.",
        "Name the secrets that are needed in resourceNames, and grant get rather than list.",
        new("CIS", "5.1.2"), new("MITRE", "T1552.007")) with
    { Needs = ["ClusterRole", "Role"] };

    static readonly Policy PodCreate = Policy("workload-create", "workloads", "starts pods of its choice",
        "A pod may run as any service account of its namespace and, unless pod security forbids it, as root on the node.",
        "Let a deployment pipeline with an account of its own create workloads, and enforce the restricted level.",
        new Reference("CIS", "5.1.4"));

    static readonly Policy LongLivedToken = Policy("long-lived-token", "secrets", "holds a token that never expires",
        "A copied token works until somebody deletes the Secret.", "Delete the Secret and use tokens that the kubelet rotates.",
        new Reference("CIS", "5.1.13")) with
    { Needs = ["Secret"] };

    static readonly Policy RoleUnused = Policy("role-unused", "hygiene", "is bound to nobody",
        "What nobody uses nobody looks after.", "Delete it.");

    static readonly Policy WebhookFailingOpen = Policy("webhook-failing-open", "admission", "lets requests pass when it cannot be reached",
        "A control that is skipped when it fails is skipped when someone makes it fail.", "Set failurePolicy to Fail.") with
    {
        Needs = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    };

    static readonly ImmutableArray<Policy> Policies = [ClusterAdmin, NodesProxy, SecretsRead, PodCreate, LongLivedToken, RoleUnused, WebhookFailingOpen];

    static readonly PolicyRule Everything = new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") };

    static readonly PolicyRule Proxy = new() { Verbs = Names.Of("get"), ApiGroups = Names.Of(""), Resources = Names.Of("nodes/proxy", "nodes/metrics") };

    static readonly PolicyRule Secrets = new() { Verbs = Names.Of("get", "list", "watch"), ApiGroups = Names.Of(""), Resources = Names.Of("secrets") };

    static readonly PolicyRule Pods = new() { Verbs = Names.Of("create", "delete"), ApiGroups = Names.Of("", "apps"), Resources = Names.Of("pods", "deployments") };

    static readonly PolicyRule Urls = new() { Verbs = Names.Of("get"), NonResourceUrls = Names.Of("/metrics", "/debug/*") };

    /// <summary>Fourteen findings of every severity, one accepted, with gaps.</summary>
    public static Posture Create() => Of(
    [
        Finding(ClusterAdmin, new Subject.Group("platform-team"), Scope.Cluster, Severity.Critical, "every verb on every resource, held by everyone in the group", "platform-admins", "cluster-admin", Everything),
        Finding(ClusterAdmin, new Subject.ServiceAccount("kube-tools", "installer"), Scope.Cluster, Severity.Critical, "every verb on every resource, mounted in 2 workloads", "installer", "cluster-admin", Everything),
        Finding(NodesProxy, new Subject.ServiceAccount("monitoring", "prometheus-server"), Scope.Cluster, Severity.Critical, "get on nodes/proxy runs commands in every pod of every node", "prometheus-server", "prometheus-server", Urls, Proxy),
        Finding(SecretsRead, new Subject.ServiceAccount("ingress", "controller"), Scope.Cluster, Severity.High, "list on secrets reads every secret of the cluster", "ingress-controller", "ingress-controller", Pods, Urls, Secrets),
        Finding(SecretsRead, new Subject.User("alice@example.com"), new Scope("kube-system"), Severity.High, "get on secrets of a namespace with powerful service accounts", "alice-debug", "secret-reader", Secrets),
        Finding(SecretsRead, new Subject.Group("system:authenticated"), new Scope("shop"), Severity.High, "get on secrets, held by everyone who can log in", "legacy-readers", "secret-reader", Secrets),
        Finding(PodCreate, new Subject.ServiceAccount("ci", "pipeline"), new Scope("ci"), Severity.High, "create on pods runs as service account ci/deployer, which leads to the whole cluster", "pipeline", "edit", Pods),
        Finding(PodCreate, new Subject.Group("shop-developers"), new Scope("shop"), Severity.Medium, "create on pods in a namespace without powerful service accounts", "developers", "edit", Pods),
        new(PodCreate, new("User", "", "bob@example.com"), [new("billing"), new("shop"), new("warehouse")], Severity.Medium, "create on pods in 3 namespaces without powerful service accounts")
        {
            Grants = [Grant(new Subject.Group("contractors"), new("billing"), "contractors", "edit", Pods), Grant(new Subject.User("bob@example.com"), new("shop"), "bob", "edit", Pods)],
        },
        new(LongLivedToken, new("Secret", "ci", "pipeline-token-7xk2p"), [new("ci")], Severity.Medium, "last used on 2024-02-11, for service account ci/pipeline"),
        new(WebhookFailingOpen, new("ValidatingWebhookConfiguration", "", "image-policy"), [Scope.Cluster], Severity.Low, "webhook images.example.com has failurePolicy Ignore"),
        new(RoleUnused, new("ClusterRole", "", "old-operator"), [Scope.Cluster], Severity.Info, "no binding refers to it"),
        new(RoleUnused, new("Role", "shop", "leftover"), [new("shop")], Severity.Info, "no binding refers to it") { IsStock = true },
        Finding(NodesProxy, new Subject.ServiceAccount("monitoring", "node-exporter"), Scope.Cluster, Severity.High, "get on nodes/proxy runs commands in every pod of every node", "node-exporter", "node-exporter", Proxy) with
        {
            Suppression = new("carol@example.com", "until the vendor ships the release with nodes/metrics", new DateOnly(2027, 1, 31)),
        },
    ],
    [
        new("Secret", Gap.Reasons.Forbidden, "GET /api/v1/secrets: 403, expected permission to list secrets (metadata only)"),
        new("ClusterRole", Gap.Reasons.Malformed, "clusterrole broken-operator: rules[2].verbs is text, expected a list"),
    ]);

    /// <summary>Nothing found, nothing missing.</summary>
    public static Posture Clear() => Of([], []) with { HiddenStockFindings = 0 };

    /// <summary>So many findings, as a large cluster has them: many subjects, few roles.</summary>
    public static Posture Large(int count) => Of(
        [.. Enumerable.Range(0, count).Select(Numbered).OrderByDescending(finding => finding.Severity)],
        [new("Secret", Gap.Reasons.Forbidden, "GET /api/v1/secrets: 403, expected permission to list secrets (metadata only)")]);

    /// <summary>One finding whose every text, as far as it comes from a cluster, is this.</summary>
    public static Posture Saying(string text)
    {
        var scope = new Scope(text);
        var policy = SecretsRead with { Title = text, Why = text, Fix = text, References = [new(null, text), new(text, text)] };
        var finding = new Finding(policy, new("ServiceAccount", text, text), [scope, new("other")], Severity.High, text)
        {
            Grants = [Grant(new Subject.Group(text), scope, text, text, new PolicyRule { Verbs = Names.Of(text), ApiGroups = Names.Of(text), Resources = Names.Of(text) })],
            Suppression = new(text, text, null),
        };
        return Of([finding], [new(text, text, text)]) with
        {
            Cluster = new(text, text, text),
            Tool = text,
            Counts = ImmutableSortedDictionary<string, int>.Empty.Add(text, 1),
        };
    }

    static Posture Of(ImmutableArray<Finding> findings, ImmutableArray<Gap> gaps) => new()
    {
        Cluster = new("prod-eu-west", "v1.34.2", "live"),
        CollectedAt = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
        Tool = "RbacLens 0.1.0",
        Counts = ImmutableSortedDictionary<string, int>.Empty.Add("ClusterRole", 84).Add("ClusterRoleBinding", 67).Add("Namespace", 12)
            .Add("Pod", 1204).Add("Role", 31).Add("RoleBinding", 58).Add("ServiceAccount", 143),
        Policies = Policies,
        Findings = findings,
        HiddenStockFindings = 41,
        Gaps = gaps,
    };

    static Finding Numbered(int number)
    {
        var severity = (number % 100) switch { 0 => Severity.Critical, < 10 => Severity.High, < 50 => Severity.Medium, < 90 => Severity.Low, _ => Severity.Info };
        var name = string.Create(CultureInfo.InvariantCulture, $"team-{number % 300}");
        var subject = new Subject.ServiceAccount(name, string.Create(CultureInfo.InvariantCulture, $"worker-{number}"));
        var policy = Policies[number % 4];
        return Finding(policy, subject, new(name), severity, $"{policy.Title} in a namespace of its own", "workers", $"role-{number % 40}", Pods, Secrets);
    }

    static Finding Finding(
        Policy policy, Subject subject, Scope scope, Severity severity, string because, string binding, string role, params PolicyRule[] rules) =>
        new(policy, Target.Of(subject), [scope], severity, because) { Grants = [Grant(subject, scope, binding, role, rules)] };

    // The last rule is the one that matters.
    static Grant Grant(Subject subject, Scope scope, string binding, string role, params PolicyRule[] rules) => new(
        subject, new Binding(scope, binding, [subject], new("ClusterRole", role)), new Role(Scope.Cluster, role, RuleSet.Of(rules)), [rules.Length - 1]);

    static Policy Policy(string id, string area, string title, string why, string fix, params Reference[] references) => new()
    {
        Id = id,
        Area = area,
        Title = title,
        Why = why,
        Fix = fix,
        References = [.. references],
        Match = new Match.Fact(FactKind.RoleUnused, new(Severity.Info, Severity.Info, Severity.Info)),
    };
}
