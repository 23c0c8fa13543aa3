using System.Buffers.Binary;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A TrueType font file, as far as embedding a part of it needs. Lengths are in thousandths of the font size.</summary>
sealed class TrueTypeFont
{
    readonly byte[] file;
    readonly Dictionary<string, Range> tables = new(StringComparer.Ordinal);
    readonly Dictionary<int, ushort> glyphs;
    readonly int unitsPerEm;
    readonly int metrics;
    readonly bool longOffsets;

    /// <summary>Reads a font.</summary>
    /// <param name="name">The PostScript name, used as the name of the font in the PDF.</param>
    /// <param name="file">The font file with TrueType outlines.</param>
    /// <exception cref="InvalidDataException">A table is missing, or characters are mapped in an unknown format.</exception>
    public TrueTypeFont(string name, byte[] file)
    {
        Name = name;
        this.file = file;
        for (var record = 12; record < 12 + (16 * U16(file, 4)); record += 16)
        {
            var offset = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(record + 8));
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(record + 12));
            tables[Encoding.ASCII.GetString(file, record, 4)] = offset..(offset + length);
        }
        unitsPerEm = U16(Table("head"), 18);
        longOffsets = U16(Table("head"), 50) == 1;
        metrics = U16(Table("hhea"), 34);
        glyphs = CharacterMap.Read(Table("cmap"));
    }

    /// <summary>The PostScript name.</summary>
    public string Name { get; }

    /// <summary>How far the font rises above the base line.</summary>
    public int Ascent => Scaled(I16(Table("hhea"), 4));

    /// <summary>How far the font falls below the base line; negative.</summary>
    public int Descent => Scaled(I16(Table("hhea"), 6));

    /// <summary>The height of a capital letter.</summary>
    public int CapHeight => Scaled(I16(Table("OS/2"), 88));

    /// <summary>Left, bottom, right and top of the box that holds every glyph.</summary>
    public int[] Box => [.. from at in (int[])[36, 38, 40, 42] select Scaled(I16(Table("head"), at))];

    /// <summary>The glyph that draws a code point; 0 where the font has none.</summary>
    public ushort Glyph(int codePoint) => glyphs.GetValueOrDefault(codePoint);

    /// <summary>How far a glyph moves the pen.</summary>
    public int Advance(ushort glyph) => Scaled(U16(Table("hmtx"), 4 * Math.Min(glyph, metrics - 1)));

    /// <summary>Advance and left side bearing of a glyph in font units, as the <c>hmtx</c> table of a subset wants them.</summary>
    public (ushort Advance, short Bearing) Metrics(ushort glyph) =>
        (U16(Table("hmtx"), 4 * Math.Min(glyph, metrics - 1)),
         I16(Table("hmtx"), glyph < metrics ? (4 * glyph) + 2 : (2 * metrics) + (2 * glyph)));

    /// <summary>The outline of a glyph as the <c>glyf</c> table holds it; empty for a space.</summary>
    public ReadOnlySpan<byte> Outline(ushort glyph) => Table("glyf")[Offset(glyph)..Offset(glyph + 1)];

    /// <summary>A whole table; empty where the font has none of that name and can do without.</summary>
    /// <exception cref="InvalidDataException">The font lacks a table it cannot do without.</exception>
    public ReadOnlySpan<byte> Table(string name) =>
        tables.TryGetValue(name, out var range) ? file.AsSpan(range)
        : name is "cvt " or "fpgm" or "prep" ? default
        : throw new InvalidDataException($"font {Name}: no table '{name}'");

    int Offset(int glyph) => longOffsets
        ? BinaryPrimitives.ReadInt32BigEndian(Table("loca")[(4 * glyph)..])
        : 2 * U16(Table("loca"), 2 * glyph);

    int Scaled(int fontUnits) => (int)Math.Round(fontUnits * 1000.0 / unitsPerEm, MidpointRounding.AwayFromZero);

    static ushort U16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16BigEndian(data[offset..]);

    static short I16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadInt16BigEndian(data[offset..]);
}
