using System.CommandLine;
using System.CommandLine.Parsing;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Words that look like an option or stand where a command should, and are none: taken for names, they would be answered wrongly.</summary>
static class UnknownWords
{
    /// <summary>What is wrong with the first of them; null where all is well. Behind <c>--</c> every word is a name.</summary>
    public static string? Problem(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return null;
        var command = parsed.CommandResult.Command;
        if (command.Action is null && command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var first, ..] && !first.StartsWith('-'))
            return $"unknown command \"{first}\"{Similar.Hint(first, command.Subcommands.Where(known => !known.Hidden).Select(known => known.Name))}";
        var names = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        return parsed.UnmatchedTokens.Concat(words).FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !names.Contains(word)) is { } option
            ? $"unknown option {option}{(Similar.To(option.Split('=')[0], Options(parsed.CommandResult), most: 1) is [var near] ? $"; did you mean {near}?" : "")}"
            : null;
    }

    static IEnumerable<string> Options(CommandResult command) =>
        from level in Levels(command)
        from option in level.Command.Options
        where !option.Hidden && (option.Recursive || level == command)
        select option.Name;

    static IEnumerable<CommandResult> Levels(CommandResult? command)
    {
        for (; command is not null; command = command.Parent as CommandResult)
            yield return command;
    }
}
