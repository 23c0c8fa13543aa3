using System.Buffers.Binary;
using System.Text;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// One string object for equal texts: a dump repeats the same few thousand names millions of times. Each text has two places to be kept in, and
/// later ones take them over, so sharing is no promise; but memory is bounded, and no choice of names makes it slow.
/// </summary>
sealed class StringPool
{
    /// <summary>Longer texts, in bytes, are descriptions, which do not repeat.</summary>
    public const int Longest = 100;
    const int PlaceBits = 15;

    readonly string?[] places = new string?[1 << PlaceBits];

    /// <summary>A list to gather strings in, for one use at a time.</summary>
    public List<string> Scratch { get; } = [];

    public string Share(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Longest)
            return Encoding.UTF8.GetString(utf8);
        var at = PlaceOf(utf8);
        if (places[at] is { } known && Ascii.Equals(utf8, known))
            return known;
        if (places[at ^ 1] is { } other && Ascii.Equals(utf8, other))
            return other;
        places[at ^ 1] = places[at];
        return places[at] = Encoding.UTF8.GetString(utf8);
    }

    public string Share(string text) => Share(Encoding.UTF8.GetBytes(text));

    // Both ends, because names differ at their ends, and the length. The multiplier is 2^64 divided by the golden ratio (Fibonacci hashing).
    static int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        if (utf8.Length < sizeof(ulong))
        {
            padded.Clear();
            utf8.CopyTo(padded);
        }

        var ends = utf8.Length < sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64LittleEndian(padded)
            : BinaryPrimitives.ReadUInt64LittleEndian(utf8) ^ (BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]) * 31);
        return (int)(((ends + (ulong)utf8.Length) * 0x9E3779B97F4A7C15) >> (64 - PlaceBits));
    }
}
