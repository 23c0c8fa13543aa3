using System.Reflection;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>
/// The templates of the HTML report: those inside the program, each replaced by the file of the same name in the user's folder, if any.
/// Templates see dictionaries and lists only, and a name that the model does not have is a mistake, not silence.
/// </summary>
sealed class Templates
{
    const string Prefix = "templates/report/";
    const string Extension = ".hbs";

    readonly SortedDictionary<string, TemplateFile> files;
    readonly Dictionary<string, HandlebarsTemplate<TextWriter, object, object>> compiled = [];
    readonly IHandlebars handlebars;
    IEnumerable<string> data = [];

    Templates(SortedDictionary<string, TemplateFile> files)
    {
        this.files = files;
        handlebars = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true });
        handlebars.RegisterHelper("data", WriteData);
        foreach (var (name, file) in files.Where(file => file.Key.EndsWith(Extension, StringComparison.Ordinal)))
            Add(name[..^Extension.Length], file);
    }

    /// <summary>The style sheet, ready to stand between style tags.</summary>
    public string Style => files["style.css"].TextFor("style");

    /// <summary>The script, ready to stand between script tags.</summary>
    public string Script => files["script.js"].TextFor("script");

    /// <summary>The templates of the program and of a folder.</summary>
    /// <exception cref="InputException">The folder or a file in it cannot be read, or a template has a mistake.</exception>
    public static Templates Load(string? folder)
    {
        var found = new SortedDictionary<string, TemplateFile>(StringComparer.Ordinal);
        var own = folder is null ? [] : TemplateFile.InFolder(folder).ToList();
        foreach (var file in Embedded().Concat(own))
            found[file.Name] = file;
        if (own.Find(file => !IsUsed(file, found)) is { } idle)
            throw new InputException(
                $"{idle.Place}: is neither a template of the report nor used by one; expected a name that is there ({string.Join(", ", Embedded().Select(file => file.Name).Order(StringComparer.Ordinal))}) or a {{{{> {Path.GetFileNameWithoutExtension(idle.Name)}}}}} somewhere");
        return new(found);
    }

    static bool IsUsed(TemplateFile file, SortedDictionary<string, TemplateFile> all) =>
        Embedded().Any(known => known.Name == file.Name)
        || all.Values.Any(other => other != file && Mentions(other.Text, file.Name[..^Extension.Length]));

    static bool Mentions(string text, string partial) =>
        Regex.IsMatch(text, $@"\{{\{{>\s*{Regex.Escape(partial)}[\s}}]", RegexOptions.None, TimeSpan.FromSeconds(10));

    /// <summary>The templates of the program, and the note about them.</summary>
    public static IEnumerable<TemplateFile> BuiltIn => [.. Embedded(), new("README.md", "templates/README.md", Text(typeof(Templates).Assembly, "templates/README.md"))];

    /// <summary>One partial with its model, as text.</summary>
    public string Render(string partial, Dictionary<string, object?> model)
    {
        using var text = new StringWriter();
        Run(partial, model, text);
        return text.ToString();
    }

    /// <summary>The whole page.</summary>
    /// <param name="model">What <c>page.hbs</c> sees.</param>
    /// <param name="lines">What <c>{{data}}</c> writes, unescaped; made while the page is written.</param>
    /// <param name="output">Gets the page.</param>
    public void Render(Dictionary<string, object?> model, IEnumerable<string> lines, TextWriter output)
    {
        data = lines;
        Run("page", model, output);
    }

    void WriteData(in EncodedTextWriter output, in HelperOptions options, in Context context, in Arguments arguments)
    {
        foreach (var line in data)
            output.WriteSafeString(line);
    }

    void Add(string name, TemplateFile file)
    {
        TemplateBlocks.Check(file);
        try
        {
            using var text = new StringReader(file.Text);
            var template = handlebars.Compile(text);
            compiled[name] = template;
            handlebars.RegisterTemplate(name, template);
        }
        catch (Exception e) when (TemplateMistake.Is(e) || e is InvalidOperationException or ArgumentException)
        {
            throw TemplateMistake.WhileReading(file, e);
        }
    }

    void Run(string name, Dictionary<string, object?> model, TextWriter output)
    {
        try
        {
            compiled[name](output, model);
        }
        catch (Exception e) when (TemplateMistake.Is(e))
        {
            throw TemplateMistake.WhileRendering(files.Values, e);
        }
    }

    static IEnumerable<TemplateFile> Embedded()
    {
        var assembly = typeof(Templates).Assembly;
        return from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Prefix, StringComparison.Ordinal)
               select new TemplateFile(resource[Prefix.Length..], resource, Text(assembly, resource));
    }

    static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
