using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>The steps by which an identity, or an intruder in a container, comes to a goal.</summary>
/// <param name="From">A User, Group or ServiceAccount, or the workload the intruder is in.</param>
/// <param name="To">One of <see cref="Goal"/>, or the subject that was asked for.</param>
/// <param name="Steps">In order; at least one.</param>
public sealed record Path(Target From, Target To, ImmutableArray<Step> Steps)
{
    /// <inheritdoc/>
    public bool Equals(Path? other) => other is not null && From == other.From && To == other.To && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, To, Steps.Length);
}

/// <summary>One step of a path: what is asked of the API server, what allows it, and who or what one is afterwards.</summary>
/// <param name="Policy">The policy that knows this step; a word in brackets for a step that is no request.</param>
/// <param name="Sentence">What happens, in one sentence.</param>
/// <param name="Requests">
/// All of these are needed, and all are allowed to the identity reached so far. Empty for a step that asks nothing of the API server: a
/// token that lies in the container, a way out of the container to its node.
/// </param>
/// <param name="Becomes">The subject, the Node (<c>*</c> for every one), or the <see cref="Goal"/>.</param>
public sealed record Step(string Policy, string Sentence, ImmutableArray<GrantedRequest> Requests, Target Becomes)
{
    /// <summary>A binding that makes it pay, though it allows none of the requests: to the role that is written, or the one that is changed. Null for none.</summary>
    public Grant? Through { get; init; }

    /// <summary>Whether one only acts as what one becomes, by impersonation, and so cannot impersonate on.</summary>
    public bool IsBorrowed { get; init; }

    /// <inheritdoc/>
    public bool Equals(Step? other) =>
        other is not null && Policy == other.Policy && Sentence == other.Sentence && Becomes == other.Becomes && IsBorrowed == other.IsBorrowed
        && Requests.AsSpan().SequenceEqual(other.Requests.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Policy, Sentence, Becomes);
}

/// <summary>A request and what allows it.</summary>
/// <param name="Request">As the authorizer is asked.</param>
/// <param name="Grant">The grant; its subject may be a group the identity is in.</param>
public sealed record GrantedRequest(AccessRequest Request, Grant Grant);

/// <summary>Where a path can lead besides to a subject.</summary>
public static class Goal
{
    /// <summary>Every verb on every resource of the whole cluster, or what comes to the same.</summary>
    public static Target ClusterAdmin { get; } = new("Goal", "", "cluster-admin");

    /// <summary>A node, with whatever runs there.</summary>
    public static Target Node { get; } = new("Goal", "", "node");

    /// <summary>Every Secret of the cluster.</summary>
    public static Target AllSecrets { get; } = new("Goal", "", "all-secrets");
}
