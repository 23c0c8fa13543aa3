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

    /// <summary>The templates, style and script in a folder. A note about them may lie beside; anything else is a slip of the pen.</summary>
    /// <exception cref="InputException">There is no such folder, a file in it cannot be read, or is none of the report's.</exception>
    public static IEnumerable<TemplateFile> InFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder; expected a folder with templates such as page.hbs or style.css");
        return from path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
               let name = Path.GetFileName(path)
               where !name.StartsWith('.') && !string.Equals(name, "README.md", StringComparison.OrdinalIgnoreCase)
               select IsOurs(name) ? new TemplateFile(name, path, Read(path)) : throw new InputException(
                   $"{path}: is no file of the report; expected style.css, script.js, or templates that end in .hbs");
    }

    static bool IsOurs(string name) => name is "style.css" or "script.js" || Path.GetExtension(name) == ".hbs";

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
