using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// 64 bits of some bytes, by multiplying and folding (as wyhash does). Different in every process, so that nobody can choose an audit id that
/// collides with another.
/// </summary>
static class Fingerprint
{
    // A GUID is as random as what RandomNumberGenerator gives, and does not load OpenSSL for it.
    static readonly ulong Secret = BinaryPrimitives.ReadUInt64LittleEndian(Guid.NewGuid().ToByteArray()) * Golden | 1;

    /// <summary>The fingerprint of two texts.</summary>
    public static ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Fold(Add(Add(Secret, first), second), Golden);

    /// <summary>The fingerprint of a text.</summary>
    public static ulong Of(ReadOnlySpan<byte> text) => Fold(Add(Secret, text), Golden);

    /// <summary>The fingerprint of two others.</summary>
    public static ulong Of(ulong first, ulong second) => Fold(first, second ^ Secret);

    /// <summary>The fingerprint of all that had <paramref name="print"/>, and a text behind it.</summary>
    public static ulong Add(ulong print, ReadOnlySpan<byte> text)
    {
        var secret = Secret;
        print ^= (ulong)text.Length * Golden;
        while (text.Length > 2 * sizeof(ulong))
        {
            print = Fold(print ^ BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text[sizeof(ulong)..]) ^ secret);
            text = text[(2 * sizeof(ulong))..];
        }

        // The halves of what is left overlap where it is no full word.
        var (start, end) = text.Length switch
        {
            >= sizeof(ulong) => (BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..])),
            >= sizeof(uint) => (BinaryPrimitives.ReadUInt32LittleEndian(text), BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..])),
            > 0 => (text[0] | ((ulong)text[text.Length / 2] << 8), text[^1]),
            _ => (0UL, 0UL),
        };
        return Fold(print ^ start, end ^ secret);
    }

    /// <summary>2^64 divided by the golden ratio.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
