using System.CommandLine;
using System.Globalization;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>Accepts findings: writes entries for a suppressions file.</summary>
static class SuppressCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("suppress", "Accept findings: add entries to a suppressions file, each with a reason, an owner and a last day.");
        var fingerprints = new Argument<string[]>("FINGERPRINT") { Description = "The findings, as -o json shows them; the first digits are enough.", Arity = ArgumentArity.OneOrMore };
        var reason = new Option<string>("--reason") { Description = "Why it is accepted.", HelpName = "TEXT", Required = true };
        var expires = new Option<string>("--expires") { Description = "The last day it is accepted, YYYY-MM-DD.", HelpName = "DAY", Required = true };
        var owner = new Option<string>("--owner") { Description = "Who accepts it, and is asked again.", HelpName = "NAME", Required = true };
        var file = new Option<string?>("--file") { Description = "The suppressions file to add to; it is made if it is not there. Without it, entries go to standard output.", HelpName = "FILE" };
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id.", HelpName = "DIR" };
        command.Arguments.Add(fingerprints);
        var input = new InputOptions(command);
        foreach (var option in new Option[] { reason, expires, owner, file, policies })
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var accepted = new Suppression(Said(parsed.GetRequiredValue(owner), "--owner"), Said(parsed.GetRequiredValue(reason), "--reason"), Day(parsed.GetRequiredValue(expires), terminal));
            var all = await JudgedFindings.ReadAsync(input, parsed.GetValue(policies), parsed, terminal, cancellation);
            var findings = all.Find(parsed.GetRequiredValue(fingerprints));
            await SuppressionWriter.WriteAsync(findings, accepted, parsed.GetValue(file), terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens suppress 9f2c41d0 --from posture.json --file accepted.yaml --owner platform-team --expires 2027-03-31 --reason \"Until the exporter scrapes port 10250 itself\"");
    }

    static string Said(string text, string option) => text.Trim() is { Length: > 0 } said ? said : throw new InputException($"{option}: is empty");

    static DateOnly Day(string text, Terminal terminal)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new InputException($"--expires {text}: expected a day as in 2027-03-31");
        var today = DateOnly.FromDateTime(terminal.Surroundings.Clock.GetUtcNow().UtcDateTime);
        return day >= today ? day : throw new InputException($"--expires {text}: has passed already");
    }
}
