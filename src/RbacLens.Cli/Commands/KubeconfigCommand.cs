using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>Looks at the credentials in kubeconfigs, offline.</summary>
static class KubeconfigCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILES") { Description = "Kubeconfig files; without any, those that kubectl would use.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("kubeconfig", "Look at the credentials in kubeconfigs: how long they last, who else can read them. Nothing is asked of a cluster, and no secret is printed.") { files };
        var suppressions = new Option<string?>("--suppressions") { Description = "A file of accepted findings; they are shown as accepted, and do not count for --fail-on.", HelpName = "FILE" };
        command.Options.Add(suppressions);
        var reports = new ReportOptions(command, usual: "text");

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            IReadOnlyList<AcceptedRisk> accepted = parsed.GetValue(suppressions) is { } file ? SuppressionFile.Read(file) : [];
            var read = Read(parsed.GetValue(files) ?? [], terminal.Surroundings);
            var now = terminal.Now();
            var review = new KubeconfigReview(terminal.Surroundings.Home, now);
            review.Read(read);

            var (findings, _) = AcceptedRisk.Accept(KubeconfigPolicies.Findings(review.Found), accepted, DateOnly.FromDateTime(now.UtcDateTime));
            var posture = new Posture
            {
                Cluster = new(string.Join(", ", read.Select(one => Path.GetFileName(one.Path))), Version: null, "kubeconfig"),
                CollectedAt = now,
                Tool = Program.Tool,
                Counts = review.Counts.ToImmutableSortedDictionary(StringComparer.Ordinal),
                Policies = [.. KubeconfigPolicies.BuiltIn.Select(policy => policy.Policy)],
                Findings = findings,
                Gaps = [.. review.Gaps, .. Unseen()],
            };
            var compared = await reports.ComparedAsync(posture, parsed, terminal, cancellation);
            return await reports.WriteAsync(compared, targets, parsed, terminal, cancellation);
        });
        return command.WithExamples("rbac-lens kubeconfig", "rbac-lens kubeconfig ~/.kube/config ci/*.kubeconfig -o json --fail-on high");
    }

    static KubeconfigFile[] Read(string[] files, Surroundings surroundings)
    {
        IReadOnlyList<string> places = files.Length > 0 ? [.. files.Distinct(StringComparer.Ordinal)] : [.. Kubeconfig.Places(surroundings).Where(Path.Exists)];
        if (places.Count == 0)
            throw new InputException("no kubeconfig found (KUBECONFIG, ~/.kube/config); expected its path");
        KubeconfigFile[] read = [.. places.Select(KubeconfigFile.Read)];
        // Silence about something that is no kubeconfig would read as praise.
        return Array.Find(read, file => file.Clusters.Count + file.Users.Count + file.Contexts.Count == 0) is { } empty
            ? throw new InputException($"{empty.Path}: holds no clusters, users or contexts, expected a kubeconfig")
            : read;
    }

    static IEnumerable<Gap> Unseen() => OperatingSystem.IsWindows()
        ? [new Gap("Kubeconfig", Gap.Reasons.Absent, "who else can read the files is not looked at on Windows")]
        : [];
}
