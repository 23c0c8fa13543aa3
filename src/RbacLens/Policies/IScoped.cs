using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>What holds somewhere.</summary>
interface IScoped
{
    /// <summary>Where.</summary>
    Scope Scope { get; }
}

/// <summary>Looks into what is sorted by scope.</summary>
static class ScopeOrder
{
    /// <summary>What holds in one namespace; the empty string for the whole cluster.</summary>
    /// <param name="sorted">The whole cluster first, then by namespace. A group may be bound in thousands of them.</param>
    /// <param name="namespace">The namespace.</param>
    public static ReadOnlySpan<T> In<T>(this ReadOnlySpan<T> sorted, string @namespace)
        where T : IScoped =>
        sorted[CountBelow(sorted, @namespace, 0)..CountBelow(sorted, @namespace, 1)];

    // How many compare below the limit: what stands before the namespace at 0, and what is in it besides at 1.
    static int CountBelow<T>(ReadOnlySpan<T> sorted, string @namespace, int limit)
        where T : IScoped
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(sorted[middle].Scope.Namespace, @namespace) < limit)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
