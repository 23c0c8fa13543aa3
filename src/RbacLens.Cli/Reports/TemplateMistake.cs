using System.Globalization;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>What Handlebars says of a faulty template, as one line that names the place as well as it is known.</summary>
static partial class TemplateMistake
{
    /// <summary>Whether Handlebars complains; the undefined name is not one of its own exceptions' family.</summary>
    public static bool Is(Exception found) => found is HandlebarsException or HandlebarsUndefinedBindingException;

    /// <summary>A template that cannot be understood. Handlebars tells the line of some mistakes, counted from 0.</summary>
    public static InputException WhileReading(TemplateFile file, Exception found)
    {
        var line = LineNumber().Match(found.Message) is { Success: true } match
            ? $":{1 + int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture)}"
            : "";
        return new($"{file.Place}{line}: {FirstLine(found)}", found);
    }

    /// <summary>
    /// A template that asks for what is not there. Handlebars tells what, but not where: the first file that mentions it is named,
    /// the user's files before our own.
    /// </summary>
    public static InputException WhileRendering(IEnumerable<TemplateFile> files, Exception found)
    {
        found = found.GetBaseException();
        var name = found is HandlebarsUndefinedBindingException undefined ? undefined.MissingKey : Quoted().Match(found.Message).Groups["name"].Value;
        var places = from file in files
                     let at = name.Length == 0 ? -1 : file.Text.IndexOf(name, StringComparison.Ordinal)
                     where at >= 0 && InBraces(file.Text, at)
                     orderby file.Place == "templates/report/" + file.Name
                     select $"{file.Place}:{file.LineAt(at)}: ";
        return new($"{places.FirstOrDefault("the report's templates: ")}{FirstLine(found)}; templates/README.md lists what there is", found);
    }

    static bool InBraces(string text, int at) => text.LastIndexOf("{{", at, StringComparison.Ordinal) > text.LastIndexOf("}}", at, StringComparison.Ordinal);

    // The first sentence says it; the rest is advice for programmers.
    static string FirstLine(Exception found) => found.Message.Split('\n')[0].Split(". ")[0].Trim().TrimEnd('.');

    [GeneratedRegex(@"Occured at: (?<line>\d+):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LineNumber();

    [GeneratedRegex("'#?(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
