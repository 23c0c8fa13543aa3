using System.Buffers.Binary;
using System.Runtime.InteropServices;

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
    public static ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Add(Add(Secret, first), second);

    /// <summary>The fingerprint of a text.</summary>
    public static ulong Of(ReadOnlySpan<byte> text) => Add(Secret, text);

    static ulong Add(ulong state, ReadOnlySpan<byte> text)
    {
        state ^= (ulong)text.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(text);
        var pairs = words.Length / 2 * 2;
        for (var i = 0; i < pairs; i += 2)
            state = Fold(state ^ words[i], words[i + 1] ^ Secret);
        var (last, shift) = (pairs < words.Length ? words[pairs] : 0UL, 0);
        state = Fold(state ^ last, Golden);
        last = 0;
        foreach (var letter in text[(words.Length * sizeof(ulong))..])
        {
            last |= (ulong)letter << shift;
            shift += 8;
        }

        return Fold(state ^ last, Golden);
    }

    // 2^64 divided by the golden ratio.
    const ulong Golden = 0x9E3779B97F4A7C15;

    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left ^ Secret, right, out var low);
        return high ^ low;
    }
}
