using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

/// <summary>A posture made by hand: thirteen findings, one of them accepted, two gaps, and names that try a report.</summary>
public static class SamplePosture
{
    static readonly ImmutableDictionary<string, Policy> Policies = new[]
    {
        Ask("everything", "escalation", "may do everything", ["ClusterRoleBinding", "ClusterRole"], new Reference("CIS", "5.1.1")),
        Ask("nodes-proxy", "nodes", "runs commands in pods through nodes/proxy", ["ClusterRole"], new Reference("CIS", "5.1.10"),
            new Reference(null, "https://kubernetes.io/docs/concepts/security/rbac-good-practices/")),
        Ask("secrets-read", "secrets", "reads secrets", ["Role", "ClusterRole"], new Reference("CIS", "5.1.2"),
            new Reference("MITRE", "T1552.007")),
        Ask("workload-create", "workloads", "starts pods as any service account of the namespace", ["Role", "ServiceAccount"]),
        Ask("impersonate", "escalation", "acts as somebody else", ["ClusterRole"]),
        Ask("anonymous-bound", "subjects", "is granted permissions without logging in", ["ClusterRoleBinding"]),
        Ask("token-automounted", "workloads", "has a token mounted that nothing asked for", ["Pod"]),
        Ask("long-lived-token", "secrets", "holds a token that never expires", ["Secret"]),
        Ask("role-unused", "hygiene", "is bound to nobody", ["Role"]),
        Ask("webhook-failing-open", "admission", "lets requests pass when it cannot be reached", ["ValidatingWebhookConfiguration"]),
    }.ToImmutableDictionary(policy => policy.Id);

    /// <summary>The posture; equal every time.</summary>
    public static Posture Create()
    {
        var posture = Found();
        return posture with { Frameworks = FrameworkResult.Of(posture) };
    }

