using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What an audit log says about the use of grants. All of it holds within its window and no further.</summary>
/// <param name="From">When the first request of the log was received; null where the log says no time that can be read.</param>
/// <param name="To">When the last one was; null likewise.</param>
/// <param name="Requests">Distinct requests in the log, refused ones included.</param>
/// <param name="Bindings">
/// By kind, namespace and name. With a cluster to compare with, every binding of it; otherwise those that the log names.
/// </param>
public sealed record Usage(DateTimeOffset? From, DateTimeOffset? To, long Requests, ImmutableArray<BindingUsage> Bindings)
{
    /// <summary>How long the log goes on; zero where its times are not known, so that it proves nothing of what is not in it.</summary>
    public TimeSpan Span => To - From ?? TimeSpan.Zero;

    /// <summary>What the log that was read is called; empty where nothing says it.</summary>
    public string Log { get; init; } = "";

    /// <summary>Service accounts whose tokens workloads hold, by namespace and name; empty where only the log is known.</summary>
    public ImmutableArray<AccountUsage> Accounts { get; init; } = [];
}

/// <summary>The use of a service account whose token workloads hold.</summary>
/// <param name="Account">The account.</param>
/// <param name="MountedIn">The workloads, as <c>Deployment web</c>; sorted.</param>
/// <param name="Used">Requests by it, refused ones included.</param>
public sealed record AccountUsage(Subject.ServiceAccount Account, ImmutableArray<string> MountedIn, UseCount Used)
{
    /// <summary>Whether the log would show its use.</summary>
    public bool IsObservable { get; init; } = true;
}

/// <summary>How often, and when first and last.</summary>
/// <param name="Requests">Distinct requests.</param>
/// <param name="First">When the first was received; null for never within the window, or at unknown times.</param>
/// <param name="Last">When the last was received; null likewise.</param>
public readonly record struct UseCount(long Requests, DateTimeOffset? First, DateTimeOffset? Last)
{
    /// <summary>Both together.</summary>
    public UseCount Plus(UseCount other) => Requests == 0 ? other : other.Requests == 0 ? this : new(
        Requests + other.Requests,
        other.First is null || First < other.First ? First : other.First,
        other.Last is null || Last > other.Last ? Last : other.Last);
}

/// <summary>The use of one binding.</summary>
public sealed record BindingUsage
{
    /// <summary>Where it is.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The role it refers to.</summary>
    public required RoleRef RoleRef { get; init; }

    /// <summary>Requests that were allowed through it: those whose annotation names it, and what the authorizer says where there is none.</summary>
    public required UseCount Used { get; init; }

    /// <summary>
    /// Further requests that it would have allowed, had the binding that the log names not been asked first. A binding with such requests
    /// is not proved unused.
    /// </summary>
    public long AlsoAllowed { get; init; }

    /// <summary>Whether the log would show its use at all: recorded by the audit policy, and requests that reach the API server.</summary>
    public bool IsObservable { get; init; } = true;

    /// <summary>Whether the log names it and the cluster, as it was read, has it no more.</summary>
    public bool IsGone { get; init; }

    /// <summary>By rule of the role; empty where the role is not known.</summary>
    public ImmutableArray<RuleUsage> Rules { get; init; } = [];

    /// <summary><c>ClusterRoleBinding</c> or <c>RoleBinding</c>.</summary>
    public string Kind => Scope.IsCluster ? "ClusterRoleBinding" : "RoleBinding";
}

/// <summary>The use of one rule through one binding.</summary>
/// <param name="Rule">The index of the rule in its role.</param>
/// <param name="Used">Requests that this rule is the first of the role to allow.</param>
public sealed record RuleUsage(int Rule, UseCount Used)
{
    /// <summary>Further requests that it would have allowed, had another binding or rule not come first.</summary>
    public long AlsoAllowed { get; init; }

    /// <summary>Whether the log would show its use.</summary>
    public bool IsObservable { get; init; } = true;

    /// <summary>For a rule with wildcards: what was really used of it, as <c>get pods</c> or <c>create deployments.apps</c>; sorted.</summary>
    public ImmutableArray<string> Members { get; init; } = [];
}
