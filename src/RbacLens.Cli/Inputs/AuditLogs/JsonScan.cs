using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Walks one JSON value without building anything. It checks structure only as far as it must to find its way, which is what makes it fast:
/// a value that is looked at closely is read again by a real parser.
/// </summary>
ref struct JsonScan(ReadOnlySpan<byte> text)
{
    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    const int Stretch = 64;

    readonly ReadOnlySpan<byte> text = text;
    int stretch = -Stretch;
    ulong quotes;

    /// <summary>The position in the text.</summary>
    public int At { get; private set; }

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => text[At..];

    /// <summary>The next character that means something, or 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Next() => (uint)At < (uint)text.Length && text[At] > (byte)' ' ? text[At] : NextAfterSpace();

    byte NextAfterSpace()
    {
        while (At < text.Length && text[At] <= (byte)' ')
            At++;
        return At < text.Length ? text[At] : (byte)0;
    }

    /// <summary>Takes one character if it is the next; false, and nothing taken, otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(byte wanted)
    {
        if (Next() != wanted)
            return false;
        At++;
        return true;
    }

    /// <summary>Takes these bytes if they are the next; false, and nothing taken, otherwise.</summary>
    public bool Take(ReadOnlySpan<byte> wanted)
    {
        if (!text[At..].StartsWith(wanted))
            return false;
        At += wanted.Length;
        return true;
    }

    /// <summary>Takes a string; the content comes without its quotes, escapes and all.</summary>
    public bool TakeString(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!Take((byte)'"'))
            return false;
        var start = At;
        while (true)
        {
            if (!ToQuote())
                return false;
            if (text[At] == (byte)'"')
                break;
            // Whatever is escaped, its first character is not a closing quote.
            At += 2;
            if (At > text.Length)
                return false;
        }

        content = text[start..At];
        At++;
        return true;
    }

    /// <summary>
    /// Moves to the next quote or backslash. Strings are short, so each stretch of the text is looked at once, for all quotes in it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool ToQuote()
    {
        while (true)
        {
            var into = At - stretch;
            if ((uint)into >= Stretch)
            {
                if (At + Stretch > text.Length)
                {
                    var found = text[At..].IndexOfAny((byte)'"', (byte)'\\');
                    At += found;
                    return found >= 0;
                }

                (stretch, into, quotes) = (At, 0, QuotesIn(text.Slice(At, Stretch)));
            }

            var ahead = quotes >> into;
            if (ahead != 0)
            {
                At += BitOperations.TrailingZeroCount(ahead);
                return true;
            }

            At = stretch + Stretch;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong QuotesIn(ReadOnlySpan<byte> bytes)
    {
        var found = 0UL;
        for (var i = 0; i < Stretch; i += Vector256<byte>.Count)
        {
            var some = Vector256.Create(bytes[i..]);
            var here = Vector256.Equals(some, Vector256.Create((byte)'"')) | Vector256.Equals(some, Vector256.Create((byte)'\\'));
            found |= (ulong)here.ExtractMostSignificantBits() << i;
        }

        return found;
    }

    /// <summary>Takes a property's name and the colon behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeName(out ReadOnlySpan<byte> name) => TakeString(out name) && Take((byte)':');

    /// <summary>Takes any value, as it is written.</summary>
    public bool TakeValue(out ReadOnlySpan<byte> value)
    {
        var first = Next();
        var start = At;
        value = default;
        switch (first)
        {
            case (byte)'"':
                if (!TakeString(out _))
                    return false;
                break;
            case (byte)'{' or (byte)'[':
                if (!(first == (byte)'[' && SkipTexts()) && !SkipNested())
                    return false;
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n':
                SkipPlain();
                break;
            default:
                return false;
        }

        value = text[start..At];
        return true;
    }

    /// <summary>After a property or an element: true where another one follows, false where <paramref name="closing"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeComma(byte closing, out bool isBroken)
    {
        var next = Next();
        isBroken = next != (byte)',' && next != closing;
        if (isBroken)
            return false;
        At++;
        return next == (byte)',';
    }

    // Groups, addresses: most lists hold texts only. Whatever else they hold, nothing is taken.
    bool SkipTexts()
    {
        var start = At++;
        do
        {
            if (!TakeString(out _))
                break;
            if (Take((byte)']'))
                return true;
        }
        while (Take((byte)','));
        At = start;
        return false;
    }

    bool SkipNested()
    {
        var depth = 0;
        do
        {
            var found = At < text.Length && text[At] is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' ? 0 : text[At..].IndexOfAny(Structure);
            if (found < 0)
                return false;
            At += found;
            switch (text[At])
            {
                case (byte)'"':
                    if (!TakeString(out _))
                        return false;
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            At++;
        }
        while (depth > 0);
        return true;
    }

    void SkipPlain()
    {
        while (At < text.Length && text[At] is not ((byte)',' or (byte)'}' or (byte)']' or <= (byte)' '))
            At++;
    }
}
