using System.Buffers.Binary;
using System.Text;
using RbacLens.Cli.Reports.Pdf;

namespace RbacLens.Tests.Reports;

public class PdfFontTests
{
    static readonly TrueTypeFont Noto = Font("NotoSans-Regular");

    [Theory]
    [InlineData('A', 639)]
    [InlineData('i', 258)]
    [InlineData(' ', 260)]
    [InlineData('0', 572)]
    public void Advances_are_those_of_the_font_in_thousandths(char character, int advance) =>
        Assert.Equal(advance, Noto.Advance(Noto.Glyph(character)));

    [Theory]
    [InlineData('Ж', true)]
    [InlineData('Ω', true)]
    [InlineData('中', false)]
    [InlineData('→', false)]
    public void A_font_knows_which_characters_it_has(char character, bool isThere) => Assert.Equal(isThere, Noto.Glyph(character) != 0);

    [Fact]
    public void Segments_of_format_4_map_by_delta_and_by_offset()
    {
        ushort[] cmap =
        [
            0, 1, 3, 1, 0, 12, // one subtable, Windows Unicode, at 12
            4, 44, 0, 6, 0, 0, 0, // three segments
            'C', 'b', 0xFFFF, 0, 'A', 'a', 0xFFFF, unchecked((ushort)(5 - 'A')), 2, 1, 0, 4, 0, // A-C by delta, a-b by offset plus 2
            30, 0,
        ];
        var glyphs = CharacterMap.Read([.. cmap.SelectMany(word => (byte[])[(byte)(word >> 8), (byte)word])]);
        Assert.Equal([('A', 5), ('B', 6), ('C', 7), ('a', 32)], glyphs.Select(pair => ((char)pair.Key, (int)pair.Value)));
    }

    [Fact]
    public void A_subset_holds_the_glyphs_that_were_used_and_the_parts_they_are_composed_of()
    {
        var subset = new FontSubset(Noto);
        Assert.Equal([1, 2, 1], "aéa".Select(character => (int)subset.Use(character)));
        var tables = Tables(subset.ToFile());
        var (outlines, composite) = (Outlines(tables), Outlines(tables)[2]);

        Assert.Equal(Noto.Outline(Noto.Glyph('a')).ToArray(), outlines[1][..Noto.Outline(Noto.Glyph('a')).Length]);
        Assert.Equal(-1, BinaryPrimitives.ReadInt16BigEndian(composite));
        var first = BinaryPrimitives.ReadUInt16BigEndian(composite.AsSpan(12));
        Assert.Equal(3, first);
        Assert.Equal(Noto.Outline(Noto.Glyph('e')).ToArray(), outlines[first][..Noto.Outline(Noto.Glyph('e')).Length]);
        Assert.Equal(outlines.Count, BinaryPrimitives.ReadUInt16BigEndian(tables["maxp"].AsSpan(4)));
        Assert.Equal(4 * outlines.Count, tables["hmtx"].Length);
    }

    [Fact]
    public void Tables_of_a_subset_are_in_order_and_carry_their_checksums()
    {
        var subset = new FontSubset(Noto);
        foreach (var character in "kube-system/Ünïcode")
            subset.Use(character);
        var file = subset.ToFile();
        var names = Tables(file).Keys.ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        for (var record = 12; record < 12 + (16 * names.Count); record += 16)
        {
            var (offset, length) = (U32(file, record + 8), U32(file, record + 12));
            var sum = 0u;
            for (var at = offset; at < offset + length; at += 4)
                sum += U32(file, (int)at);
            Assert.Equal(U32(file, record + 4), sum);
        }
    }

    [Fact]
    public void A_missing_character_is_refused_rather_than_drawn_as_a_box() =>
        Assert.Contains("U+4E2D", Assert.Throws<ArgumentException>(() => new FontSubset(Noto).Use('中')).Message, StringComparison.Ordinal);

    static TrueTypeFont Font(string name)
    {
        using var stream = typeof(Look).Assembly.GetManifestResourceStream($"Fonts/{name}.ttf")!;
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return new(name, file);
    }

    static Dictionary<string, byte[]> Tables(byte[] file) => Enumerable.Range(0, BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(4)))
        .Select(i => 12 + (16 * i))
        .ToDictionary(
            at => Encoding.ASCII.GetString(file, at, 4),
            at => file.AsSpan((int)U32(file, at + 8), (int)U32(file, at + 12)).ToArray(),
            StringComparer.Ordinal);

    static List<byte[]> Outlines(Dictionary<string, byte[]> tables)
    {
        var (glyf, loca) = (tables["glyf"], tables["loca"]);
        return [.. Enumerable.Range(0, (loca.Length / 4) - 1).Select(i => glyf[(int)U32(loca, 4 * i)..(int)U32(loca, (4 * i) + 4)])];
    }

    static uint U32(byte[] data, int offset) => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(offset));
}
