using System.IO.Compression;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Gzip that may end in the middle, as a file that is still being written does: what stands before is given out, and the end is told.</summary>
/// <param name="packed">The compressed bytes.</param>
/// <param name="isCutOff">Called once where they are broken, or end too early.</param>
sealed class GzipLog(Stream packed, Action isCutOff) : Stream
{
    readonly GZipStream plain = new(packed, CompressionMode.Decompress);
    bool hasEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (hasEnded)
            return 0;
        try
        {
            return await plain.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            hasEnded = true;
            isCutOff();
            return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }
}