    static Posture Found() => new()
    {
        Cluster = new("prod-eu-1", "v1.34.2", "live"),
        CollectedAt = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
        Tool = "rbac-lens 0.1.0",
        Counts = ImmutableSortedDictionary.CreateRange(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["ClusterRole"] = 82,
            ["ClusterRoleBinding"] = 71,
            ["Namespace"] = 14,
            ["Node"] = 6,
            ["Pod"] = 412,
            ["Role"] = 37,
            ["RoleBinding"] = 1_204,
            ["ServiceAccount"] = 196,
        }),
        Policies = [.. Policies.Values.OrderBy(policy => policy.Id, StringComparer.Ordinal)],
        Findings =
        [
            .. from finding in Findings()
               orderby finding.Severity descending, finding.Policy.Id, finding.About
               select finding,
        ],
        HiddenStockFindings = 41,
        Suppressions = [new(new("image-*", "Cluster", Names.None, new("dana@example.com", "Moved to the runtime.", new DateOnly(2026, 9, 30))), RiskState.Expired, 1)],
        Paths = SamplePaths.Paths,
        ChokePoints = SamplePaths.ChokePoints,
        Gaps =
        [
            new("Secret", Gap.Reasons.Forbidden, "GET /api/v1/secrets: 403, the account may not list secrets; expected a list of metadata"),
            new("ValidatingWebhookConfiguration", Gap.Reasons.NotFound, "GET /apis/admissionregistration.k8s.io/v1: 404"),
        ],
    };

    /// <summary>A policy of the sample by id.</summary>
    public static Policy Policy(string id) => Policies[id];

    /// <summary>A finding with one grant through a ClusterRole of the same name as the subject.</summary>
    public static Finding Find(string policy, Severity severity, Subject subject, string because, PolicyRule rule, params string[] namespaces)
    {
        ImmutableArray<Scope> scopes = namespaces.Length == 0 ? [Scope.Cluster] : [.. namespaces.Select(ns => new Scope(ns))];
        var role = new Role(Scope.Cluster, subject.Name, RuleSet.Of(rule));
        var grants = from scope in scopes
                     let binding = new Binding(scope, $"{subject.Name}-binding", [subject], new("ClusterRole", role.Name))
                     select new Grant(subject, binding, role, [0]);
        return new(Policies[policy], Target.Of(subject), scopes, severity, because) { Grants = [.. grants] };
    }

    /// <summary>A rule of the core API group.</summary>
    public static PolicyRule Rule(string verbs, string resources, params string[] names) => new()
    {
        Verbs = Names.Of(verbs.Split(',')),
        ApiGroups = Names.Of(""),
        Resources = Names.Of(resources.Split(',')),
        ResourceNames = Names.Of(names),
    };

    static readonly PolicyRule Everything = new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") };

    static readonly PolicyRule Metrics = new() { Verbs = Names.Of("get"), NonResourceUrls = Names.Of("/metrics", "/metrics/*") };

    static readonly PolicyRule Jobs = new()
    {
        Verbs = Names.Of("create"),
        ApiGroups = Names.Of("batch", "apps"),
        Resources = Names.Of("jobs", "deployments"),
    };

    static IEnumerable<Finding> Findings() =>
    [
        Find("everything", Severity.Critical, Account("kube-system", "helm-operator"), "every verb on every resource is the cluster itself", Everything),
        Find("everything", Severity.Critical, User("alice@example.com"), "every verb on every resource is the cluster itself", Everything),
        Find("nodes-proxy", Severity.Critical, Account("monitoring", "prometheus-server"),
            "get on nodes/proxy runs commands in every pod of every node", Rule("get", "nodes,nodes/proxy,nodes/metrics")),
        Find("anonymous-bound", Severity.High, User("system:anonymous"), "anyone who reaches the API server reads /metrics", Metrics),
        Find("impersonate", Severity.High, new Subject.Group("команда-безопасности"),
            "impersonate on users and groups becomes anybody else", Rule("impersonate", "users,groups")),
        Find("secrets-read", Severity.High, Account("ci", "pipeline"),
            "list on secrets reads every secret of three namespaces with powerful accounts", Rule("get,list,watch", "secrets"),
            "ci", "kube-system", "production"),
        Find("workload-create", Severity.High, new Subject.Group("sre"),
            "create on pods runs as any service account of kube-system", Rule("create,update,patch", "pods"), "kube-system"),
        Find("secrets-read", Severity.Medium, User("bob"), "get on two named secrets", Rule("get", "secrets", "db-password", "tls-front"), "shop"),
        Find("workload-create", Severity.Medium, Account("staging", "job-runner"),
            "create on jobs runs as any service account of staging", Jobs, "staging"),
        About("token-automounted", Severity.Low, new("Deployment", "shop", "front"),
            "the token of shop/default is mounted though it is bound to nothing", "shop"),
        About("long-lived-token", Severity.Low, new("Secret", "legacy", "deployer-token-x7k2p"),
            "the token never expires and was last used on 2026-10-02", "legacy"),
        About("role-unused", Severity.Info, new("Role", "shop", "old-operator"), "no binding refers to it", "shop"),
        About("webhook-failing-open", Severity.Medium, Target.Cluster, "image-policy.example.com is skipped when it cannot be reached") with
        {
            Suppression = new("dana@example.com", "The registry mirror is checked by the runtime as well.", new DateOnly(2027, 3, 31)),
        },
    ];

    static Subject.ServiceAccount Account(string ns, string name) => new(ns, name);

    static Subject.User User(string name) => new(name);

    static Finding About(string policy, Severity severity, Target target, string because, params string[] namespaces) =>
        new(Policies[policy], target, namespaces.Length == 0 ? [Scope.Cluster] : [.. namespaces.Select(ns => new Scope(ns))], severity, because);

    static Policy Ask(string id, string area, string title, string[] needs, params Reference[] references) => new()
    {
        Id = id,
        Area = area,
        Title = $"Subject {title}",
        Why = $"""
            Whoever {title.Split(' ')[0]} this way holds more than the name of the permission says. An attacker who takes over one such subject,
            by a stolen token or a leaked kubeconfig, goes on from there.

            The API server checks the request as it is made, and nothing later looks at it again:
            - admission control never sees reads,
            - the audit log shows it only where the audit policy asks for it.
            """,
        Fix = """
            Grant the verbs that are used, on the resources they are used on, in the namespaces they are used in. Where a controller asks for
            more, ask its authors for a namespaced installation.
            """,
        References = [.. references],
        Match = new Match.Fact(FactKind.RoleUnused, new(Severity.Info, Severity.Info, Severity.Info)),
        Needs = [.. needs],
    };
}
