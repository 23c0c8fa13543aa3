using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A pod, or the template of pods that are not there yet, with the accounts whose tokens are in it.</summary>
/// <param name="Workload">The pod or template.</param>
/// <param name="Accounts">The accounts whose tokens it holds, each with how.</param>
/// <param name="Escape">How it reaches its node; null where it does not.</param>
/// <param name="Node">Where it runs: a node; <c>*</c> for a DaemonSet, which runs on all of them; empty where that is not known.</param>
sealed record Running(Workload Workload, ImmutableArray<(Subject.ServiceAccount Account, string How)> Accounts, string? Escape, string Node)
{
    /// <summary>The pod's name; null for pods of a template, whose names are not known.</summary>
    public string? PodName => Workload.Kind == "Pod" ? Workload.Name : null;

    /// <summary>Whether it is known to hold the same tokens, as pods of one controller do that stand side by side.</summary>
    public bool HoldsAs(Running? other) => Accounts == other?.Accounts;

    /// <summary>As in "pod web", "a pod of Deployment web".</summary>
    public string Words => Workload.Kind == "Pod" ? $"pod {Workload.Name}" : $"a pod of {Workload.Kind} {Workload.Name}";
}
