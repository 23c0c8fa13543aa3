using System.Globalization;

namespace RbacLens.Audit;

/// <summary>A range of IP addresses in CIDR notation, IPv4 or IPv6.</summary>
public readonly record struct AddressRange
{
    readonly UInt128 start;
    readonly int prefix;

    AddressRange(UInt128 start, int prefix) => (this.start, this.prefix) = (start & Mask(prefix), prefix);

    /// <summary>
    /// Where pods have their addresses when nothing else is known: the private ranges (RFC 1918, RFC 6598, RFC 4193), which is where
    /// clusters put them unless somebody took pains.
    /// </summary>
    public static IReadOnlyList<AddressRange> Private { get; } =
        [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7" }.Select(text => TryParse(text)!.Value)];

    /// <summary>Reads <c>10.244.0.0/16</c> or <c>fd00::/8</c>, or one address; null for anything else.</summary>
    public static AddressRange? TryParse(string text)
    {
        var parts = text.Split('/', 2);
        if (TryAddress(parts[0]) is not { } address)
            return null;
        var width = parts[0].Contains(':', StringComparison.Ordinal) ? 128 : 32;
        if (parts.Length == 1)
            return new(address, 128);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= width
            ? new(address, bits + 128 - width)
            : null;
    }

    /// <summary>Whether an address is in the range; text that is no address is in none.</summary>
    public bool Contains(string address) => TryAddress(address) is { } number && (number & Mask(prefix)) == start;

    /// <summary>An address as a number, IPv4 as <c>::ffff:a.b.c.d</c>; null for text that is none.</summary>
    public static UInt128? TryAddress(string text) => text.Contains(':', StringComparison.Ordinal) ? Six(text) : Four(text) + ((UInt128)0xffff << 32);

    static UInt128 Mask(int prefix) => prefix == 0 ? 0 : UInt128.MaxValue << (128 - prefix);

    static UInt128? Four(string text)
    {
        var number = UInt128.Zero;
        var parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            number = (number << 8) | value;
        }

        return number;
    }

    static UInt128? Six(string text)
    {
        var halves = text.Split("::");
        if (halves.Length > 2 || Groups(halves[0]) is not { } head || Groups(halves.Length == 2 ? halves[1] : "") is not { } tail)
            return null;
        var missing = 8 - head.Count - tail.Count;
        if (halves.Length == 1 ? missing != 0 : missing < 1)
            return null;
        return head.Concat(Enumerable.Repeat((ushort)0, missing)).Concat(tail).Aggregate(UInt128.Zero, (number, group) => (number << 16) | group);
    }

    // The last group may be an IPv4 address, which is two groups.
    static List<ushort>? Groups(string text)
    {
        var groups = new List<ushort>();
        if (text.Length == 0)
            return groups;
        foreach (var part in text.Split(':'))
        {
            if (part.Contains('.', StringComparison.Ordinal) && Four(part) is { } four)
                groups.AddRange([(ushort)(four >> 16), (ushort)(four & 0xffff)]);
            else if (part.Length <= 4 && ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
                groups.Add(group);
            else
                return null;
        }

        return groups;
    }
}
