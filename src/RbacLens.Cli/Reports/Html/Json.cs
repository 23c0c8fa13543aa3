using System.Text.Encodings.Web;

namespace RbacLens.Cli.Reports.Html;

/// <summary>JSON that stands inside a script element.</summary>
static class Json
{
    /// <summary>
    /// A text, or null. Inside a script element only "&lt;/script" and "&lt;!--" mean anything to the HTML parser; without their "&lt;" they do
    /// not occur.
    /// </summary>
    public static string Text(string? value) => value is null ? "null" : "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)
        .Replace("</", "<\\/", StringComparison.Ordinal).Replace("<!", "\\u003c!", StringComparison.Ordinal) + "\"";
}
