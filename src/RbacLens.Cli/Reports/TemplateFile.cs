using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>One file of the report's look.</summary>
/// <param name="Name">The name by which it is known: <c>finding.hbs</c>.</param>
/// <param name="Place">Where it was read from, for messages.</param>
/// <param name="Content">The text as it was read.</param>
sealed record TemplateFile(string Name, string Place, string Content)
{
    /// <summary>The text with line feeds only: a browser turns the others into them before it hashes a script.</summary>
    public string Text { get; } = Content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>The templates, style and script in a folder; other files are none of our business.</summary>
    /// <exception cref="InputException">There is no such folder, or a file in it cannot be read.</exception>
    public static IEnumerable<TemplateFile> InFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder; expected a folder with templates such as page.hbs or style.css");
        return from path in Directory.EnumerateFiles(folder)
               let name = Path.GetFileName(path)
               where name is "style.css" or "script.js" || Path.GetExtension(name) == ".hbs"
               select new TemplateFile(name, path, Read(path));
    }

    /// <summary>The text, once it is sure that it cannot end the element it is put into.</summary>
    public string TextFor(string element)
    {
        var end = Text.IndexOf("</" + element, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? Text : throw new InputException(
            $"{Place}:{LineAt(end)}: found \"</{element}\", which would end the {element} element; expected it not to occur");
    }

    /// <summary>The number of the line, from 1, that a position is in.</summary>
    public int LineAt(int position) => 1 + Text.AsSpan(0, position).Count('\n');

    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is UnauthorizedAccessException ? "access denied" : "input/output error";
            throw new InputException($"{path}: found no way to read it ({reason}); expected a text file", e);
        }
    }
}
