using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// A colour profile for sRGB (ICC.1:2004, version 4.2), made from the numbers of IEC 61966-2-1. PDF/A needs one to say which red is meant.
/// </summary>
static class SrgbProfile
{
    // The white point D50, which profiles are written against; the primaries and the matrix are sRGB's, adapted from its own D65.
    static readonly double[] White = [0.9642, 1, 0.8249];
    static readonly double[] Adaptation = [1.0479, 0.0229, -0.0502, 0.0296, 0.9905, -0.0171, -0.0092, 0.0151, 0.7517];

    // value = ((x + 0.055) / 1.055) ^ 2.4, and x / 12.92 up to 0.04045
    static readonly double[] Curve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

    /// <summary>The profile as a file.</summary>
    public static byte[] ToFile()
    {
        byte[] curve = [.. Ascii("para"), .. Long(0), 0, 3, 0, 0, .. Curve.SelectMany(Fixed)];
        (string Name, byte[] Data)[] tags =
        [
            ("desc", Text("sRGB")), ("cprt", Text("No copyright, use freely")), ("wtpt", Xyz(White)),
            ("chad", [.. Ascii("sf32"), .. Long(0), .. Adaptation.SelectMany(Fixed)]),
            ("rXYZ", Xyz(0.4360, 0.2225, 0.0139)), ("gXYZ", Xyz(0.3851, 0.7169, 0.0971)), ("bXYZ", Xyz(0.1431, 0.0606, 0.7141)),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        var directory = new List<byte>(Long(tags.Length));
        var data = new List<byte>();
        foreach (var (name, tag) in tags)
        {
            directory.AddRange([.. Ascii(name), .. Long(132 + (12 * tags.Length) + data.Count), .. Long(tag.Length)]);
            data.AddRange([.. tag, .. new byte[(4 - (tag.Length % 4)) % 4]]);
        }
        return [.. Header(128 + directory.Count + data.Count), .. directory, .. data];
    }

    // Size, no preferred engine, version 4.2, a display, RGB to XYZ, a fixed date, the signature, then mostly "nothing special".
    static byte[] Header(int size) =>
    [
        .. Long(size), .. Long(0), 4, 0x20, 0, 0, .. Ascii("mntrRGB XYZ "), 0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, .. Ascii("acsp"),
        .. new byte[28], .. White.SelectMany(Fixed), .. new byte[48],
    ];

    static byte[] Xyz(params double[] values) => [.. Ascii("XYZ "), .. Long(0), .. values.SelectMany(Fixed)];

    static byte[] Text(string text) =>
    [
        .. Ascii("mluc"), .. Long(0), .. Long(1), .. Long(12), .. Ascii("enUS"), .. Long(2 * text.Length), .. Long(28),
        .. Encoding.BigEndianUnicode.GetBytes(text),
    ];

    static byte[] Fixed(double value) => Long((int)Math.Round(value * 65536));

    static byte[] Long(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
