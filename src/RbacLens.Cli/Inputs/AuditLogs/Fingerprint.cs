using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// 64 bits of some bytes, by multiplying and folding (as wyhash does). Different in every process, so that nobody can choose an audit id that
/// collides with another.
/// </summary>
static class Fingerprint
{
    static readonly ulong Secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    /// <summary>The fingerprint of two texts.</summary>
    public static ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Add(Add(Secret, first), second);

    /// <summary>The fingerprint of a text.</summary>
    public static ulong Of(ReadOnlySpan<byte> text) => Add(Secret, text);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static ulong Add(ulong state, ReadOnlySpan<byte> text)
    {
        state ^= (ulong)text.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(text);
        foreach (var word in words)
            state = Fold(state ^ word);
        var rest = text[(words.Length * sizeof(ulong))..];
        var last = 0UL;
        for (var i = 0; i < rest.Length; i++)
            last |= (ulong)rest[i] << (8 * i);
        return Fold(state ^ last ^ Secret);
    }

    // 2^64 divided by the golden ratio.
    static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value ^ Secret, 0x9E3779B97F4A7C15, out var low);
        return high ^ low;
    }
}
