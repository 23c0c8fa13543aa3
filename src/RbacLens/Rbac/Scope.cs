namespace RbacLens.Rbac;

/// <summary>Where something is, or where a permission holds: the whole cluster, or one namespace.</summary>
/// <param name="Namespace">The namespace, or the empty string for the cluster.</param>
public readonly record struct Scope(string Namespace) : IComparable<Scope>
{
    /// <summary>The namespace, or the empty string for the cluster; the default value is the cluster as well.</summary>
    public string Namespace { get => field ?? ""; init; } = Namespace;

    /// <summary>The whole cluster.</summary>
    public static Scope Cluster { get; } = new("");

    /// <summary>Whether this is the whole cluster.</summary>
    public bool IsCluster => Namespace.Length == 0;

    /// <summary>The cluster first, then namespaces in ordinal order.</summary>
    public int CompareTo(Scope other) => string.CompareOrdinal(Namespace, other.Namespace);

    /// <inheritdoc/>
    public bool Equals(Scope other) => Namespace == other.Namespace;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Namespace, StringComparison.Ordinal);

    /// <summary><c>*</c> for the cluster, else the namespace.</summary>
    public override string ToString() => IsCluster ? "*" : Namespace;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(Scope left, Scope right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(Scope left, Scope right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(Scope left, Scope right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(Scope left, Scope right) => left.CompareTo(right) >= 0;
}
