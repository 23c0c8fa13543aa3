using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>How PDF spells values (ISO 32000-1, 7.3).</summary>
static class Syntax
{
    /// <summary>A number with at most two decimals: a hundredth of a point is finer than any printer.</summary>
    public static string Number(double value) =>
        Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A string for people: ASCII as it is, anything else as UTF-16 with its mark.</summary>
    public static string Text(string text)
    {
        if (!text.All(c => c is >= ' ' and <= '~'))
            return $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";
        var escaped = new StringBuilder(text).Replace(@"\", @"\\").Replace("(", @"\(").Replace(")", @"\)");
        return $"({escaped})";
    }

    /// <summary>A moment, always in UTC.</summary>
    public static string Date(DateTimeOffset moment) =>
        $"(D:{moment.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}Z)";

    /// <summary>A reference to an object.</summary>
    public static string Ref(int id) => $"{id} 0 R";
}
