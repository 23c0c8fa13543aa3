using System.CommandLine;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Cli.Inputs.Probes;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Looks at the policies themselves: what there is, what one says, and whether their examples hold.</summary>
static class PoliciesCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id.", HelpName = "DIR", Recursive = true };
        return new("policies", "List, show, test and document the policies, and give their JSON Schema.")
        {
            Options = { folder },
            Subcommands = { List(terminal, folder), Show(terminal, folder), Test(terminal, folder), Docs(terminal, folder), Schema(terminal), Platform(terminal) },
        };
    }

    static Command List(Terminal terminal, Option<string?> folder)
    {
        var command = new Command("list", "One line for each policy.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var policies = PolicyFiles.With(parsed.GetValue(folder));
            var width = policies.Max(policy => policy.Id.Length);
            await PrintAsync(terminal, policies.Select(policy => $"{policy.Id.PadRight(width)}  {PolicyDocs.Worst(policy),-8}  {policy.Title}"), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens policies list");
    }

    static Command Show(Terminal terminal, Option<string?> folder)
    {
        var id = new Argument<string>("ID") { HelpName = "ID", Description = "The policy's id." };
        id.CompletionSources.Add(_ => PolicyFiles.BuiltIn.Select(policy => new System.CommandLine.Completions.CompletionItem(policy.Id)));
        var command = new Command("show", "All that one policy says.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            var asked = parsed.GetRequiredValue(id);
            var policy = PolicyFiles.With(parsed.GetValue(folder)).FirstOrDefault(policy => policy.Id == asked)
                ?? throw new InputException($"{asked}: there is no such policy (rbac-lens policies list shows them)");
            await PrintAsync(terminal, PolicyDocs.Section(policy), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens policies show nodes-proxy");
    }

    static Command Test(Terminal terminal, Option<string?> folder)
    {
        var command = new Command("test", "Run the examples of every policy and of every detection rule: each that violates must yield the finding, each that conforms must not.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var policies = PolicyFiles.With(parsed.GetValue(folder));
            var results = new List<PolicyProof>();
            foreach (var policy in policies)
                results.AddRange(await PolicyProof.RunAsync(policy, policies, cancellation));
            foreach (var rule in DetectionFiles.With(parsed.GetValue(folder)))
                results.AddRange(await DetectionProof.RunAsync(rule, cancellation));
            foreach (var change in UpgradeFiles.With(parsed.GetValue(folder)))
                results.AddRange(await UpgradeProof.RunAsync(change, policies, cancellation));
            foreach (var policy in KubeconfigPolicies.BuiltIn)
                results.AddRange(KubeconfigPolicies.Prove(policy));
            results.AddRange(EndpointPolicies.BuiltIn.SelectMany(policy => policy.Proofs));
            var failed = results.Where(result => !result.Holds).ToList();
            await PrintAsync(terminal, [.. failed.Select(result => result.ToString()), $"{results.Count} examples, {failed.Count} failed"], cancellation);
            return failed.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command.WithExamples("rbac-lens policies test --policies my-policies");
    }

    static Command Docs(Terminal terminal, Option<string?> folder)
    {
        var command = new Command("docs", "The policies as one Markdown page.");
        command.SetAction(async (parsed, cancellation) =>
        {
            await PrintAsync(terminal, PolicyDocs.Page(PolicyFiles.With(parsed.GetValue(folder))), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens policies docs > policies/README.md");
    }

    static Command Schema(Terminal terminal)
    {
        var command = new Command("schema", "The JSON Schema of policy files, for editors.");
        command.SetAction(async (_, cancellation) =>
        {
            await using var schema = typeof(PoliciesCommand).Assembly.GetManifestResourceStream("policy.schema.json")!;
            await schema.CopyToAsync(terminal.Output, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens policies schema > policy.schema.json");
    }

    static Command Platform(Terminal terminal)
    {
        var command = new Command("platform", "Record what an add-on ships, as a file for scan --platforms: the digest of each role and binding in its manifests.");
        var input = new InputOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var shipped = await input.CollectAsync(parsed, terminal, cancellation);
            await PrintAsync(terminal, PlatformFiles.Lines(shipped, await Shipped.StockAsync(shipped, cancellation)), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("helm template our-operator | rbac-lens policies platform --from - > our-platforms/our-operator.txt");
    }

    static async Task PrintAsync(Terminal terminal, IEnumerable<string> lines, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
            await writer.WriteLineAsync(Words.Printable(line).AsMemory(), cancellation);
    }
}
