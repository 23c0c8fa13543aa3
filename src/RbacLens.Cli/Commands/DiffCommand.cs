using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>Says who may do more or less than before.</summary>
static class DiffCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("diff", "Say who gained or lost which permission between two clusters, dumps or sets of manifests, and which findings came and went.");
        var old = new Argument<string>("OLD") { Description = "A dump, manifests, a directory, - for standard input, or a kubeconfig context." };
        var @new = new Argument<string?>("NEW") { Description = "The same; the current context, without it.", Arity = ArgumentArity.ZeroOrOne };
        var namespaces = new Option<string[]>("--namespace", "-n") { Description = "Only this namespace, and what is granted for the whole cluster. Repeats.", HelpName = "NAMESPACE" };
        InputOptions.RefuseEmpty(namespaces);
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Read directories with everything below them." };
        var version = new Option<string?>("--kubernetes-version") { Description = "The version of both clusters, where the inputs do not say it.", HelpName = "VERSION" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The kubeconfig file to use.", HelpName = "FILE" };
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files, as for scan.", HelpName = "DIR" };
        var failOn = new Option<string?>("--fail-on") { Description = "Exit with 1 when anybody or any role gained a permission (gained), or when anything changed (changed).", HelpName = "WHAT" };
        failOn.AcceptOnlyFromAmong("gained", "changed");
        var output = AnswerFormats.Option();
        command.Arguments.Add(old);
        command.Arguments.Add(@new);
        foreach (var option in new Option[] { namespaces, recursive, version, kubeconfig, policies, failOn, output })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = AnswerFormats.Targets(parsed, output);
            var asking = PolicyFiles.With(parsed.GetValue(policies));
            if (parsed.GetValue(version) is { } asked && KubernetesVersion.TryParse(asked) is null)
                throw new InputException($"--kubernetes-version {asked}: expected a Kubernetes version as in 1.34 or v1.34.2");
            if (parsed.GetRequiredValue(old) == "-" && parsed.GetValue(@new) == "-")
                throw new InputException("OLD and NEW both read standard input; give one of them a file");
            var like = new SnapshotRequest(
                [], parsed.GetValue(recursive), parsed.GetValue(version), Assumed: null, new(parsed.GetValue(kubeconfig), null, null, [], parsed.GetValue(namespaces) ?? []));
            var before = await Side.ReadAsync(parsed.GetRequiredValue(old), like, terminal, cancellation);
            var after = await Side.ReadAsync(parsed.GetValue(@new), like, terminal, cancellation);
            await WarnAsync(before, after, terminal);

            var changes = new DiffAnswer(
                AccessChanges.BySubject(before, after),
                AccessChanges.ByRole(before, after),
                FindingChanges.Between(await JudgedAsync(before, asking, cancellation), await JudgedAsync(after, asking, cancellation)));
            await AnswerTarget.WriteAllAsync(targets, changes.Answer(before, after), terminal, cancellation);
            return parsed.GetValue(failOn) switch
            {
                "gained" => changes.HasGained ? ExitCodes.Findings : ExitCodes.Done,
                "changed" => changes.HasChanged ? ExitCodes.Findings : ExitCodes.Done,
                _ => ExitCodes.Done,
            };
        });
        return command.WithExamples(
            "rbac-lens diff before.yaml after.yaml --fail-on gained",
            "rbac-lens diff last-week.json prod",
            "rbac-lens diff staging prod -n payments -o json");
    }

    static async Task<IReadOnlyList<Finding>> JudgedAsync(Snapshot snapshot, IReadOnlyList<Policy> policies, CancellationToken cancellation) =>
        Leads.Mark([.. Evaluation.Evaluate(snapshot, policies, await Shipped.StockAsync(snapshot, cancellation)).Where(finding => !finding.IsStock)]);

    // What only one side could not read looks like a change.
    static async Task WarnAsync(Snapshot before, Snapshot after, Terminal terminal)
    {
        var (old, @new) = (before.Gaps.ToHashSet(), after.Gaps.ToHashSet());
        foreach (var (side, gaps) in new[] { ("OLD", old.Except(@new)), ("NEW", @new.Except(old)), ("both", old.Intersect(@new)) })
            foreach (var gap in gaps.Where(gap => gap.Reason is not (Gap.Reasons.Absent or Gap.Reasons.Partial) || side != "both").OrderBy(gap => gap.Detail, StringComparer.Ordinal))
                await terminal.Error.WriteLineAsync(Words.Printable($"{side}: the answer may be incomplete: {gap.Detail}"));
    }
}
