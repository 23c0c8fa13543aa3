using System.Text.RegularExpressions;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>Whether the blocks of a template begin and end in pairs. Handlebars notices when they do not, but cannot say where.</summary>
static partial class TemplateBlocks
{
    /// <summary>Looks at every <c>{{#name}}</c> and <c>{{/name}}</c>.</summary>
    /// <exception cref="InputException">One has no partner; file and line are named.</exception>
    public static void Check(TemplateFile file)
    {
        var open = new Stack<(string Name, int At)>();
        foreach (Match tag in Tag().Matches(file.Text))
        {
            var name = tag.Groups["name"].Value;
            if (tag.Groups["kind"].Value == "#" || (tag.Groups["kind"].Value == "^" && name.Length > 0))
                open.Push((name, tag.Index));
            else if (tag.Groups["kind"].Value == "/")
                Close(file, open, name, tag.Index);
            else if (name == "else" && open.Count == 0)
                throw Mistake(file, tag.Index, "{{else}} stands outside of any block");
        }

        if (open.TryPeek(out var left))
            throw Mistake(file, left.At, $"{{{{#{left.Name}}}}} is never closed, expected {{{{/{left.Name}}}}} below it");
        if (Unfinished().Match(file.Text) is { Success: true } begun)
            throw Mistake(file, begun.Index, "{{ is never closed, expected }} after it");
    }

    static void Close(TemplateFile file, Stack<(string Name, int At)> open, string name, int at)
    {
        if (!open.TryPop(out var last))
            throw Mistake(file, at, $"{{{{/{name}}}}} closes nothing, expected a {{{{#{name}}}}} above it");
        if (last.Name != name)
            throw Mistake(file, at, $"found {{{{/{name}}}}}, expected {{{{/{last.Name}}}}}, for {{{{#{last.Name}}}}} in line {file.LineAt(last.At)} is open");
    }

    static InputException Mistake(TemplateFile file, int at, string what) => new($"{file.Place}:{file.LineAt(at)}: {what}");

    // Comments may hold anything; {{^name}} begins a block like {{#name}}, and {{^}} is another way to write {{else}}.
    [GeneratedRegex(@"\{\{~?!--.*?--~?\}\}|\{\{~?!.*?\}\}|\{\{\{?~?\s*(?<kind>[#/^]?)[>*]?\s*(?<name>[^\s}~]*)[^}]*\}\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\{(?:(?!\}\}).)*\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unfinished();
}
