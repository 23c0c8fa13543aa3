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

    // From here on it pays to read ahead.
    const int Roomy = 1 << 18;

    readonly BytesAhead ahead = new();
    byte[] buffer = new byte[firstBuffer];
    int end;

    /// <summary>Where it begins, to tell how far it moved since it was filled.</summary>
    public int Start { get; private set; }

    /// <summary>Whether the input ends with it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Lines, and bytes of the line, that are behind it.</summary>
    public (long Line, long Column) Place { get; private set; }

    /// <summary>What is to be looked at.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(Start, end - Start);

    /// <summary>To before the first byte of another input.</summary>
    public void Begin() => (Start, end, IsLast, Place) = (0, 0, false, default);

    /// <summary>Adds bytes behind what is left; false when that is too much already.</summary>
    public async Task<bool> FillAsync(Stream stream, CancellationToken cancellation)
    {
        var rest = Rest.Length;
        if (rest >= Largest)
            return false;
        if (buffer.Length >= Roomy)
        {
            (buffer, Start, end, IsLast) = await ahead.NextAsync(stream, buffer, Start..end, cancellation);
            return true;
        }

        var larger = end == buffer.Length ? GC.AllocateUninitializedArray<byte>(buffer.Length * 2) : buffer;
        Rest.CopyTo(larger);
        (buffer, Start, end) = (larger, 0, rest);
        end += await stream.ReadAtLeastAsync(buffer.AsMemory(end), buffer.Length - end, throwOnEndOfStream: false, cancellation);
        IsLast = end < buffer.Length;
        return true;
    }

    /// <summary>Moves on over bytes that were taken.</summary>
    public void Pass(int length)
    {
        var passed = buffer.AsSpan(Start, length);
        var lastLine = passed.LastIndexOf((byte)'\n');
        Place = lastLine < 0 ? (Place.Line, Place.Column + length) : (Place.Line + passed.Count((byte)'\n'), length - lastLine - 1);
        Start += length;
    }

    /// <summary>Waits until nothing is being read any more.</summary>
    public Task EndAsync() => ahead.EndAsync();
}
