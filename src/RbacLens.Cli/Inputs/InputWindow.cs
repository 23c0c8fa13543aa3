namespace RbacLens.Cli.Inputs;

/// <summary>
/// The stretch of an input that is looked at. It moves on over what was taken; what is left of it when the bytes run out is looked at again with
/// more of them.
/// </summary>
/// <param name="firstBuffer">Bytes to begin with: small inputs are many, large ones are long.</param>
sealed class InputWindow(int firstBuffer)
{
    /// <summary>More bytes than anything may have that is looked at as a whole.</summary>
    public const int Largest = 64 << 20;

    // Of something long; what is left of the stretch before goes in front of it.
    const int Stretch = 1 << 21;
    const int Room = 1 << 18;

    byte[] buffer = new byte[firstBuffer];
    byte[]? spare;
    int end;
    int? lengthAhead;

    /// <summary>Where it begins, to tell how far it moved since it was filled.</summary>
    public int Start { get; private set; }

    /// <summary>Whether the input ends with it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Lines, and bytes of the line, that are behind it.</summary>
    public (long Line, long Column) Place { get; private set; }

    /// <summary>What is to be looked at.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(Start, end - Start);

    /// <summary>To before the first byte of another input.</summary>
    public void Begin() => (Start, end, IsLast, Place, lengthAhead) = (0, 0, false, default, null);

    /// <summary>Adds bytes behind what is left; false when that is too much already.</summary>
    public async Task<bool> FillAsync(Stream stream, CancellationToken cancellation)
    {
        var left = Rest;
        if (left.Length >= Largest)
            return false;
        await ReadOnAsync(stream, cancellation);
        if (lengthAhead is { } length && left.Length <= Room)
        {
            left.CopyTo(spare.AsMemory(Room - left.Length));
            (buffer, spare) = (spare!, buffer.Length == Room + Stretch ? buffer : null);
            (Start, end, IsLast, lengthAhead) = (Room - left.Length, Room + length, length < Stretch, null);
            return true;
        }

        await WidenAsync(stream, left, cancellation);
        return true;
    }

    /// <summary>
    /// Reads the next stretch of a long input into a buffer of its own, so that it is there when this one has been looked at, as another core
    /// may still do.
    /// </summary>
    public async Task ReadOnAsync(Stream stream, CancellationToken cancellation)
    {
        if (IsLast || lengthAhead is not null || buffer.Length < Room)
            return;
        spare ??= GC.AllocateUninitializedArray<byte>(Room + Stretch);
        lengthAhead = await ReadAsync(stream, spare.AsMemory(Room), cancellation);
    }

    /// <summary>Moves on over bytes that were taken.</summary>
    public void Pass(int length)
    {
        var passed = buffer.AsSpan(Start, length);
        var lastLine = passed.LastIndexOf((byte)'\n');
        Place = lastLine < 0 ? (Place.Line, Place.Column + length) : (Place.Line + passed.Count((byte)'\n'), length - lastLine - 1);
        Start += length;
    }

    // What is begun is looked at again from its beginning: with twice as many bytes each time, where it is long.
    async Task WidenAsync(Stream stream, ReadOnlyMemory<byte> left, CancellationToken cancellation)
    {
        var ahead = lengthAhead is { } length ? spare.AsMemory(Room, length) : default;
        var isFull = end == buffer.Length || left.Length + ahead.Length >= buffer.Length;
        var wide = isFull ? GC.AllocateUninitializedArray<byte>(2 * Math.Max(left.Length + ahead.Length, buffer.Length)) : buffer;
        left.CopyTo(wide);
        ahead.CopyTo(wide.AsMemory(left.Length));
        (buffer, Start, end) = (wide, 0, left.Length + ahead.Length);
        var isAll = lengthAhead < Stretch;
        lengthAhead = null;
        if (!isAll)
            end += await ReadAsync(stream, buffer.AsMemory(end), cancellation);
        IsLast = isAll || end < buffer.Length;
    }

    // A file that waits for nothing is read faster without a task.
    static async Task<int> ReadAsync(Stream stream, Memory<byte> into, CancellationToken cancellation) => stream is FileStream
        ? stream.ReadAtLeast(into.Span, into.Length, throwOnEndOfStream: false)
        : await stream.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellation);
}
