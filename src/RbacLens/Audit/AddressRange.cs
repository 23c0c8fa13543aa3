using System.Globalization;

namespace RbacLens.Audit;

/// <summary>A range of IP addresses in CIDR notation, IPv4 or IPv6.</summary>
public sealed class AddressRange
{
    const int Bytes = 16;

    // IPv4 as ::ffff:a.b.c.d, so that one comparison serves both.
    readonly byte[] start;
    readonly int prefix;

    AddressRange(byte[] start, int prefix) => (this.start, this.prefix) = (start, prefix);

    /// <summary>
    /// Where pods have their addresses when nothing else is known: the private ranges (RFC 1918, RFC 6598, RFC 4193), which is where
    /// clusters put them unless somebody took pains.
    /// </summary>
    public static IReadOnlyList<AddressRange> Private { get; } =
        [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7" }.Select(text => TryParse(text)!)];

    /// <summary>Reads <c>10.244.0.0/16</c> or <c>fd00::/8</c>, or one address; null for anything else.</summary>
    public static AddressRange? TryParse(string text)
    {
        var parts = text.Split('/', 2);
        if (AddressOf(parts[0]) is not { } address)
            return null;
        var width = parts[0].Contains(':', StringComparison.Ordinal) ? 128 : 32;
        if (parts.Length == 1)
            return new(address, 128);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= width
            ? new(address, bits + 128 - width)
            : null;
    }

    /// <summary>Whether text is an address.</summary>
    public static bool IsAddress(string text) => AddressOf(text) is not null;

    /// <summary>Whether an address is in the range; text that is no address is in none.</summary>
    public bool Contains(string address)
    {
        if (AddressOf(address) is not { } bytes)
            return false;
        var (whole, bits) = (prefix / 8, prefix % 8);
        return bytes.AsSpan(0, whole).SequenceEqual(start.AsSpan(0, whole)) && (bits == 0 || (bytes[whole] ^ start[whole]) >> (8 - bits) == 0);
    }

    static byte[]? AddressOf(string text)
    {
        var address = new byte[Bytes];
        if (text.Contains(':', StringComparison.Ordinal))
            return TrySix(text, address) ? address : null;
        address.AsSpan(10, 2).Fill(0xff);
        return TryFour(text, address.AsSpan(12)) ? address : null;
    }

    static bool TryFour(string text, Span<byte> address)
    {
        var parts = text.Split('.');
        if (parts.Length != 4)
            return false;
        for (var i = 0; i < parts.Length; i++)
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out address[i]))
                return false;
        return true;
    }

    static bool TrySix(string text, Span<byte> address)
    {
        var halves = text.Split("::");
        if (halves.Length > 2 || !TryGroups(halves[0], address, out var head))
            return false;
        if (halves.Length == 1)
            return head == Bytes;
        Span<byte> end = stackalloc byte[Bytes];
        // The two colons stand for one group at least.
        if (!TryGroups(halves[1], end, out var tail) || head + tail > Bytes - 2)
            return false;
        end[..tail].CopyTo(address[^tail..]);
        return true;
    }

    // The last group may be an IPv4 address, which is two groups.
    static bool TryGroups(string text, Span<byte> address, out int length)
    {
        length = 0;
        if (text.Length == 0)
            return true;
        foreach (var part in text.Split(':'))
        {
            var isFour = part.Contains('.', StringComparison.Ordinal);
            if (length + (isFour ? 4 : 2) > Bytes)
                return false;
            if (isFour ? !TryFour(part, address[length..]) : !TryGroup(part, address[length..]))
                return false;
            length += isFour ? 4 : 2;
        }

        return true;
    }

    static bool TryGroup(string text, Span<byte> address)
    {
        if (text.Length > 4 || !ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
            return false;
        (address[0], address[1]) = ((byte)(group >> 8), (byte)group);
        return true;
    }
}
