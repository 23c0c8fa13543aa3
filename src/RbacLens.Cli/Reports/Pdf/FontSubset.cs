using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// The part of a font that a document uses. Glyphs are numbered anew in the order they are first asked for, one per character, so that
/// copied text is what was written.
/// </summary>
sealed class FontSubset
{
    // Flags of one component of a composite glyph (OpenType specification, glyf table).
    const int ArgumentsAreWords = 0x0001, HasScale = 0x0008, MoreComponents = 0x0020, HasTwoScales = 0x0040, HasMatrix = 0x0080;

    readonly TrueTypeFont font;
    readonly Dictionary<int, ushort> numbers = [];
    readonly List<int> characters = [];

    public FontSubset(TrueTypeFont font) => this.font = font;

    /// <summary>The code points in use: the first has glyph 1, for glyph 0 is the missing glyph and is never drawn.</summary>
    public IReadOnlyList<int> Characters => characters;

    /// <summary>The number of a character's glyph in the subset.</summary>
    /// <exception cref="ArgumentException">The font has no such glyph; <see cref="VisibleText"/> keeps such characters away.</exception>
    public ushort Use(int codePoint)
    {
        if (numbers.TryGetValue(codePoint, out var number))
            return number;
        if (font.Glyph(codePoint) == 0)
            throw new ArgumentException($"font {font.Name} has no glyph for U+{codePoint:X4}", nameof(codePoint));
        characters.Add(codePoint);
        return numbers[codePoint] = (ushort)characters.Count;
    }

    /// <summary>A font file with the glyphs in use and the parts they are composed of.</summary>
    public byte[] ToFile()
    {
        var sources = new List<ushort> { 0 };
        sources.AddRange(characters.Select(font.Glyph));
        var outlines = new List<byte[]>();
        for (var glyph = 0; glyph < sources.Count; glyph++)
            outlines.Add(Renumbered(font.Outline(sources[glyph]).ToArray(), sources));
        return FontFile(
        [
            ("cvt ", font.Table("cvt ").ToArray()), ("fpgm", font.Table("fpgm").ToArray()), ("glyf", [.. outlines.SelectMany(Padded)]),
            ("head", Head()), ("hhea", With(font.Table("hhea"), 34, sources.Count)), ("hmtx", Metrics(sources)),
            ("loca", Offsets(outlines)), ("maxp", With(font.Table("maxp"), 4, sources.Count)), ("prep", font.Table("prep").ToArray()),
        ]);
    }

    // A composite names other glyphs: each gets a number of its own at the end, and is looked at in its turn.
    static byte[] Renumbered(byte[] outline, List<ushort> sources)
    {
        var isComposite = outline.Length > 0 && BinaryPrimitives.ReadInt16BigEndian(outline) < 0;
        for (var (at, more) = (10, isComposite); more;)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at));
            sources.Add(BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at + 2)));
            BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(at + 2), (ushort)(sources.Count - 1));
            var scales = (flags & HasScale) != 0 ? 2 : (flags & HasTwoScales) != 0 ? 4 : (flags & HasMatrix) != 0 ? 8 : 0;
            at += 4 + ((flags & ArgumentsAreWords) != 0 ? 4 : 2) + scales;
            more = (flags & MoreComponents) != 0;
        }
        return outline;
    }

    // Offsets of the subset are always 32 bits wide, and a checksum over the whole file would not survive embedding.
    byte[] Head()
    {
        var head = With(font.Table("head"), 50, 1);
        head.AsSpan(8, 4).Clear();
        return head;
    }

    static byte[] With(ReadOnlySpan<byte> table, int offset, int value)
    {
        var copy = table.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(offset), (ushort)value);
        return copy;
    }

    byte[] Metrics(List<ushort> sources)
    {
        var table = new byte[4 * sources.Count];
        for (var glyph = 0; glyph < sources.Count; glyph++)
        {
            var (advance, bearing) = font.Metrics(sources[glyph]);
            BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(4 * glyph), advance);
            BinaryPrimitives.WriteInt16BigEndian(table.AsSpan((4 * glyph) + 2), bearing);
        }
        return table;
    }

    static byte[] Offsets(List<byte[]> outlines)
    {
        var table = new byte[4 * (outlines.Count + 1)];
        var offset = 0;
        for (var glyph = 0; glyph < outlines.Count; glyph++)
        {
            offset += Padded(outlines[glyph]).Length;
            BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(4 * (glyph + 1)), offset);
        }
        return table;
    }

    static byte[] Padded(byte[] data) => data.Length % 4 == 0 ? data : [.. data, .. new byte[4 - (data.Length % 4)]];

    // The table directory wants its tables in alphabetical order, each with a checksum, and hints for a binary search.
    static byte[] FontFile((string Name, byte[] Data)[] all)
    {
        var tables = all.Where(table => table.Data.Length > 0).ToArray();
        var power = BitOperations.Log2((uint)tables.Length);
        var file = new List<byte>();
        file.AddRange(Words(1, 0, tables.Length, 16 << power, power, (16 * tables.Length) - (16 << power)));
        var offset = 12 + (16 * tables.Length);
        foreach (var (name, data) in tables)
        {
            file.AddRange([.. Encoding.ASCII.GetBytes(name), .. Long(Checksum(data)), .. Long((uint)offset), .. Long((uint)data.Length)]);
            offset += Padded(data).Length;
        }
        foreach (var (_, data) in tables)
            file.AddRange(Padded(data));
        return [.. file];
    }

    static IEnumerable<byte> Words(params int[] values) => values.SelectMany(value => (byte[])[(byte)(value >> 8), (byte)value]);

    static byte[] Long(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    static uint Checksum(byte[] data)
    {
        var padded = Padded(data);
        var sum = 0u;
        for (var at = 0; at < padded.Length; at += 4)
            sum += BinaryPrimitives.ReadUInt32BigEndian(padded.AsSpan(at));
        return sum;
    }
}
