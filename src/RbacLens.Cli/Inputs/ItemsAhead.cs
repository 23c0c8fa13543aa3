using System.Buffers;
using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads the later half of a buffer full of list items on another core, while the first half is read. Where that half begins is a guess: some
/// place that looks as the one between the first two items did. It is proved when the first half ends exactly there, with the reader in the
/// very state that was assumed; otherwise, and when any item is not as it should be, the caller reads on as if nothing had been tried.
/// </summary>
sealed class ItemsAhead(string defaultNamespace)
{
    // Less is read before another core has started.
    const int Worthwhile = 1 << 18;
    const int LongestSeparator = 256;
    static readonly SearchValues<byte> BetweenNames = SearchValues.Create(" \t\r\n,{"u8);
    readonly StringPool pool = new();
    readonly ObjectReader item = new();
    readonly SnapshotBuilder objects = new();
    byte[]? separator;

    /// <summary>A later half being read.</summary>
    /// <param name="From">Where it begins, in the bytes it was made of.</param>
    /// <param name="Kind">The kind of items that do not say theirs.</param>
    /// <param name="Reading">What will come of it; null when it is of no use.</param>
    public sealed record Half(int From, string? Kind, Task<Read?> Reading);

    /// <summary>A later half that was read.</summary>
    /// <param name="Objects">What is kept of it, until another half is begun.</param>
    /// <param name="Tally">What was met.</param>
    /// <param name="Length">The bytes that whole items took.</param>
    /// <param name="State">The JSON reader's after that; it counts lines as if nothing stood before the half.</param>
    public sealed record Read(SnapshotBuilder Objects, Tally Tally, int Length, JsonReaderState State);

    /// <summary>Starts reading the later half, if there is one; the bytes must stay until it has ended.</summary>
    /// <param name="bytes">The rest of the buffer, from the end of an item on.</param>
    /// <param name="isLast">Whether the input ends with them.</param>
    /// <param name="state">The JSON reader's after that item.</param>
    /// <param name="kind">The kind of items that do not say theirs.</param>
    public Half? Begin(ReadOnlyMemory<byte> bytes, bool isLast, JsonReaderState state, string? kind)
    {
        separator ??= SeparatorAt(bytes.Span);
        if (separator is null || bytes.Length < Worthwhile || Environment.ProcessorCount == 1)
            return null;
        // Whoever reads the first half reads the next stretch of the input, too.
        var middle = (int)(bytes.Length * 0.46);
        var from = bytes.Span[middle..].IndexOf(separator);
        if (from < 0)
            return null;
        from += middle;
        // Where nothing but the first half breaks lines, positions in a line could not be told any more.
        if (!separator.Contains((byte)'\n') && bytes.Span[..from].Contains((byte)'\n'))
            return null;
        return new(from, kind, Task.Run(() => Take(bytes[from..], isLast, state, kind)));
    }

    /// <summary>From the end of an item through the first property name of the next; null where that is not what stands there.</summary>
    static byte[]? SeparatorAt(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, LongestSeparator)];
        var name = bytes.IndexOfAnyExcept(BetweenNames);
        if (name < 0 || bytes[name] != '"')
            return null;
        var length = bytes[(name + 1)..].IndexOf((byte)'"');
        return length < 0 ? null : bytes[..(name + length + 2)].ToArray();
    }

    Read? Take(ReadOnlyMemory<byte> bytes, bool isLast, JsonReaderState state, string? kind)
    {
        var (tally, taken) = (new Tally(), 0);
        objects.Clear();
        try
        {
            while (true)
            {
                var json = new JsonCursor(bytes.Span[taken..], isLast, state, pool);
                if (!json.NextElement() || !item.TakeWhole(ref json, kind))
                    break;
                tally.Count(item);
                item.AddTo(objects, json.Problem, default, defaultNamespace);
                (state, taken) = (json.Reader.CurrentState, taken + json.Consumed);
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return objects.Gaps.Count > 0 ? null : new(objects, tally, taken, state);
    }
}
