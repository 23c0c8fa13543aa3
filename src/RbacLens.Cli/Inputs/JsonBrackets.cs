using System.Numerics;
using System.Runtime.Intrinsics;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Finds where an object or array ends without looking at what is in it, sixty-four bytes at a time. Only quotes and brackets count: what
/// nobody reads is not checked either.
/// </summary>
static class JsonBrackets
{
    const int Block = 64;

    /// <summary>How long the object or array is that these bytes begin with.</summary>
    /// <param name="bytes">From its opening bracket on.</param>
    /// <param name="deepest">How many brackets may be open in it at once; a block's worth more may pass.</param>
    /// <returns>Its length, both brackets included; null where the bytes end before it does, or where it is too deep.</returns>
    public static int? LengthOf(ReadOnlySpan<byte> bytes, int deepest)
    {
        var (depth, inString, escapes) = (0, 0UL, 0UL);
        Span<byte> padded = stackalloc byte[Block];
        for (var at = 0; at < bytes.Length; at += Block)
        {
            scoped var block = bytes[at..];
            if (block.Length < Block)
            {
                padded.Clear();
                block.CopyTo(padded);
                block = padded;
            }

            var (quotes, backslashes, opening, closing) = Masks(block);
            if ((backslashes | escapes) != 0)
                quotes &= ~Escaped(backslashes, ref escapes);
            // Each quote turns the text behind it into a string, or back.
            var strings = RunningParity(quotes) ^ inString;
            inString = (ulong)((long)strings >> 63);
            (opening, closing) = (opening & ~strings, closing & ~strings);
            var closes = BitOperations.PopCount(closing);
            if (closes < depth)
            {
                depth += BitOperations.PopCount(opening) - closes;
                if (depth > deepest)
                    return null;
                continue;
            }

            for (var brackets = opening | closing; brackets != 0; brackets &= brackets - 1)
            {
                depth += (opening & brackets & (ulong)-(long)brackets) != 0 ? 1 : -1;
                if (depth == 0)
                    return at + BitOperations.TrailingZeroCount(brackets) + 1;
                if (depth > deepest)
                    return null;
            }
        }

        return null;
    }

    static (ulong Quotes, ulong Backslashes, ulong Opening, ulong Closing) Masks(ReadOnlySpan<byte> block)
    {
        var (quotes, backslashes, opening, closing) = (0UL, 0UL, 0UL, 0UL);
        for (var i = 0; i < Block; i += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(block[i..]);
            // Curly and square brackets differ in this bit.
            var brackets = bytes | Vector256.Create((byte)('{' ^ '['));
            quotes |= Where(bytes, '"') << i;
            backslashes |= Where(bytes, '\\') << i;
            opening |= Where(brackets, '{') << i;
            closing |= Where(brackets, '}') << i;
        }

        return (quotes, backslashes, opening, closing);
    }

    static ulong Where(Vector256<byte> bytes, char wanted) => Vector256.Equals(bytes, Vector256.Create((byte)wanted)).ExtractMostSignificantBits();

    /// <summary>What is behind a backslash that is not itself behind one. The last backslash of a block may speak of the next one.</summary>
    static ulong Escaped(ulong backslashes, ref ulong carry)
    {
        var escaped = carry;
        carry = 0;
        for (backslashes &= ~escaped; backslashes != 0; backslashes &= backslashes - 1)
        {
            var backslash = backslashes & (ulong)-(long)backslashes;
            escaped |= backslash << 1;
            backslashes &= ~(backslash << 1);
            carry = backslash >> 63;
        }

        return escaped;
    }

    /// <summary>Each bit says whether there is an odd number of them up to and with its own place.</summary>
    static ulong RunningParity(ulong bits)
    {
        for (var distance = 1; distance < Block; distance *= 2)
            bits ^= bits << distance;
        return bits;
    }
}
