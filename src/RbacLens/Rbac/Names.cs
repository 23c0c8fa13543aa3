using System.Collections;
using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>One field of a rule: strings in the order they were written, equal by value.</summary>
public sealed class Names : IReadOnlyList<string>, IEquatable<Names>
{
    readonly ImmutableArray<string> values;
    readonly int hash;

    /// <summary>The empty field.</summary>
    public static Names None { get; } = new([]);

    Names(ImmutableArray<string> values)
    {
        this.values = values;
        AdmitsAll = values.Contains("*");
        var hashCode = new HashCode();
        foreach (var value in values)
            hashCode.Add(value, StringComparer.Ordinal);
        hash = hashCode.ToHashCode();
    }

    /// <summary>A field that holds these strings.</summary>
    public static Names Of(params IEnumerable<string> values)
    {
        var array = values.ToImmutableArray();
        return array.IsEmpty ? None : new(array);
    }

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <summary>Whether nothing is listed.</summary>
    public bool IsEmpty => values.IsEmpty;

    /// <summary>Whether <c>*</c> is listed.</summary>
    public bool AdmitsAll { get; }

    /// <inheritdoc/>
    public string this[int index] => values[index];

    /// <summary>Whether the field covers a value: it lists the value or <c>*</c>. Case matters.</summary>
    public bool Admits(string value) => AdmitsAll || Lists(value);

    /// <summary>Whether exactly this value is listed. <c>*</c> has no meaning here: resourceNames knows no wildcard.</summary>
    public bool Lists(string value)
    {
        foreach (var listed in values)
            if (string.Equals(listed, value, StringComparison.Ordinal))
                return true;
        return false;
    }

    /// <summary>The listed strings, without copying.</summary>
    public ReadOnlySpan<string> AsSpan() => values.AsSpan();

    /// <inheritdoc/>
    public bool Equals(Names? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && values.AsSpan().SequenceEqual(other.values.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Names);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", values);

    /// <summary>Whether a listed string is so; in place of LINQ's, since this is asked millions of times, without an enumerator.</summary>
    public bool Any(Func<string, bool> isSo)
    {
        foreach (var value in values)
            if (isSo(value))
                return true;
        return false;
    }

    /// <summary>Whether all listed strings are so, as <see cref="Any"/>.</summary>
    public bool All(Func<string, bool> isSo)
    {
        foreach (var value in values)
            if (!isSo(value))
                return false;
        return true;
    }

    /// <summary>For <c>foreach</c>, without an object for it.</summary>
    public ImmutableArray<string>.Enumerator GetEnumerator() => values.GetEnumerator();

    IEnumerator<string> IEnumerable<string>.GetEnumerator() => ((IEnumerable<string>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)values).GetEnumerator();
}
