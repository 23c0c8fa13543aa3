using System.CommandLine;
using System.CommandLine.Completions;
using RbacLens.Cli.Commands;

namespace RbacLens.Cli.Completion;

/// <summary>What can stand where the cursor is.</summary>
static class Candidates
{
    // As cobra numbers them: 0 lets the shell complete file names, 4 does not.
    const int FileNames = 0, NothingElse = 4;

    static readonly HashSet<string> Paths = new(StringComparer.Ordinal) { "--from", "--kubeconfig", "--policies", "--suppressions", "--template", "--batch", "--dir", "OLD", "NEW" };

    /// <summary>Writes one candidate in a line, its description behind a tab, and at last what the shell is to do besides.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="words">The words of the command line behind the program's name; the last one, perhaps empty, is to be completed.</param>
    /// <param name="terminal">Where to write, and whose clusters and files to look into.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<int> WriteAsync(RootCommand root, IReadOnlyList<string> words, Terminal terminal, CancellationToken cancellation)
    {
        // A PowerShell cannot hand over nothing.
        var word = words is [.., var last] && last != "\"\"" ? last : "";
        var before = words.Take(words.Count - 1).ToList();
        var place = Place.Find(root, before);
        var (items, directive) = await AtAsync(place, word, before, terminal, cancellation);
        await using var output = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
        foreach (var (value, help) in items.Where(item => item.Value.StartsWith(word, StringComparison.Ordinal) && IsSafe(item.Value)).DistinctBy(item => item.Value))
            await output.WriteLineAsync(help.Length > 0 ? $"{value}\t{Reports.Words.Printable(help)}" : value);
        await output.WriteLineAsync($":{directive}");
        return ExitCodes.Done;
    }

    static async Task<(IEnumerable<(string Value, string Help)> Items, int Directive)> AtAsync(
        Place place, string word, List<string> before, Terminal terminal, CancellationToken cancellation)
    {
        if (place.Option is null && word.StartsWith('-'))
            return (Options(place.Command), NothingElse);
        if (place.Option is null && place.Command.Subcommands.Any(command => !command.Hidden))
            return (place.Command.Subcommands.Where(command => !command.Hidden).Select(command => (command.Name, command.Description ?? "")), NothingElse);
        if ((Symbol?)place.Option is not { } symbol && (Symbol?)place.Argument is not { } argument)
            return ([], NothingElse);
        var meant = (Symbol?)place.Option ?? place.Argument!;
        if (Paths.Contains(meant.Name))
            return ([], FileNames);
        var known = meant.GetCompletions(CompletionContext.Empty).Select(item => (item.InsertText ?? item.Label, item.Detail ?? ""));
        var found = await ClusterWords.ForAsync(meant.Name, place.Command.Name, before, terminal, cancellation);
        return (known.Concat(found), NothingElse);
    }

    static IEnumerable<(string, string)> Options(Command command) =>
        from option in command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
        where !option.Hidden && option.Name.StartsWith("--", StringComparison.Ordinal)
        orderby option.Name
        select (option.Name, option.Description ?? "");

    // What a cluster calls its users ends up on somebody's command line, so nothing passes that a shell could take for more than a word.
    static bool IsSafe(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "-_.:/@=+,%".Contains(c, StringComparison.Ordinal));
}

/// <summary>Where on a command line the cursor is.</summary>
/// <param name="Command">The command that is being written.</param>
/// <param name="Option">The option whose value is next; null where none is.</param>
/// <param name="Argument">The argument that is next; null where there is none left.</param>
sealed record Place(Command Command, Option? Option, Argument? Argument)
{
    /// <summary>Walks the words that are written.</summary>
    public static Place Find(Command root, IReadOnlyList<string> words)
    {
        var (command, option, arguments) = (root, (Option?)null, 0);
        foreach (var word in words)
        {
            if (option is not null)
                option = null;
            else if (word.StartsWith('-') && word.Length > 1)
                option = word.Contains('=', StringComparison.Ordinal) ? null : Taking(command, word);
            else if (command.Subcommands.FirstOrDefault(sub => sub.Name == word) is { } sub)
                command = sub;
            else
                arguments++;
        }

        var next = command.Arguments.ElementAtOrDefault(arguments) ?? command.Arguments.LastOrDefault(argument => argument.Arity.MaximumNumberOfValues > 1);
        return new(command, option, next);
    }

    static Option? Taking(Command command, string word) => command.Options
        .FirstOrDefault(option => (option.Name == word || option.Aliases.Contains(word)) && option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0);
}
