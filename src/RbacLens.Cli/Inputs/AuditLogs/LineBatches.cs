using System.Runtime.CompilerServices;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Cuts a stream of lines into batches that end at a newline.</summary>
static class LineBatches
{
    /// <summary>How much is read at a time; batches are as large unless a line is larger.</summary>
    public const int Size = 1 << 17;

    /// <summary>The longest line.</summary>
    public const int Longest = 1 << 26;

    /// <summary>The batches of a stream, in order. Buffers come from <paramref name="buffers"/>, and go back there when they have been read.</summary>
    public static async IAsyncEnumerable<EntryBatch> CutAsync(
        Stream stream, string origin, long order, BufferPool buffers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (line, length) = (1L, 0);
        var buffer = buffers.Rent(Size);
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= Longest)
                    throw new InputException($"{origin}, line {line}: longer than {Longest >> 20} MB, expected one audit event a line");
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            // For a file, "asynchronous" is another thread that waits.
            var read = stream.CanSeek ? stream.Read(buffer.AsSpan(length)) : await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
                break;
            length += read;
            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            end = SplitLines.LengthOfWhole(buffer.AsSpan(0, end));
            if (end == 0 || (length < buffer.Length && length < Size * 3 / 4))
                continue;
            var next = buffers.Rent(Size);
            var rest = length - end;
            if (rest > next.Length)
                next = new byte[rest * 2];
            buffer.AsSpan(end, rest).CopyTo(next);
            var lines = buffer.AsSpan(0, end).Count((byte)'\n');
            yield return new(buffer, end, null, order, origin, line, EndsFile: false) { Lines = lines };
            (buffer, length, line, order) = (next, rest, line + lines, order + lines);
        }

        if (length > 0)
            yield return new(buffer, length, null, order, origin, line, EndsFile: buffer[length - 1] != (byte)'\n') { Lines = buffer.AsSpan(0, length).Count((byte)'\n') + 1 };
    }
}
