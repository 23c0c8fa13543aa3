using System.Buffers;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads one entry of a log: an event, a list of events, or an envelope around either. A line may have something before the JSON (a container
/// runtime's time and stream, a syslog header).
/// </summary>
sealed class EntryReader(EventReader events)
{
    const int Deepest = 8;

    readonly Recurring recurring = new();

    /// <summary>What was met.</summary>
    public Tally Met => events.Met;

    /// <summary>What was counted.</summary>
    public DeedTable Table => events.Table;

    /// <summary>Reads an entry; an empty one counts for nothing.</summary>
    /// <param name="entry">A line, or an element of a list.</param>
    /// <param name="order">Where it stands among all entries; only for telling which broken one came first.</param>
    /// <param name="place">The file, and the line in it if that is known; asked only when something is wrong.</param>
    /// <returns>False where it is not JSON.</returns>
    public bool TryRead(ReadOnlySpan<byte> entry, long order, Func<long, string> place)
    {
        entry = Trimmed(entry);
        if (entry.IsEmpty)
            return true;
        events.Met.Entries++;
        var answer = Read(entry, 0);
        // What stands before a brace on the same line is a shipper's header.
        if (answer == Answer.Broken && entry[0] is not ((byte)'{' or (byte)'[') && entry.IndexOf("{\""u8) is > 0 and var brace)
            answer = Read(entry[brace..], 0);
        if (answer == Answer.Foreign)
            events.Met.Foreign++;
        if (answer != Answer.Broken)
            return true;
        if (SplitLines.IsMessage(entry))
        {
            events.Met.Entries--;
            return true;
        }

        events.Met.Broken++;
        if (events.Met.FirstBroken is not { } known || order < known.Order)
            events.Met.FirstBroken = (order, place(order));
        return false;
    }

    enum Answer { Read, Foreign, Broken }

    static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> entry)
    {
        while (!entry.IsEmpty && entry[0] <= (byte)' ')
            entry = entry[1..];
        while (!entry.IsEmpty && entry[^1] <= (byte)' ')
            entry = entry[..^1];
        return entry;
    }

    Answer Read(ReadOnlySpan<byte> text, int depth)
    {
        var scan = new JsonScan(text);
        var answer = Answer.Foreign;
        // Some shippers put one object behind the other without a newline.
        while (scan.Next() is var next and not 0)
        {
            var one = next == (byte)'[' ? ReadList(ref scan, depth) : ReadObject(ref scan, depth);
            if (one == Answer.Broken)
                return answer == Answer.Read ? Answer.Read : Answer.Broken;
            if (one == Answer.Read)
                answer = Answer.Read;
        }

        return answer;
    }

    Answer ReadObject(ref JsonScan scan, int depth)
    {
        var found = new RawEvent { Recurring = recurring };
        var wrapped = default(Wrapped);
        var whole = scan.Rest;
        var start = scan.At;
        if (!EventScanner.TryRead(ref scan, ref found, ref wrapped))
            return Answer.Broken;
        if (found.IsEvent)
        {
            events.Read(ref found);
            return Answer.Read;
        }

        if (!wrapped.Google.IsEmpty)
            return GoogleEntry.TryRead(whole[..(scan.At - start)], events) ? Answer.Read : Answer.Foreign;
        if (depth >= Deepest)
            return Answer.Foreign;
        return wrapped.IsAzureTable ? Read(AzureRow.AsEvent(whole[..(scan.At - start)]), depth + 1) : ReadWrapped(wrapped, depth + 1);
    }

    Answer ReadWrapped(Wrapped wrapped, int depth)
    {
        var answer = Answer.Foreign;
        for (var i = 0; i < 3 && !wrapped[i].IsEmpty; i++)
            if (ReadValue(wrapped[i], depth) == Answer.Read)
                answer = Answer.Read;
        return answer;
    }

    Answer ReadList(ref JsonScan scan, int depth)
    {
        if (depth >= Deepest || !scan.Take((byte)'['))
            return Answer.Broken;
        if (scan.Take((byte)']'))
            return Answer.Read;
        var answer = Answer.Foreign;
        bool isBroken;
        do
        {
            if (!scan.TakeValue(out var value))
                return Answer.Broken;
            if (ReadValue(value, depth + 1) == Answer.Read)
                answer = Answer.Read;
        }
        while (scan.TakeComma((byte)']', out isBroken));
        return isBroken ? Answer.Broken : answer;
    }

    Answer ReadValue(ReadOnlySpan<byte> value, int depth)
    {
        if (value.IsEmpty || depth > Deepest)
            return Answer.Foreign;
        if (value[0] is (byte)'{' or (byte)'[')
            return Read(value, depth);
        // Strings count only where they hold JSON themselves.
        if (value[0] != (byte)'"' || value.Length < 4)
            return Answer.Foreign;
        var content = value[1..^1];
        var plain = ArrayPool<byte>.Shared.Rent(content.Length);
        try
        {
            if (!RawText.TryUnescape(content, plain, out var length))
                return Answer.Broken;
            var text = Trimmed(plain.AsSpan(0, length));
            if (PackedText.IsPacked(text))
                return PackedText.TryUnpack(text) is { } unpacked ? Read(unpacked, depth) : Answer.Broken;
            return text is [(byte)'{' or (byte)'[', ..] ? Read(text, depth) : Answer.Foreign;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
