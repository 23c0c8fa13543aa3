using System.Collections.Immutable;
using System.Text;

namespace RbacLens.Cli.Reports.Html;

/// <summary>An object that templates see.</summary>
/// <param name="Name">What it is called: <c>finding</c>.</param>
/// <param name="Note">A sentence about it; empty for none.</param>
/// <param name="Variables">What is in it.</param>
sealed record TemplateObject(string Name, string Note, ImmutableArray<TemplateVariable> Variables);

/// <summary>A name that templates see.</summary>
/// <param name="Name">The name.</param>
/// <param name="Object">The object it is, or is a list of; empty for texts.</param>
/// <param name="What">What it is, in Markdown.</param>
sealed record TemplateVariable(string Name, string Object, string What);

/// <summary>
/// Every name that templates see. <c>rbac-lens template variables</c> prints it, templates/README.md has it, and tests hold both against what
/// the reports hand to their templates.
/// </summary>
static class TemplateVariables
{
    /// <summary>The objects, from the page inwards.</summary>
    public static ImmutableArray<TemplateObject> All { get; } = [.. Read()];

    /// <summary>Tables for people.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var (name, note, variables) in All)
        {
            text.Append(null, $"\n### {name}\n\n{(note.Length == 0 ? "" : $"{note}\n\n")}| name | what | object |\n| --- | --- | --- |\n");
            foreach (var variable in variables)
                text.Append(null, $"| `{variable.Name}` | {variable.What} | {(variable.Object.Length == 0 ? "" : $"{variable.Object} ")}|\n");
        }

        return text.ToString();
    }

    static IEnumerable<TemplateObject> Read() =>
        from part in $"\n{Text()}".Split("\n# ", StringSplitOptions.RemoveEmptyEntries)
        let lines = part.TrimEnd().Split('\n')
        select new TemplateObject(
            lines[0], string.Join('\n', lines.Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..])),
            [.. lines.Skip(1).Where(line => !line.StartsWith("> ", StringComparison.Ordinal)).Select(Variable)]);

    static TemplateVariable Variable(string line)
    {
        var bar = line.IndexOf(" | ", StringComparison.Ordinal);
        var name = line[..bar].Split(": ");
        return new(name[0], name.Length > 1 ? name[1] : "", line[(bar + 3)..]);
    }

    // An object begins with #; then come a note after >, and its names, each with the object it is after a colon, and what it is after a bar.
    static string Text()
    {
        using var reader = new StreamReader(typeof(TemplateVariables).Assembly.GetManifestResourceStream("template-variables.txt")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
