using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A font in a document: measures and encodes text, and embeds the glyphs that were used.</summary>
sealed class PdfFont
{
    readonly TrueTypeFont font;
    readonly FontSubset subset;

    /// <summary>A font of which nothing is used yet.</summary>
    /// <param name="resource">The name pages call it by: <c>F1</c>.</param>
    /// <param name="font">The font.</param>
    public PdfFont(string resource, TrueTypeFont font)
    {
        Resource = resource;
        this.font = font;
        subset = new(font);
    }

    /// <summary>The name pages call it by.</summary>
    public string Resource { get; }

    /// <summary>Whether it can draw a character.</summary>
    public bool Draws(Rune character) => font.Glyph(character.Value) != 0;

    /// <summary>How wide a character is, in thousandths of the font size.</summary>
    public int Width(Rune character) => font.Advance(font.Glyph(character.Value));

    /// <summary>How wide a text is, in points.</summary>
    public double Width(ReadOnlySpan<char> text, double size)
    {
        var sum = 0;
        foreach (var character in text.EnumerateRunes())
            sum += Width(character);
        return sum * size / 1000;
    }

    /// <summary>Appends a text as the hexadecimal glyph numbers a content stream shows.</summary>
    public void Encode(StringBuilder content, ReadOnlySpan<char> text)
    {
        foreach (var character in text.EnumerateRunes())
            content.Append(subset.Use(character.Value).ToString("X4", null));
    }

    /// <summary>Writes the font with the glyphs used so far, and returns the object's number.</summary>
    public int WriteTo(PdfFile file)
    {
        var program = subset.ToFile();
        var name = $"{Tag(program)}+{font.Name}";
        var embedded = file.AddStream($"/Length1 {program.Length}", program);
        var descriptor = file.Add(
            $"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{string.Join(' ', font.Box)}]/ItalicAngle 0/Ascent {font.Ascent}"
            + $"/Descent {font.Descent}/CapHeight {font.CapHeight}/StemV 80/FontFile2 {Syntax.Ref(embedded)}>>");
        var descendant = file.Add(
            $"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            + $"/FontDescriptor {Syntax.Ref(descriptor)}/CIDToGIDMap/Identity/DW {font.Advance(0)}/W[1[{string.Join(' ', Widths())}]]>>");
        var unicode = file.AddStream("", Encoding.ASCII.GetBytes(ToUnicode()));
        return file.Add(
            $"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{Syntax.Ref(descendant)}]"
            + $"/ToUnicode {Syntax.Ref(unicode)}>>");
    }

    IEnumerable<int> Widths() => subset.Characters.Select(character => Width(new Rune(character)));

    // Six capital letters that tell this subset from others of the same font; from its content, so that they never vary.
    static string Tag(byte[] program)
    {
        var number = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(program));
        return string.Create(6, number, (letters, rest) =>
        {
            foreach (ref var letter in letters)
                (letter, rest) = ((char)('A' + (rest % 26)), rest / 26);
        });
    }

    static string Utf16(int codePoint) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(char.ConvertFromUtf32(codePoint)));

    // What each glyph means, for whoever copies or searches. At most 100 lines are allowed in one block.
    string ToUnicode()
    {
        var map = new StringBuilder(
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
            + "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n1 begincodespacerange <0000><FFFF> endcodespacerange\n");
        var glyph = 0;
        foreach (var block in subset.Characters.Chunk(100))
        {
            map.Append(block.Length).Append(" beginbfchar\n");
            foreach (var character in block)
                map.Append($"<{++glyph:X4}><{Utf16(character)}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap CMapName currentdict/CMap defineresource pop end end").ToString();
    }
}
