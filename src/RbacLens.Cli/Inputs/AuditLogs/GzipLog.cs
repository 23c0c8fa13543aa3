using System.IO.Compression;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Gzip that may end in the middle, as a file that is still being written does, or have something else behind it: what stands before is given
/// out, and the end is told.
/// </summary>
sealed class GzipLog : ForwardStream
{
    readonly PackedBytes packed;
    readonly GZipStream plain;
    readonly Action isCutOff;
    bool hasEnded;

    /// <summary>Unpacks.</summary>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="isCutOff">Called once where they are broken, end too early, or are followed by something else.</param>
    public GzipLog(Stream packed, Action isCutOff)
    {
        (this.packed, this.isCutOff) = (new(packed), isCutOff);
        plain = new(this.packed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (hasEnded)
            return 0;
        try
        {
            var read = await plain.ReadAsync(buffer, cancellationToken);
            // GZipStream leaves alone what is no gzip after a whole member, and stops asking for more.
            if (read > 0 || buffer.IsEmpty || packed.HasEnded)
                return read;
        }
        catch (InvalidDataException)
        {
        }

        hasEnded = true;
        isCutOff();
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Knows whether its end was met.</summary>
    sealed class PackedBytes(Stream inner) : ForwardStream
    {
        public bool HasEnded { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            HasEnded |= read == 0;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>What can only be read, from its beginning to its end, and without holding up a thread.</summary>
abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override void Flush()
    {
    }
}
