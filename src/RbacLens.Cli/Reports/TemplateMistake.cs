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
        return new($"{file.Place}{line}: {(Is(found) ? FirstLine(found) : "cannot be understood; a block such as {{#if}} may lack what it asks for")}", found);
    }

    /// <summary>
    /// A template that asks for what is not there. Handlebars tells what, but not where: the first file that mentions it is named,
    /// the user's files before our own.
    /// </summary>
    public static InputException WhileRendering(IEnumerable<TemplateFile> files, Exception found)
    {
        found = found.GetBaseException();
        var name = found is HandlebarsUndefinedBindingException undefined
            ? undefined.MissingKey
            : Quoted().Match(found.Message).Groups["name"].Value;
        var places = from file in files
                     let at = FirstUse(name, file.Text)
                     where at >= 0
                     orderby file.Place == "templates/report/" + file.Name
                     select $"{file.Place}:{file.LineAt(at)}: ";
        var place = places.FirstOrDefault("the report's templates: ");
        return new($"{place}{FirstLine(found)}; templates/README.md lists what there is", found);
    }

    static int FirstUse(string name, string template) =>
        name.Length > 0 && Expression().Matches(template).FirstOrDefault(match => match.Value.Contains(name, StringComparison.Ordinal)) is { } use
            ? use.Index
            : -1;

    // The first sentence says it; the rest is advice for programmers.
    static string FirstLine(Exception found) => found.Message.Split('\n')[0].Split(". ")[0].Trim().TrimEnd('.');

    [GeneratedRegex(@"Occured at: (?<line>\d+):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"\{\{[^}]*\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Expression();

    [GeneratedRegex("'#?(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Quoted();
}
