using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>Something that a release changes for grants that exist.</summary>
/// <param name="Policy">Its texts; the policy's own question is never asked by a scan.</param>
/// <param name="Since">The release that brings it; null where <paramref name="Affects"/> knows the releases itself.</param>
/// <param name="Affects">Whom it concerns.</param>
public sealed record UpgradeChange(Policy Policy, KubernetesVersion? Since, Affects Affects)
{
    /// <summary>Whether it concerns every upgrade to that release or a later one, and not only the one that crosses it.</summary>
    public bool Stands { get; init; }

    /// <summary>Where Kubernetes says so: files of its source, change logs, enhancement proposals.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The change's proof.</summary>
    public ImmutableArray<UpgradeExample> Examples { get; init; } = [];

    /// <summary>Whether an upgrade along this path meets the change.</summary>
    public bool IsMetOn(UpgradePath path) => Since is not { } since || (Stands ? path.To >= since : path.Crosses(since));
}

/// <summary>Manifests, an upgrade, and what must come of it.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Manifests">YAML documents.</param>
/// <param name="Path">The upgrade.</param>
/// <param name="IsAffected">Whether the change must be reported.</param>
/// <param name="Severity">The severity expected; null for any.</param>
public sealed record UpgradeExample(string Title, string Manifests, UpgradePath Path, bool IsAffected, Severity? Severity)
{
    /// <summary>Manifests that replace the others with the upgrade; null where they stay.</summary>
    public string? Next { get; init; }
}

/// <summary>Whom a change concerns.</summary>
public abstract record Affects
{
    /// <summary>Whoever may do one thing; the first case that holds for a subject in a scope counts.</summary>
    /// <param name="Cases">The cases.</param>
    public sealed record Requests(ImmutableArray<Shift> Cases) : Affects;

    /// <summary>Rules that name a resource which is no longer served.</summary>
    /// <param name="Policy">The id of the policy that lists what is gone.</param>
    /// <param name="Severity">How bad, where it goes on the way.</param>
    public sealed record Gone(string Policy, Severity Severity) : Affects;

    /// <summary>Something that has to be worked out.</summary>
    /// <param name="What">What.</param>
    /// <param name="Except">Ids of policies that are left out, because other changes say it better.</param>
    public sealed record Worked(WorkedOut What, Names Except) : Affects;

    /// <summary>The cluster as a whole, whatever is granted.</summary>
    /// <param name="Says">What there is to know.</param>
    public sealed record Note(string Says) : Affects;
}

/// <summary>What an upgrade changes in ways that no single request tells.</summary>
public enum WorkedOut
{
    /// <summary>Holders of nodes/proxy, and what their nodes' kubelets let them use instead.</summary>
    NodesProxy,

    /// <summary>Grants of the kubelet's finer subresources, on nodes that do not ask for them yet.</summary>
    FineGrainedTooEarly,

    /// <summary>Kubelets too old or too new for the API server.</summary>
    KubeletSkew,

    /// <summary>Roles that the new release ships with more or fewer rules.</summary>
    ShippedRoles,

    /// <summary>Tokens without expiry that the clean-up will invalidate.</summary>
    LegacyTokens,

    /// <summary>What a scan will find then and does not find now, or the other way round.</summary>
    Scan,

    /// <summary>Roles that drop, keep or take up nodes/proxy in what is to be installed.</summary>
    NextProxies,

    /// <summary>Roles that allow more or less in what is to be installed.</summary>
    NextRoles,

    /// <summary>What a scan finds in what is to be installed and not in what runs now, or the other way round.</summary>
    NextScan,
}

/// <summary>One way in which requests are decided differently.</summary>
/// <param name="Has">Allowed today.</param>
/// <param name="Lacks">None of these is allowed to the same subject there; empty for no such condition.</param>
/// <param name="Means">What that leads to.</param>
/// <param name="Severity">How bad, where a rule spells the resource out.</param>
/// <param name="ByWildcard">How bad, where only wildcards allow it, so that nobody may have meant it; null for not worth a word.</param>
public sealed record Shift(Question Has, ImmutableArray<Question> Lacks, string Means, Severity Severity, Severity? ByWildcard);
