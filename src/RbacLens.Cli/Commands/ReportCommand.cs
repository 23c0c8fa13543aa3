using System.CommandLine;
using RbacLens.Cli.Inputs.Postures;

namespace RbacLens.Cli.Commands;

/// <summary>Renders a posture that was saved as JSON, as the scan would have.</summary>
static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("report", "Render a saved posture (-o json) in any format, and compare it with an earlier one.");
        var from = new Option<string>("--from") { Description = "The posture; - is standard input. Gzip is fine.", HelpName = "FILE", Required = true };
        command.Options.Add(from);
        var reports = new ReportOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            var saved = await PostureFile.ReadAsync(parsed.GetRequiredValue(from), terminal.Input, cancellation);
            var posture = await reports.ComparedAsync(saved, parsed, terminal, cancellation);
            return await reports.WriteAsync(posture, targets, parsed, terminal, cancellation);
        });
        return command.WithExamples(
            "rbac-lens report --from posture.json -o html=posture.html -o pdf=posture.pdf",
            "rbac-lens report --from today.json --compare last-quarter.json -o markdown",
            "rbac-lens report --from today.json --compare main.json --fail-on high --new-only");
    }
}
