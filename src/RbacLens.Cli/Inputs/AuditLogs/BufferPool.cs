using System.Collections.Concurrent;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>A few buffers that are used again and again, so that memory does not follow the length of a log.</summary>
sealed class BufferPool
{
    readonly ConcurrentBag<byte[]> free = [];

    public byte[] Rent(int size) => free.TryTake(out var buffer) && buffer.Length >= size ? buffer : new byte[size];

    public void Return(byte[] buffer)
    {
        if (buffer.Length <= LineBatches.Size)
            free.Add(buffer);
    }
}
