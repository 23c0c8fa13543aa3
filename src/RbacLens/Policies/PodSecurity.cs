using RbacLens.Access;

namespace RbacLens.Policies;

/// <summary>
/// What the Pod Security level that a namespace enforces makes of the right to run pods there: <c>baseline</c> and <c>restricted</c> keep pods
/// off their node, <c>privileged</c> says outright that they may have it. A namespace without the label may be held by another admission plugin,
/// or by the defaults of this one, which cannot be read: it decides nothing.
/// </summary>
sealed class PodSecurity(Snapshot snapshot)
{
    readonly Dictionary<string, string?> enforced = snapshot.Namespaces.ToDictionary(ns => ns.Name, ns => ns.PodSecurity, StringComparer.Ordinal);

    /// <summary>How many steps worse a case is for the level of a namespace, and why; only where the case can reach a node.</summary>
    public (int Steps, string? Because) Decide(Case @case, string @namespace) =>
        !@case.Reaches.HasFlag(Reach.Host) ? default : enforced.GetValueOrDefault(@namespace) switch
        {
            "privileged" => (1, $"; Pod Security allows privileged pods in {@namespace}, and they are root on their node"),
            ("baseline" or "restricted") and var level => (-1, $"; Pod Security enforces {level} in {@namespace}, which keeps its pods off their node"),
            _ => default,
        };
}
