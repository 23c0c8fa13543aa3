using System.CommandLine;
using RbacLens.Cli.Reports;
using RbacLens.Policies.Remedies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Prints roles and bindings as they should be. Nothing is changed.</summary>
static class FixCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("fix", "Print the roles and bindings as they should be, so that findings are gone. Nothing is changed.");
        var fingerprints = new Argument<string[]>("FINGERPRINT") { Description = "The findings, as -o json shows them; the first digits are enough.", Arity = ArgumentArity.OneOrMore };
        var instead = new Option<string[]>("--instead-of-proxy") { Description = "What takes the place of nodes/proxy: metrics, stats, log, pods, configz, healthz, checkpoint. Repeats.", HelpName = "SUBRESOURCE", AllowMultipleArgumentsPerToken = true };
        var verbs = new Option<string[]>("--verbs") { Description = "The verbs that are used where a rule has a star (default: the usual eight, without impersonate, bind and escalate). Repeats.", HelpName = "VERB", AllowMultipleArgumentsPerToken = true };
        var into = new Option<string[]>("--only-in") { Description = "The namespaces where a ClusterRoleBinding is really needed: a RoleBinding in each takes its place. Repeats.", HelpName = "NAMESPACE", AllowMultipleArgumentsPerToken = true };
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id.", HelpName = "DIR" };
        instead.AcceptOnlyFromAmong("metrics", "stats", "log", "pods", "configz", "healthz", "checkpoint");
        command.Arguments.Add(fingerprints);
        var input = new InputOptions(command);
        foreach (var option in new Option[] { instead, verbs, into, policies })
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var all = await JudgedFindings.ReadAsync(input, parsed.GetValue(policies), parsed, terminal, cancellation);
            var findings = all.Find(parsed.GetRequiredValue(fingerprints));
            var choices = new RemedyChoices
            {
                InsteadOfNodesProxy = Names.Of((parsed.GetValue(instead) ?? []).Select(subresource => "nodes/" + subresource)),
                Verbs = parsed.GetValue(verbs) is { Length: > 0 } used ? Names.Of(used) : RemedyChoices.UsualVerbs,
                Namespaces = [.. (parsed.GetValue(into) ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            };
            var remedy = Remedy.For(findings, choices);
            await using var output = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
            foreach (var line in RemedyYaml.Lines(remedy))
                await output.WriteLineAsync(Words.Printable(line).AsMemory(), cancellation);
            return remedy.IsEmpty ? ExitCodes.Findings : ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens fix 9f2c41d0 --from posture.json --instead-of-proxy metrics | kubectl diff -f -",
            "rbac-lens fix 31b07aa2 --from posture.json --only-in staging --only-in production");
    }
}
