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
    public static Subject? Start(string text) => text switch
    {
        Workloads => null,
        "anonymous" => new Subject.User(WellKnown.Anonymous),
        "authenticated" => new Subject.Group(WellKnown.Authenticated),
        _ => SubjectOf(text) ?? throw new InputException($"--start {text}: expected {Workloads}, anonymous, authenticated, or {SubjectForms}"),
    };

    /// <summary>A goal, or a subject.</summary>
    /// <exception cref="InputException">It is no such word.</exception>
    public static Target End(string text) => text switch
    {
        "cluster-admin" => Goal.ClusterAdmin,
        "node" => Goal.Node,
        "all-secrets" => Goal.AllSecrets,
        _ => Target.Of(SubjectOf(text) ?? throw new InputException($"--to {text}: expected cluster-admin, node, all-secrets, or {SubjectForms}")),
    };

    /// <summary>The subject that a target is; null for goals.</summary>
    public static Subject? SubjectOf(Target target) => target.Kind switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        "User" => new Subject.User(target.Name),
        "Group" => new Subject.Group(target.Name),
        _ => null,
    };

    const string SubjectForms = "sa:NAMESPACE/NAME, user:NAME or group:NAME";

    static Subject? SubjectOf(string text)
    {
        var (kind, name) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon].ToLowerInvariant(), text[(colon + 1)..]) : ("", "");
        return kind switch
        {
            "user" when name.Length > 0 => new Subject.User(name).Canonical,
            "group" when name.Length > 0 => new Subject.Group(name),
            "sa" or "serviceaccount" when name.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } account] => new Subject.ServiceAccount(ns, account),
            _ => WellKnown.TryServiceAccount(text),
        };
    }
}
