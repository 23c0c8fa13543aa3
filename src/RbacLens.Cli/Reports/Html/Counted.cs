using System.Globalization;

namespace RbacLens.Cli.Reports.Html;

/// <summary>Numbers as people read them.</summary>
static class Counted
{
    /// <summary><c>20,000</c>.</summary>
    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 finding</c>, <c>2 findings</c>; words that do not simply take an s come with their own plural.</summary>
    public static string Of(int count, string one, string? many = null) => $"{Number(count)} {(count == 1 ? one : many ?? one + "s")}";
}
