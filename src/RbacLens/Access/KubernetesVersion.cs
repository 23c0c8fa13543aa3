using System.Globalization;

namespace RbacLens.Access;

/// <summary>A Kubernetes release, as far as authorization depends on it.</summary>
/// <param name="Major">1.</param>
/// <param name="Minor">34 of v1.34.2.</param>
public readonly record struct KubernetesVersion(int Major, int Minor) : IComparable<KubernetesVersion>
{
    /// <summary>
    /// Reads <c>v1.34.2</c>, <c>1.34</c>, <c>v1.34.2-gke.100</c>, <c>1.27+</c>. Development builds (<c>v0.0.0-master+…</c>) and anything else
    /// give null: an unknown version.
    /// </summary>
    public static KubernetesVersion? TryParse(string? text)
    {
        var parts = (text ?? "").TrimStart('v').Split('.', 3);
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major))
            return null;
        var digits = parts[1].Length - parts[1].AsSpan().TrimStart("0123456789").Length;
        return major > 0 && int.TryParse(parts[1].AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new(major, minor)
            : null;
    }

    /// <summary>Older first.</summary>
    public int CompareTo(KubernetesVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <summary><c>1.34</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(KubernetesVersion left, KubernetesVersion right) => left.CompareTo(right) >= 0;
}
