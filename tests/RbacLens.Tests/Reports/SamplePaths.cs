using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

/// <summary>Two paths to cluster-admin and the choke point they share, made by hand.</summary>
static class SamplePaths
{
    static readonly Subject Runner = new Subject.ServiceAccount("staging", "job-runner");
    static readonly Subject Pipeline = new Subject.ServiceAccount("ci", "pipeline");
    static readonly Subject OnCall = new Subject.Group("jit:oncall:staging");

    public static ImmutableArray<RbacLens.Paths.Path> Paths { get; } =
    [
        new(Target.Of(Runner), Goal.ClusterAdmin, [Job(), Holds()]),
        new(Target.Of(OnCall), Goal.ClusterAdmin, [Exec(), Job(), Holds()]),
    ];

    /// <summary>One whose only step pays by a binding that allows none of it.</summary>
    public static RbacLens.Paths.Path Rewriting { get; } = new(Target.Of(Pipeline), Goal.ClusterAdmin, [Rewrites()]);

    /// <summary>One that goes from an account that is impersonated to the same account, and holds it.</summary>
    public static RbacLens.Paths.Path Impersonating { get; } = new(Target.Of(OnCall), Goal.ClusterAdmin, [Impersonates(), Job(), Holds()]);

    public static ImmutableArray<ChokePoint> ChokePoints { get; } =
    [
        new(Everything().Binding, [Target.Of(OnCall), Target.Of(Runner)], 2, "ServiceAccount ci/pipeline would hold nothing"),
    ];

    static Step Job() => new(
        "workload-create", "creates a Job in ci that runs as ServiceAccount ci/pipeline",
        [new(new AccessRequest.Resource("create", "batch", "jobs", Namespace: "ci"), Grant(Runner, "job-runner", new("ci"), "create", "batch", "jobs"))],
        Target.Of(Pipeline));

    static Step Impersonates() => new(
        "impersonate", "acts as ServiceAccount ci/pipeline",
        [new(new AccessRequest.Resource("impersonate", "", "serviceaccounts", Namespace: "ci", Name: "pipeline"), Grant(OnCall, "actors", new("ci"), "impersonate", "", "serviceaccounts"))],
        Target.Of(Pipeline))
    { IsBorrowed = true };

    static Step Holds() => new(
        "cluster-admin-binding", "holds cluster-admin", [new(new AccessRequest.Resource("*", "*", "*"), Everything())], Goal.ClusterAdmin);

    static Step Rewrites() => new(
        "escalate", "escalate on clusterroles tenants and update on clusterroles tenants writes any permission into roles by name; by way of ClusterRoleBinding tenants",
        [new(new AccessRequest.Resource("update", "rbac.authorization.k8s.io", "clusterroles", Name: "tenants"), Grant(Pipeline, "writer", Scope.Cluster, "update", "rbac.authorization.k8s.io", "clusterroles"))],
        Goal.ClusterAdmin)
    {
        Through = Grant(Pipeline, "tenants", Scope.Cluster, "get", "", "pods"),
    };

    static Step Exec() => new(
        "pods-exec", "runs a command in pod web, and takes its token",
        [
            new(new AccessRequest.Resource("create", "", "pods", "exec", "staging", "web"), Grant(OnCall, "jit-debug", new("staging"), "create", "", "pods/exec")),
            new(new AccessRequest.Resource("get", "", "pods", "", "staging", "web"), Grant(OnCall, "jit-debug", new("staging"), "create", "", "pods/exec")),
        ],
        Target.Of(Runner));

    static Grant Everything() => Grant(Pipeline, "ci-cluster-admin", Scope.Cluster, "*", "*", "*");

    static Grant Grant(Subject subject, string name, Scope scope, string verb, string group, string resource)
    {
        var rule = new PolicyRule { Verbs = Names.Of(verb), ApiGroups = Names.Of(group), Resources = Names.Of(resource) };
        var role = new Role(scope, name, RuleSet.Of(rule));
        return new(subject, new(scope, name, [subject], new(role.Kind, name)), role, [0]);
    }
}
