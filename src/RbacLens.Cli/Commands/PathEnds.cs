using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>The words for where paths start and where they lead.</summary>
static class PathEnds
{
    /// <summary>In place of a subject: a container of each workload.</summary>
    public const string Workloads = "workloads";

    /// <summary>Whom a start means; null for <see cref="Workloads"/>, which are no subject.</summary>
    /// <exception cref="InputException">It is no such word.</exception>
    public static Subject? Start(string text, Snapshot snapshot) => text switch
    {
        Workloads => null,
        "anonymous" => new Subject.User(WellKnown.Anonymous),
        "authenticated" => new Subject.Group(WellKnown.Authenticated),
        _ => SubjectWords.Read(text, snapshot, or: $"{Workloads}, anonymous or authenticated"),
    };

    /// <summary>A goal, or a subject.</summary>
    /// <exception cref="InputException">It is no such word.</exception>
    public static Target End(string text, Snapshot snapshot) => text switch
    {
        "cluster-admin" => Goal.ClusterAdmin,
        "node" => Goal.Node,
        "all-secrets" => Goal.AllSecrets,
        _ => Target.Of(SubjectWords.Read(text, snapshot, or: "cluster-admin, node or all-secrets")),
    };

    /// <summary>The subject that a target is; null for goals.</summary>
    public static Subject? SubjectOf(Target target) => target.Kind switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        "User" => new Subject.User(target.Name),
        "Group" => new Subject.Group(target.Name),
        _ => null,
    };
}
