using RbacLens.Access;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What was looked at and what was left out, in whole sentences.</summary>
static class ScopeModel
{
    /// <summary>The sentences.</summary>
    public static IEnumerable<string> Of(Posture posture)
    {
        yield return posture.Cluster.Source switch
        {
            "live" => $"The API server of {posture.Cluster.Context} was asked for its objects; nothing was changed.",
            "dump" => $"A dump, {posture.Cluster.Context}, was read, not a cluster. What was not dumped is not in it.",
            _ => $"Manifests, {posture.Cluster.Context}, were read, together with what Kubernetes ships. A cluster may hold more than they say.",
        };
        yield return $"{Counted.Of(posture.Counts.Values.Sum(), "object")} of {Counted.Of(posture.Counts.Count, "kind")} were read, and {Counted.Of(posture.Policies.Length, "policy was", "policies were")} asked.";
        if (posture.Cluster.Version is null)
            yield return "The Kubernetes version is not known, so what counts as shipped is what equals what some release ships, not necessarily the one that runs; --kubernetes-version says which.";
        if (posture.InputDigest is { } digest)
            yield return $"The input's digest is {digest}, as sha256sum prints it.";
        if (posture.View is { } view)
            yield return $"Only what {view.Title} asks for is shown.";
        if (posture.Upgrade is { } upgrade)
            yield return $"Only what the upgrade from {upgrade} changes is shown.";
        if (posture.Gaps.Any(gap => gap.Reason == Gap.Reasons.Partial))
            yield return "Only some namespaces were looked at.";
        if (posture.Usage is null)
            yield return "No audit log was read, so whether a grant is used is not known.";
    }
}
