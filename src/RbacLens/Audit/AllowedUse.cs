using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Audit;

/// <summary>An entry of an allow-list: what somebody does for good reasons, until a day.</summary>
/// <param name="Detection">The detection's id; <c>*</c> stands for any text.</param>
/// <param name="User">The user name, likewise: <c>system:serviceaccount:ci:*</c>.</param>
/// <param name="Target">The target as reports write it, likewise: <c>services monitoring/grafana</c>.</param>
/// <param name="Suppression">Who vouches for it, why, and the last day it counts.</param>
public sealed record AllowedUse(string Detection, string User, string Target, Suppression Suppression)
{
    /// <summary>Whether the entry is about this detection.</summary>
    public bool IsAbout(Detection detection) => IsAbout(detection.Id, detection.User, detection.Target);

    /// <summary>Whether the entry is about what somebody did to a target.</summary>
    public bool IsAbout(string detection, string user, DetectionTarget target) =>
        TextPattern.Fits(Detection, detection) && TextPattern.Fits(User, user) && TextPattern.Fits(Target, target.ToString());

    /// <summary>Marks what is allowed on a day. An entry that has expired allows nothing.</summary>
    /// <param name="detections">The detections.</param>
    /// <param name="uses">The entries; the first that fits counts.</param>
    /// <param name="today">The day.</param>
    /// <returns>The detections, and the entries that allow none of them.</returns>
    public static (ImmutableArray<Detection> Detections, ImmutableArray<AllowedUse> Idle) Allow(
        ImmutableArray<Detection> detections, IReadOnlyList<AllowedUse> uses, DateOnly today)
    {
        var valid = uses.Where(use => use.Suppression.Until >= today).ToList();
        var used = new HashSet<AllowedUse>(ReferenceEqualityComparer.Instance);
        var marked = detections.Select(detection =>
        {
            if (valid.Find(use => use.IsAbout(detection)) is not { } use)
                return detection;
            used.Add(use);
            return detection with { Suppression = use.Suppression };
        }).ToImmutableArray();
        return (marked, [.. uses.Where(use => !used.Contains(use))]);
    }
}
