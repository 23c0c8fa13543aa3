using System.Collections;
using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>
/// The body of a role: its rules in order, equal by value. Clusters repeat the same body thousands of times, so bodies are interned
/// and every question is asked once per distinct body.
/// </summary>
public sealed class RuleSet : IReadOnlyList<PolicyRule>, IEquatable<RuleSet>
{
    readonly ImmutableArray<PolicyRule> rules;
    readonly int hash;

    /// <summary>The body without rules.</summary>
    public static RuleSet Empty { get; } = new([]);

    RuleSet(ImmutableArray<PolicyRule> rules)
    {
        this.rules = rules;
        var hashCode = new HashCode();
        foreach (var rule in rules)
            hashCode.Add(rule);
        hash = hashCode.ToHashCode();
    }

    /// <summary>A body of these rules.</summary>
    public static RuleSet Of(params IEnumerable<PolicyRule> rules)
    {
        var array = rules.ToImmutableArray();
        return array.IsEmpty ? Empty : new(array);
    }

    /// <inheritdoc/>
    public int Count => rules.Length;

    /// <inheritdoc/>
    public PolicyRule this[int index] => rules[index];

    /// <summary>The rules, without copying.</summary>
    public ReadOnlySpan<PolicyRule> AsSpan() => rules.AsSpan();

    /// <summary>The index of the first rule that allows the request, or -1.</summary>
    public int IndexOfFirstAllowing(AccessRequest request)
    {
        for (var i = 0; i < rules.Length; i++)
            if (rules[i].Allows(request))
                return i;
        return -1;
    }

    /// <inheritdoc/>
    public bool Equals(RuleSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && rules.AsSpan().SequenceEqual(other.rules.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RuleSet);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>For <c>foreach</c>, without an object for it.</summary>
    public ImmutableArray<PolicyRule>.Enumerator GetEnumerator() => rules.GetEnumerator();

    IEnumerator<PolicyRule> IEnumerable<PolicyRule>.GetEnumerator() => ((IEnumerable<PolicyRule>)rules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)rules).GetEnumerator();
}
