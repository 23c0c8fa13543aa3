using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Benchmarks;

/// <summary>
/// Makes clusters whose searches do reach goals: 10,000 accounts in 5,000 namespaces, which lead from one to the next by pods, tokens, Secrets,
/// commands and impersonation, every hundredth of them into kube-system. The same cluster for the same number of bindings.
/// </summary>
static class PathClusters
{
    /// <summary>How many namespaces there are, whatever the bindings.</summary>
    public const int Namespaces = 5_000;

    const int AccountsEach = 2;

    static readonly (string Verb, string Group, string Resource)[] Ways =
    [
        ("create", "", "pods"), ("create", "", "serviceaccounts/token"), ("list", "", "secrets"), ("create", "", "pods/exec"),
        ("impersonate", "", "serviceaccounts"), ("create", "batch", "jobs"), ("patch", "apps", "deployments"), ("update", "", "configmaps"),
    ];

    /// <summary>A cluster with so many bindings of its own, besides what Kubernetes ships.</summary>
    public static Snapshot Of(int bindings, IEnumerable<Role> shippedRoles, IEnumerable<Binding> shippedBindings)
    {
        var roles = Ways.Select((way, number) => new Role(Scope.Cluster, $"way-{number}", RuleSet.Of(new PolicyRule
        {
            Verbs = Names.Of(way.Verb),
            ApiGroups = Names.Of(way.Group),
            Resources = Names.Of(way.Resource),
        }))).ToImmutableArray();
        return new Snapshot
        {
            Cluster = new("generated", "v1.34.2", "dump"),
            CollectedAt = DateTimeOffset.UnixEpoch,
            Roles = [.. shippedRoles, .. roles],
            Bindings = [.. shippedBindings, .. Enumerable.Range(0, bindings).Select(number => Binding(number, roles))],
            Accounts = [new Account("kube-system", "clusterrole-aggregation-controller", null), .. from ns in Enumerable.Range(0, Namespaces) from account in Enumerable.Range(0, AccountsEach) select new Account(NamespaceOf(ns), AccountOf(account), null)],
            Namespaces = [.. from ns in Enumerable.Range(0, Namespaces) select new Namespace(NamespaceOf(ns), ns % 3 == 0 ? null : "baseline")],
            Workloads = [.. from ns in Enumerable.Range(0, Namespaces) select Pod(ns)],
            TokenSecrets = [.. from ns in Enumerable.Range(0, Namespaces) where ns % 5 == 0 select new TokenSecret(NamespaceOf(ns), "token", AccountOf(0))],
        };
    }

    static string NamespaceOf(int number) => $"team-{number % Namespaces:d4}";

    static string AccountOf(int number) => $"account-{number % AccountsEach}";

    // From its own namespace into the next but some; one in a hundred comes to the controllers of Kubernetes, and one in fifty is a group.
    static Binding Binding(int number, ImmutableArray<Role> roles)
    {
        var home = NamespaceOf(number);
        var there = number % 100 == 97 ? "kube-system" : NamespaceOf((number * 7) + 1 + (number / Namespaces));
        Subject subject = number % 50 == 0 ? new Subject.Group(WellKnown.ServiceAccountsOf(home)) : new Subject.ServiceAccount(home, AccountOf(number / Namespaces));
        return new(new(there), $"binding-{number}", [subject], new("ClusterRole", roles[number % roles.Length].Name));
    }

    static Workload Pod(int ns) => new("Pod", NamespaceOf(ns), "app", AccountOf(1), null, ProjectsToken: false, "ReplicaSet/app") { Node = $"node-{ns % 500}" };
}
