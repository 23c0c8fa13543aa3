using System.CommandLine;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Writes a snapshot to look at later, elsewhere, or again.</summary>
static class CollectCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("collect", "Write what a scan would read, without any secret, as a kind: List that kubectl understands.");
        var input = new InputOptions(command);
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; standard output without it.", HelpName = "FILE" };
        command.Options.Add(output);
        command.SetAction(async (parsed, cancellation) =>
        {
            var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
            await WholeFile.WriteAsync(parsed.GetValue(output), terminal.Output, stream => SnapshotWriter.Write(snapshot, stream), cancellation);
            foreach (var gap in snapshot.Gaps)
                await terminal.Error.WriteLineAsync($"not collected: {Words.Printable(gap.Detail)}");
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens collect --context prod -o prod.json", "rbac-lens collect | gzip > cluster.json.gz");
    }
}
