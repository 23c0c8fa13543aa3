using System.Buffers.Binary;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>Which glyph a font draws for a character: the font's <c>cmap</c> table, formats 4 and 12.</summary>
static class CharacterMap
{
    /// <summary>Reads the Unicode subtable, the one with supplementary planes if there is one.</summary>
    /// <param name="cmap">The whole table.</param>
    /// <returns>Glyph index by code point; glyph 0, the missing glyph, is left out.</returns>
    /// <exception cref="InvalidDataException">The font maps Unicode in no format that is known here.</exception>
    public static Dictionary<int, ushort> Read(ReadOnlySpan<byte> cmap)
    {
        var full = Subtable(cmap, 12);
        if (full >= 0)
            return ReadGroups(cmap[full..]);
        var basic = Subtable(cmap, 4);
        return basic >= 0 ? ReadSegments(cmap[basic..]) : throw new InvalidDataException("font: no cmap subtable of format 4 or 12");
    }

    static int Subtable(ReadOnlySpan<byte> cmap, int format)
    {
        for (var record = 4; record < 4 + (8 * U16(cmap, 2)); record += 8)
        {
            var isUnicode = (U16(cmap, record), U16(cmap, record + 2)) is (0, _) or (3, 1) or (3, 10);
            var offset = (int)BinaryPrimitives.ReadUInt32BigEndian(cmap[(record + 4)..]);
            if (isUnicode && U16(cmap, offset) == format)
                return offset;
        }
        return -1;
    }

    static Dictionary<int, ushort> ReadGroups(ReadOnlySpan<byte> table)
    {
        var glyphs = new Dictionary<int, ushort>();
        var count = BinaryPrimitives.ReadInt32BigEndian(table[12..]);
        for (var group = 0; group < count; group++)
        {
            var at = table[(16 + (12 * group))..];
            var first = BinaryPrimitives.ReadInt32BigEndian(at);
            var last = BinaryPrimitives.ReadInt32BigEndian(at[4..]);
            var glyph = BinaryPrimitives.ReadInt32BigEndian(at[8..]);
            for (var code = first; code <= last; code++)
                Add(glyphs, code, glyph + code - first);
        }
        return glyphs;
    }

    // Four parallel arrays: end codes, start codes, deltas, and offsets that count from their own place in the table.
    static Dictionary<int, ushort> ReadSegments(ReadOnlySpan<byte> table)
    {
        var glyphs = new Dictionary<int, ushort>();
        var size = U16(table, 6);
        for (var segment = 0; segment < size; segment += 2)
        {
            var (last, first) = (U16(table, 14 + segment), U16(table, 16 + size + segment));
            var delta = U16(table, 16 + (2 * size) + segment);
            var place = 16 + (3 * size) + segment;
            var offset = U16(table, place);
            for (int code = first; code <= last && code < 0xFFFF; code++)
            {
                var glyph = offset == 0 ? code : U16(table, place + offset + (2 * (code - first)));
                Add(glyphs, code, glyph == 0 ? 0 : (glyph + delta) & 0xFFFF);
            }
        }
        return glyphs;
    }

    static void Add(Dictionary<int, ushort> glyphs, int code, int glyph)
    {
        if (glyph != 0)
            glyphs[code] = (ushort)glyph;
    }

    static ushort U16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16BigEndian(data[offset..]);
}
