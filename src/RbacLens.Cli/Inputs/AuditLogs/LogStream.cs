using System.Buffers;
using System.IO.Pipelines;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Tells from its first bytes what a log is: gzip or not, one entry a line or one large document.</summary>
static class LogStream
{
    const int Enough = 1 << 16;

    /// <summary>The batches of a file or pipe.</summary>
    /// <param name="stream">The bytes as they are stored.</param>
    /// <param name="origin">The file.</param>
    /// <param name="order">Where its first entry stands among all there are.</param>
    /// <param name="buffers">For the batches.</param>
    /// <param name="isCutOff">Called where compressed data is broken or ends too early.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static async Task<IAsyncEnumerable<EntryBatch>> OpenAsync(
        Stream stream, string origin, long order, BufferPool buffers, Action isCutOff, CancellationToken cancellation)
    {
        var (plain, start) = stream.CanSeek ? await PeekFileAsync(stream, cancellation) : await PeekAsync(stream, cancellation);
        while (start is [0x1f, 0x8b, ..])
            (plain, start) = await PeekAsync(new GzipLog(plain, isCutOff), cancellation);
        Refuse(start, origin);
        return IsDocument(start) ? new DocumentBatches(origin, order, buffers).CutAsync(plain, cancellation) : LineBatches.CutAsync(plain, origin, order, buffers, cancellation);
    }

    static async Task<(Stream Stream, byte[] Start)> PeekFileAsync(Stream stream, CancellationToken cancellation)
    {
        var start = new byte[Enough];
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        var mark = start is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
        stream.Position = mark;
        return (stream, start[mark..length]);
    }

    static async Task<(Stream Stream, byte[] Start)> PeekAsync(Stream stream, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new(bufferSize: LineBatches.Size, minimumReadSize: Enough));
        var read = await pipe.ReadAtLeastAsync(Enough, cancellation);
        var start = read.Buffer.Slice(0, Math.Min(Enough, read.Buffer.Length)).ToArray();
        var mark = start is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
        pipe.AdvanceTo(read.Buffer.GetPosition(mark));
        return (pipe.AsStream(), start[mark..]);
    }

    static void Refuse(ReadOnlySpan<byte> start, string origin)
    {
        var text = start.TrimStart(" \t\r\n"u8);
        if (text is [(byte)'<', ..])
            throw new InputException($"{origin}: found HTML or XML, expected audit events as JSON");
        if (text is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            throw new InputException($"{origin}: found UTF-16 text, expected audit events as JSON in UTF-8");
        if (text[..Math.Min(text.Length, 512)].Contains((byte)0))
            throw new InputException($"{origin}: found binary data, expected audit events as JSON (gzip is fine)");
    }

    // A first line that is a JSON value of its own makes it a log of lines, and so does a second one: then the first is only broken. What
    // does not begin like JSON at all has something before the JSON on each line.
    static bool IsDocument(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
            return false;
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? !IsWhole(text) && IsList(text) : !IsWhole(text[..end]) && !IsWhole(Line(text[(end + 1)..]));
    }

    static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\n') is >= 0 and var end ? text[..end] : text;

    static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var scan = new JsonScan(line);
        return line is [(byte)'{' or (byte)'[', ..] && scan.TakeValue(out _) && scan.Next() == 0;
    }

    // One line that does not end: a list, unless it is an event with a very large body.
    static bool IsList(ReadOnlySpan<byte> text)
    {
        var (id, stage) = (text.IndexOf("\"auditID\""u8), text.IndexOf("\"stage\""u8));
        var nested = text[1..].IndexOfAny((byte)'[', (byte)'{');
        return text[0] == (byte)'[' || id < 0 || stage < 0 || (nested >= 0 && nested < id);
    }
}
