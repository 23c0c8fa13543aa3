using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>How the report looks: its fonts, sizes and colours. Every text colour stands out from its ground by 4.5 to 1 or more.</summary>
sealed class Look
{
    public static readonly Color Ink = new(0x1F2933), Quiet = new(0x52606D), Accent = new(0x1B4B72), Night = new(0x12324F);
    public static readonly Color White = new(0xFFFFFF), Hairline = new(0xD3DAE1), Panel = new(0xEEF2F6);

    public PdfFont Regular { get; } = Embedded("F1", "NotoSans-Regular");

    public PdfFont Bold { get; } = Embedded("F2", "NotoSans-Bold");

    public TextStyle Title => new(Bold, 30, 38, White);

    public TextStyle Subtitle => new(Regular, 15, 21, White);

    public TextStyle H1 => new(Bold, 21, 28, Night);

    public TextStyle H2 => new(Bold, 14, 20, Ink);

    public TextStyle H3 => new(Bold, 11, 15, Accent);

    public TextStyle Body => new(Regular, 9.5, 14, Ink);

    public TextStyle Strong => Body with { Font = Bold };

    public TextStyle Cell => new(Regular, 8.5, 12, Ink);

    public TextStyle CellStrong => Cell with { Font = Bold };

    public TextStyle Fine => new(Regular, 7.5, 10.5, Quiet);

    public TextStyle FineStrong => Fine with { Font = Bold };

    public TextStyle Chip => new(Bold, 7, 13, White);

    /// <summary>The colour of a severity; its name is always written with it, so that the colour is never needed to understand.</summary>
    public static Color Of(Severity severity) => new(severity switch
    {
        Severity.Critical => 0x8F1D21,
        Severity.High => 0xB6470F,
        Severity.Medium => 0x8A6410,
        Severity.Low => 0x2B6496,
        _ => 0x596673,
    });

    static PdfFont Embedded(string resource, string name)
    {
        using var stream = typeof(Look).Assembly.GetManifestResourceStream($"Fonts/{name}.ttf")
            ?? throw new InvalidOperationException($"the font {name} is not part of this build");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return new(resource, new TrueTypeFont(name, file));
    }
}
