namespace RbacLens.Paths;

/// <summary>Things by a text that they share, those of one side by side: a lookup of very many things, without a list for each text.</summary>
/// <typeparam name="T">What it holds.</typeparam>
sealed class Grouped<T>
{
    readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly List<string> keys = [];
    readonly T[] sorted;
    readonly int[] starts;

    /// <summary>Groups them; within a group they stay in order.</summary>
    /// <param name="things">The things.</param>
    /// <param name="keyOf">The text; quickest where neighbours share it.</param>
    public Grouped(IReadOnlyList<T> things, Func<T, string> keyOf)
    {
        var groups = new int[things.Count];
        var (before, number) = ((string?)null, 0);
        for (var i = 0; i < groups.Length; i++)
        {
            var key = keyOf(things[i]);
            if (key != before && !numbers.TryGetValue(key, out number))
            {
                numbers.Add(key, number = keys.Count);
                keys.Add(key);
            }

            (before, groups[i]) = (key, number);
        }

        starts = new int[keys.Count];
        foreach (var group in groups)
            starts[group]++;
        for (var group = 1; group < starts.Length; group++)
            starts[group] += starts[group - 1];
        // Each is the end of its group, until the group was put in its place from behind.
        sorted = new T[groups.Length];
        for (var i = groups.Length - 1; i >= 0; i--)
            sorted[--starts[groups[i]]] = things[i];
    }

    /// <summary>The texts, in the order in which they were met.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>All things, group by group in the order of <see cref="Keys"/>.</summary>
    public IReadOnlyList<T> All => sorted;

    /// <summary>What shares this text; nothing for one that was not met.</summary>
    public ArraySegment<T> this[string key] => numbers.TryGetValue(key, out var number)
        ? new(sorted, starts[number], (number + 1 < starts.Length ? starts[number + 1] : sorted.Length) - starts[number])
        : new(sorted, 0, 0);
}
