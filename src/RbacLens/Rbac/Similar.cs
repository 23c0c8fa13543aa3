namespace RbacLens.Rbac;

/// <summary>Words that somebody may have meant.</summary>
public static class Similar
{
    /// <summary>The nearest words, nearest first; none where nothing is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What could have been written.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> known, int most = 3)
    {
        var limit = Math.Max(1, word.Length / 3);
        var near = from candidate in known.Distinct(StringComparer.Ordinal)
                   let distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant(), limit)
                   where distance <= limit
                   orderby distance, candidate
                   select candidate;
        return [.. near.Take(most)];
    }

    /// <summary>" (did you mean a or b?)", or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        To(word, known) is { Count: > 0 } near ? $"; did you mean {string.Join(" or ", near)}?" : "";

    // Optimal string alignment: insertions, deletions, replacements, and neighbours that changed places. What is far apart is not worked out.
    static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
            return int.MaxValue;
        var (before, last, now) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(Math.Min(now[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
            }

            (before, last, now) = (last, now, before);
        }

        return last[b.Length];
    }
}
