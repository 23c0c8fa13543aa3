using System.Text;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Paths;

/// <summary>Searches paths as the command does.</summary>
static class PathFinding
{
    public static async Task<(Snapshot Snapshot, PathSearch Search)> InFilesAsync(params string[] paths)
    {
        var read = await new FileSource("default", recursive: false).ReadAsync(paths, () => Stream.Null, default, default);
        return await InAsync(read.Cluster.Source == "manifests" ? await Shipped.ApplyAsync(read, default) : read);
    }

    /// <summary>What a cluster of this version would make of the manifests.</summary>
    public static async Task<Snapshot> ReadManifestsAsync(string yaml, string? version)
    {
        var read = await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(yaml)), default, default);
        return await Shipped.ApplyAsync(read with { Cluster = read.Cluster with { Version = version } }, default);
    }

    public static async Task<PathSearch> SearchAsync(Snapshot snapshot, params IEnumerable<Subject?> asked) =>
        PathSearch.Of(snapshot, [.. PolicyFiles.BuiltIn], await Shipped.StockAsync(snapshot, default), asked.OfType<Subject>());

    static async Task<(Snapshot, PathSearch)> InAsync(Snapshot snapshot) => (snapshot, await SearchAsync(snapshot));

    /// <summary>What is wrong with a path when each of its requests is put to the authorizer as the identity that was reached; nothing, if all is well.</summary>
    public static IEnumerable<string> Faults(RbacLens.Paths.Path path, Authorizer authorizer)
    {
        var (at, isBorrowed) = (path.From, false);
        if (path.Steps.IsEmpty)
            yield return $"{path.From}: a path without steps";
        foreach (var step in path.Steps)
        {
            foreach (var granted in step.Requests)
                if (SubjectOf(at) is not { } subject || !authorizer.Decide(Identity.Of(subject), granted.Request).Allowed)
                    yield return $"{path.From} to {path.To}: {at} may not {granted.Request} in {granted.Request.Namespace} ({step.Sentence})";
            if (isBorrowed && step.Requests.Any(granted => IsImpersonation(granted.Request)))
                yield return $"{path.From} to {path.To}: {at} is impersonated and cannot impersonate ({step.Sentence})";
            if (!step.IsBorrowed && step.Becomes.Kind is "User" or "Group" or "ServiceAccount" && step.Requests.Any(granted => granted.Request.Verb == "impersonate"))
                yield return $"{path.From} to {path.To}: {step.Becomes} is only impersonated ({step.Sentence})";
            if (step.Requests.IsEmpty && step.Policy[0] != '(')
                yield return $"{path.From} to {path.To}: {step.Policy} asks for nothing ({step.Sentence})";
            (at, isBorrowed) = (step.Becomes, step.IsBorrowed);
        }

        if (at != path.To && !(path.To == Goal.Node && at.Kind == "Node"))
            yield return $"{path.From}: ends at {at} and not at {path.To}";
    }

    // Who impersonates must be who sends the request.
    static bool IsImpersonation(AccessRequest request) => request.Verb.StartsWith("impersonate", StringComparison.Ordinal);

    static Subject? SubjectOf(Target target) => target.Kind switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        "User" => new Subject.User(target.Name),
        "Group" => new Subject.Group(target.Name),
        _ => null,
    };
}
