using System.Buffers;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>
/// Sends a header with several values once per value. .NET joins them with commas, and the API server takes "a, b" for one group of that
/// name. So the values travel in one header, parted by a mark that becomes a line break on the way out. HTTP/1.1 only, and only
/// for requests without a body: nothing but header lines passes here.
/// </summary>
/// <param name="inner">The connection, inside TLS.</param>
sealed class RepeatedHeaders(Stream inner) : Stream
{
    // No value can hold it: Impersonation refuses control characters.
    const char Mark = '\x1f';

    /// <summary>All values of a header as one.</summary>
    public static string Join(string name, IEnumerable<string> values) => string.Join($"{Mark}{name}: ", values);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var lines = new ArrayBufferWriter<byte>(buffer.Length + 64);
        foreach (var b in buffer.Span)
            lines.Write(b == Mark ? "\r\n"u8 : [b]);
        await inner.WriteAsync(lines.WrittenMemory, cancellationToken);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    // The client is asynchronous throughout.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
