using System.CommandLine;
using System.Text;
using RbacLens.Cli.Completion;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Prints or installs what shells need to complete our command lines.</summary>
static class CompletionCommand
{
    /// <summary>The word that shells ask for candidates with.</summary>
    public const string Question = "__complete";

    public static Command Create(Terminal terminal)
    {
        var command = new Command("completion", "Complete command lines in bash, zsh, fish, PowerShell and kubectl, with names from your cluster or dump.");
        foreach (var script in CompletionScript.All)
            command.Subcommands.Add(Print(script, terminal));
        command.Subcommands.Add(Install(terminal));
        return command.WithExamples("source <(rbac-lens completion bash)", "rbac-lens completion install");
    }

    static Command Print(CompletionScript script, Terminal terminal)
    {
        var command = new Command(script.Shell, script.Shell == "kubectl"
            ? "Print the program that kubectl asks to complete: kubectl rbac-lens."
            : $"Print the script for {script.Shell}.");
        command.SetAction(async (parsed, cancellation) =>
        {
            await terminal.Output.WriteAsync(Encoding.UTF8.GetBytes(script.Text), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples($"rbac-lens completion {script.Shell}");
    }

    static Command Install(Terminal terminal)
    {
        var shells = new Argument<string[]>("SHELL") { HelpName = "SHELL", Description = "bash, zsh, fish, powershell, kubectl; yours and kubectl, without it.", Arity = ArgumentArity.ZeroOrMore };
        shells.CompletionSources.Add([.. CompletionScript.All.Select(script => script.Shell)]);
        var folder = new Option<string?>("--dir") { Description = "Write all files here, and not where the shells look.", HelpName = "DIR" };
        var command = new Command("install", "Write the files where the shells find them.") { shells, folder };
        command.SetAction(async (parsed, cancellation) =>
        {
            var asked = parsed.GetValue(shells) is { Length: > 0 } named ? named : [Usual(terminal), "kubectl"];
            foreach (var script in asked.Distinct(StringComparer.Ordinal).Select(CompletionScript.For).ToList())
                await InstallAsync(script, parsed.GetValue(folder) ?? script.Folder(terminal.Surroundings), terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens completion install", "rbac-lens completion install zsh fish");
    }

    static async Task InstallAsync(CompletionScript script, string folder, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be made: {e.Message}", e);
        }

        foreach (var name in script.FileNames)
        {
            var file = Path.Combine(folder, name);
            await WholeFile.WriteAsync(file, terminal.Output, output => output.Write(Encoding.UTF8.GetBytes(script.Text)), cancellation);
            if (script.Shell == "kubectl" && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            await terminal.Error.WriteLineAsync($"wrote {file}{(script.Note.Length > 0 ? $" ({script.Note})" : "")}");
        }
    }

    static string Usual(Terminal terminal) =>
        OperatingSystem.IsWindows() ? "powershell"
        : Path.GetFileName(terminal.Surroundings.Variable("SHELL") ?? "") is { Length: > 0 } shell && CompletionScript.All.Any(script => script.Shell == shell) ? shell
        : throw new InputException("SHELL names no shell that is known; say which: completion install bash");
}
