using System.Buffers.Binary;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Objects that stand in one event after another, byte for byte: who asks, and why that was allowed. One that was read before is found again by
/// comparing, which is several times faster than reading it.
/// </summary>
/// <param name="from">How far into such an object they begin to differ from each other; only a guess, for speed.</param>
sealed class RecurringObjects(int from)
{
    const int Places = 256;
    const int Longest = 2048;
    const int Looked = 6 * sizeof(ulong);

    readonly RecurringObject?[] places = new RecurringObject?[Places];

    /// <summary>Takes the object that comes next if it was kept; null, and nothing taken, otherwise.</summary>
    public RecurringObject? Take(ref JsonScan scan) =>
        places[PlaceOf(scan.Rest)] is { } known && scan.Take(known.Text) ? known : null;

    /// <summary>Keeps an object that was read, in the place of another one.</summary>
    /// <param name="rest">The text from the object on.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="first">A piece of it, or nothing; the others, too.</param>
    /// <param name="second">A piece of it.</param>
    /// <param name="third">A piece of it.</param>
    /// <returns>What stands for it, or 0 where it is not kept.</returns>
    public ulong Keep(ReadOnlySpan<byte> rest, int length, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        // Only what has an end of its own can be told by its beginning.
        if (length > Longest || rest[0] != (byte)'{')
            return 0;
        ref var place = ref places[PlaceOf(rest)];
        place ??= new();
        place.Set(rest[..length], first, second, third);
        return place.Print;
    }

    int PlaceOf(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < from + Looked)
            return rest.Length % Places;
        var look = rest.Slice(from, Looked);
        var mixed = 0UL;
        for (var i = 0; i < Looked; i += sizeof(ulong))
            mixed = (mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(look[i..])) * Fingerprint.Golden;
        return (int)(mixed >> 56);
    }
}

/// <summary>An object that was read, and pieces of it.</summary>
sealed class RecurringObject
{
    byte[] text = [];
    int length;
    (int Start, int Length) first, second, third;

    /// <summary>The object as it is written.</summary>
    public ReadOnlySpan<byte> Text => text.AsSpan(0, length);

    /// <summary>Its fingerprint.</summary>
    public ulong Print { get; private set; }

    public ReadOnlySpan<byte> First => text.AsSpan(first.Start, first.Length);

    public ReadOnlySpan<byte> Second => text.AsSpan(second.Start, second.Length);

    public ReadOnlySpan<byte> Third => text.AsSpan(third.Start, third.Length);

    public void Set(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> firstPiece, ReadOnlySpan<byte> secondPiece, ReadOnlySpan<byte> thirdPiece)
    {
        (first, second, third) = (In(whole, firstPiece), In(whole, secondPiece), In(whole, thirdPiece));
        if (text.Length < whole.Length)
            text = new byte[whole.Length * 2];
        whole.CopyTo(text);
        length = whole.Length;
        Print = Fingerprint.Of(whole);
    }

    static (int Start, int Length) In(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> piece) => whole.Overlaps(piece, out var start) ? (start, piece.Length) : default;
}

/// <summary>The objects that one event after another has, of one reader.</summary>
sealed class Recurring
{
    /// <summary>Who asks: <c>{"username":"system:serviceaccount:…</c>.</summary>
    public RecurringObjects Users { get; } = new(from: 16);

    /// <summary>What was decided, and why: <c>{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding …</c>.</summary>
    public RecurringObjects Annotations { get; } = new(from: 108);
}
