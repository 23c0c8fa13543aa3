using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Makes values of the pieces of an event.</summary>
static class RawText
{
    /// <summary>The text of a JSON string's content; half a surrogate pair becomes the replacement character.</summary>
    public static string Text(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(content);
        Span<byte> plain = content.Length <= 1024 ? stackalloc byte[content.Length] : new byte[content.Length];
        return TryUnescape(content, plain, out var length) ? Encoding.UTF8.GetString(plain[..length]) : Encoding.UTF8.GetString(content);
    }

    /// <summary>A JSON string's content without its escapes.</summary>
    /// <param name="content">The content, without quotes.</param>
    /// <param name="plain">Takes the text: as long as the content at most.</param>
    /// <param name="length">How long the text is.</param>
    /// <returns>False where an escape is none.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> content, Span<byte> plain, out int length)
    {
        length = 0;
        while (!content.IsEmpty)
        {
            var escape = content.IndexOf((byte)'\\');
            var before = escape < 0 ? content : content[..escape];
            before.CopyTo(plain[length..]);
            length += before.Length;
            if (escape < 0)
                return true;
            content = content[(escape + 1)..];
            if (!TryEscape(ref content, plain, ref length))
                return false;
        }

        return true;
    }

    static bool TryEscape(ref ReadOnlySpan<byte> content, Span<byte> plain, ref int length)
    {
        if (content.IsEmpty)
            return false;
        var letter = content[0];
        content = content[1..];
        if (letter == (byte)'u')
            return TryUnicode(ref content, plain, ref length);
        var at = "\"\\/bfnrt"u8.IndexOf(letter);
        if (at < 0)
            return false;
        plain[length++] = "\"\\/\b\f\n\r\t"u8[at];
        return true;
    }

    static bool TryUnicode(ref ReadOnlySpan<byte> content, Span<byte> plain, ref int length)
    {
        if (!TryHex(ref content, out var high))
            return false;
        var rune = Rune.ReplacementChar;
        if (char.IsHighSurrogate((char)high) && content.StartsWith("\\u"u8))
        {
            var rest = content[2..];
            if (TryHex(ref rest, out var low) && char.IsLowSurrogate((char)low))
            {
                rune = new((char)high, (char)low);
                content = rest;
            }
        }
        else if (Rune.IsValid(high))
        {
            rune = new(high);
        }

        length += rune.EncodeToUtf8(plain[length..]);
        return true;
    }

    static bool TryHex(ref ReadOnlySpan<byte> content, out int value)
    {
        value = 0;
        if (content.Length < 4 || !Utf8Parser.TryParse(content[..4], out value, out var used, 'x') || used != 4)
            return false;
        content = content[4..];
        return true;
    }

    /// <summary>The texts of a JSON list as it is written; what is no text is left out.</summary>
    public static IEnumerable<string> Texts(ReadOnlySpan<byte> list)
    {
        var texts = new List<string>();
        var scan = new JsonScan(list);
        if (!scan.Take((byte)'['))
            return texts;
        while (scan.Next() is not (0 or (byte)']'))
        {
            if (!scan.TakeValue(out var value))
                break;
            if (value[0] == (byte)'"')
                texts.Add(Text(value[1..^1]));
            scan.Take((byte)',');
        }

        return texts;
    }

    /// <summary>The last text of a list, without its quotes and with its escapes.</summary>
    public static ReadOnlySpan<byte> Last(ReadOnlySpan<byte> list)
    {
        var end = list.LastIndexOf((byte)'"');
        var start = end <= 0 ? -1 : list[..end].LastIndexOf((byte)'"');
        return start < 0 ? default : list[(start + 1)..end];
    }

    /// <summary>A whole number; 0 for anything else.</summary>
    public static int Number(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out int value, out var used) && used == digits.Length ? value : 0;

    /// <summary>An RFC 3339 time in .NET ticks, UTC; 0 for anything else.</summary>
    public static long Ticks(ReadOnlySpan<byte> time)
    {
        // 2026-11-21T01:36:53.794061Z is what API servers write.
        if (time.Length is >= 20 and <= 30 && time[^1] == (byte)'Z' && time[10] == (byte)'T' && Plain(time) is > 0 and var ticks)
            return ticks;
        return DateTimeOffset.TryParse(Encoding.UTF8.GetString(time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed.UtcTicks : 0;
    }

    static long Plain(ReadOnlySpan<byte> time)
    {
        var (year, month, day) = (Digits(time[..4]), Digits(time[5..7]), Digits(time[8..10]));
        var (hour, minute, second) = (Digits(time[11..13]), Digits(time[14..16]), Digits(time[17..19]));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
            return 0;
        long fraction = 0;
        var unit = TimeSpan.TicksPerSecond / 10;
        foreach (var digit in time.Length > 21 ? time[20..^1] : default)
        {
            fraction += (digit - (byte)'0') * unit;
            unit /= 10;
        }

        return new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction;
    }

    static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            value = (value * 10) + digit - (byte)'0';
        }

        return value;
    }

    /// <summary>A text as it would stand in JSON, without quotes.</summary>
    public static ReadOnlySpan<byte> Escaped(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes;
}
