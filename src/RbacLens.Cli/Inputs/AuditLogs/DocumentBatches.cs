using System.Buffers;
using System.Runtime.CompilerServices;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Cuts JSON that is not one object a line into batches of elements: an EventList or another list, however long and however it is laid out, and
/// objects that go over several lines.
/// </summary>
sealed class DocumentBatches(string origin, long firstOrder, BufferPool buffers)
{
    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    readonly List<(int Start, int Length)> elements = [];
    long order = firstOrder;
    bool inString;
    int depth;
    int elementDepth;
    int start = -1;
    readonly Stack<int> outer = [];

    /// <summary>The batches of a stream, in order.</summary>
    public async IAsyncEnumerable<EntryBatch> CutAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = buffers.Rent(LineBatches.Size);
        var (length, at) = (0, 0);
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= LineBatches.Longest)
                    throw new InputException($"{origin}: one object is longer than {LineBatches.Longest >> 20} MB, expected audit events");
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
                break;
            length += read;
            at = Scan(buffer, at, length);
            if (elements.Count == 0 || length < buffer.Length)
                continue;
            // What is not cut off yet moves to the next buffer.
            var keep = start >= 0 ? start : at;
            var next = length - keep <= LineBatches.Size / 2 ? buffers.Rent(LineBatches.Size) : new byte[2 * (length - keep)];
            buffer.AsSpan(keep, length - keep).CopyTo(next);
            yield return Batch(buffer, length);
            (buffer, length, at) = (next, length - keep, at - keep);
            if (start >= 0)
                start = 0;
        }

        yield return Batch(buffer, length) with { EndsFile = depth > 0 || inString };
    }

    EntryBatch Batch(byte[] buffer, int length)
    {
        var batch = new EntryBatch(buffer, length, [.. elements], order, origin, 0, EndsFile: false);
        order += elements.Count;
        elements.Clear();
        return batch;
    }

    /// <summary>Goes on from a position; what it returns is where to go on from when there is more.</summary>
    int Scan(byte[] buffer, int at, int length)
    {
        while (at < length)
        {
            var text = buffer.AsSpan(at, length - at);
            if (inString)
            {
                var end = text.IndexOfAny((byte)'"', (byte)'\\');
                if (end < 0)
                    return length;
                // An escape may be cut in two.
                if (text[end] == (byte)'\\' && end + 1 >= text.Length)
                    return at + end;
                inString = text[end] == (byte)'\\';
                at += end + (inString ? 2 : 1);
                continue;
            }

            var found = text.IndexOfAny(Structure);
            if (found < 0)
                return length;
            at += found;
            Step(buffer, at);
            at++;
        }

        return at;
    }

    void Step(byte[] buffer, int at)
    {
        switch (buffer[at])
        {
            case (byte)'"':
                inString = true;
                break;
            case (byte)'[':
                Open(buffer, at, isList: true);
                break;
            case (byte)'{':
                Open(buffer, at, isList: false);
                break;
            default:
                Close(at);
                break;
        }
    }

    // An element is an object at the top, or in a list at the top, or in a list of events that an object holds.
    void Open(byte[] buffer, int at, bool isList)
    {
        if (!isList && start < 0 && depth == elementDepth)
            start = at;
        else if (isList && start < 0 && depth == elementDepth)
            Enter(depth + 1);
        else if (isList && depth == elementDepth + 1 && start >= 0 && HoldsEvents(buffer.AsSpan(start, at - start)))
            Enter(depth + 1);
        depth++;
    }

    void Enter(int list)
    {
        outer.Push(elementDepth);
        (elementDepth, start) = (list, -1);
    }

    void Close(int at)
    {
        depth--;
        if (start >= 0 && depth == elementDepth)
        {
            elements.Add((start, at + 1 - start));
            start = -1;
        }
        else if (depth == elementDepth - 1 && outer.Count > 0)
        {
            elementDepth = outer.Pop();
        }
    }

    static bool HoldsEvents(ReadOnlySpan<byte> before)
    {
        var trimmed = before.TrimEnd(" \t\r\n"u8);
        if (trimmed is not [.., (byte)':'])
            return false;
        trimmed = trimmed[..^1].TrimEnd(" \t\r\n"u8);
        return trimmed.EndsWith("\"items\""u8) || trimmed.EndsWith("\"events\""u8) || trimmed.EndsWith("\"logEvents\""u8)
            || trimmed.EndsWith("\"records\""u8) || trimmed.EndsWith("\"Records\""u8) || trimmed.EndsWith("\"entries\""u8);
    }
}
