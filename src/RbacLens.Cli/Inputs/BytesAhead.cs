namespace RbacLens.Cli.Inputs;

/// <summary>Reads the next stretch of a stream while the one before it is looked at.</summary>
sealed class BytesAhead
{
    const int Stretch = 1 << 21;

    // What is left of the stretch before goes in front of the next one.
    const int Room = 1 << 18;

    Task<Filled>? reading;

    /// <summary>Some bytes of a stream.</summary>
    /// <param name="Buffer">What they are in.</param>
    /// <param name="Start">Where they begin.</param>
    /// <param name="End">Where they end.</param>
    /// <param name="IsLast">Whether the stream ends there.</param>
    public readonly record struct Filled(byte[] Buffer, int Start, int End, bool IsLast);

    /// <summary>What is left of a buffer, with the next stretch behind it. The buffer is used again.</summary>
    public async Task<Filled> NextAsync(Stream stream, byte[] used, Range left, CancellationToken cancellation)
    {
        var (start, length) = left.GetOffsetAndLength(used.Length);
        var next = await (reading ?? ReadAsync(stream, buffer: null, cancellation));
        reading = null;
        if (length > Room)
            return await WithMuchLeftAsync(stream, used.AsMemory(start, length), next, cancellation);
        used.AsSpan(start, length).CopyTo(next.Buffer.AsSpan(next.Start - length));
        reading = next.IsLast ? null : ReadAsync(stream, used, cancellation);
        return next with { Start = next.Start - length };
    }

    /// <summary>Waits until nothing is being read any more; whatever became of it.</summary>
    public async Task EndAsync()
    {
        if (reading is not null)
            await Task.WhenAny(reading);
        reading = null;
    }

    // On another thread even where the stream has all it needs, as one that unpacks has.
    static Task<Filled> ReadAsync(Stream stream, byte[]? buffer, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            if (buffer?.Length != Room + Stretch)
                buffer = GC.AllocateUninitializedArray<byte>(Room + Stretch);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(Room), Stretch, throwOnEndOfStream: false, cancellation);
            return new Filled(buffer, Room, Room + length, IsLast: length < Stretch);
        },
        cancellation);

    // Something long has begun, and what is begun is looked at again from its beginning: twice as much each time.
    static async Task<Filled> WithMuchLeftAsync(Stream stream, ReadOnlyMemory<byte> left, Filled next, CancellationToken cancellation)
    {
        var roomy = GC.AllocateUninitializedArray<byte>((2 * left.Length) + Stretch);
        left.CopyTo(roomy);
        next.Buffer.AsMemory(next.Start..next.End).CopyTo(roomy.AsMemory(left.Length));
        var length = left.Length + next.End - next.Start;
        if (next.IsLast)
            return new(roomy, 0, length, IsLast: true);
        var read = await stream.ReadAtLeastAsync(roomy.AsMemory(length), roomy.Length - length, throwOnEndOfStream: false, cancellation);
        return new(roomy, 0, length + read, IsLast: length + read < roomy.Length);
    }
}
