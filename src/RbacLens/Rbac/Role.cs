using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>A ClusterRole (scope: the cluster) or a Role (scope: its namespace).</summary>
/// <param name="Scope">The cluster, or the namespace the Role lives in.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Rules">What it allows.</param>
public sealed record Role(Scope Scope, string Name, RuleSet Rules)
{
    /// <summary>The object's labels; aggregation selects by them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The selectors of <c>aggregationRule</c>; empty for a role that aggregates nothing.</summary>
    public ImmutableArray<LabelSelector> Aggregates { get; init; } = [];

    /// <summary>Whether the API server restores it to what ships when it starts; the autoupdate annotation can say no.</summary>
    public bool IsReconciled { get; init; } = true;

    /// <summary>When this object was made, to a second; null where nothing says it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether it aggregates what has these labels.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var selector in Aggregates)
            if (selector.Selects(labels))
                return true;
        return false;
    }

    /// <summary><c>ClusterRole</c> or <c>Role</c>.</summary>
    public string Kind => Scope.IsCluster ? "ClusterRole" : "Role";
}

/// <summary>A Kubernetes label selector: all of <c>matchLabels</c> and all of <c>matchExpressions</c>.</summary>
/// <param name="MatchLabels">Labels that must be there with exactly these values.</param>
/// <param name="MatchExpressions">Further requirements.</param>
public sealed record LabelSelector(
    ImmutableSortedDictionary<string, string> MatchLabels, ImmutableArray<LabelSelector.Requirement> MatchExpressions)
{
    /// <summary>One requirement of <c>matchExpressions</c>.</summary>
    /// <param name="Key">The label.</param>
    /// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>; anything else selects nothing.</param>
    /// <param name="Values">The values for <c>In</c> and <c>NotIn</c>.</param>
    public sealed record Requirement(string Key, string Operator, Names Values);

    /// <summary>Whether these labels are selected. An empty selector selects everything.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var wanted in MatchLabels)
            if (!labels.TryGetValue(wanted.Key, out var value) || value != wanted.Value)
                return false;
        foreach (var requirement in MatchExpressions)
            if (!Holds(requirement, labels.GetValueOrDefault(requirement.Key)))
                return false;
        return true;
    }

    static bool Holds(Requirement requirement, string? value) => requirement.Operator switch
    {
        "In" => value is not null && requirement.Values.Lists(value),
        "NotIn" => value is null || !requirement.Values.Lists(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };
}
