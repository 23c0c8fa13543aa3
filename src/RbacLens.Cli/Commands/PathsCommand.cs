using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Collect, draw the escalation graph, tell the ways through it.</summary>
static class PathsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("paths", "Find out where permissions lead, step by step, and what to remove first.");
        var start = new Option<string?>("--start") { Description = "Who starts: sa:NAMESPACE/NAME, user:NAME, group:NAME, anonymous, authenticated, or workloads for an intruder in a container of each. Default: every identity that is not meant to be powerful.", HelpName = "SUBJECT" };
        var to = new Option<string?>("--to") { Description = "Where to: cluster-admin, node, all-secrets, or a subject. Default: the worst that each reaches.", HelpName = "GOAL" };
        command.Options.Add(start);
        command.Options.Add(to);
        var input = new InputOptions(command);
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id; what they reach makes the graph.", HelpName = "DIR" };
        var output = new Option<string[]>("--output", "-o") { Description = $"How to write it: {string.Join(", ", PathFormats.All.Select(format => format.Name))} (default: text). To a file with =FILE. Repeats.", HelpName = "FORMAT[=FILE]" };
        var strict = new Option<bool>("--strict") { Description = "Exit with 3 when something could not be read." };
        foreach (var option in new Option[] { policies, output, strict })
            command.Options.Add(option);
        var log = new AuditOptions(command, "--audit-log");

        command.SetAction(async (parsed, cancellation) =>
        {
            var formats = (parsed.GetValue(output) is { Length: > 0 } asked ? asked : ["text"]).Select(PathFormats.Parse).ToList();
            var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
            var (from, goal) = (parsed.GetValue(start), parsed.GetValue(to) is { } word ? PathEnds.End(word, snapshot) : null);
            var subject = from is null ? null : PathEnds.Start(from, snapshot);
            foreach (var strange in Asked(subject, goal).SelectMany(asked => SubjectWords.Strange(asked, Identity.Of(asked), snapshot)))
                await terminal.Error.WriteLineAsync(Words.Printable(strange));
            var evidence = log.IsAsked(parsed) ? await log.EvidenceAsync(parsed, [], snapshot, terminal, cancellation) : null;
            var stock = await Shipped.StockAsync(snapshot, cancellation);
            var search = PathSearch.Of(snapshot, [.. PolicyFiles.With(parsed.GetValue(policies))], stock, Asked(subject, goal));

            var paths = Find(search, from, subject, goal);
            var points = ChokePoints.Of(search, paths, evidence?.Use.Usage, byAnyGrant: subject is not null);
            // Certificates that are being asked for lead nowhere by themselves.
            var gaps = snapshot.Gaps.Where(gap => gap.Kind != "CertificateSigningRequest").Concat(evidence?.Gaps ?? []).ToImmutableArray();
            var starts = from is null ? search.Identities : subject is null ? search.Workloads : 1;
            var answer = new PathAnswer(snapshot.Cluster, snapshot.CollectedAt, Program.Tool, Question(from, goal), starts, paths, points, gaps)
            {
                Notes = paths.IsEmpty || snapshot.Cluster.Release is not null ? [] : [UnknownVersion],
            };
            foreach (var (format, file) in formats)
                await PathFormats.WriteAsync(format, file, answer, terminal.Output, terminal.Style(null), cancellation);
            return parsed.GetValue(strict) && !gaps.IsEmpty ? ExitCodes.Gaps : ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens paths",
            "rbac-lens paths --start sa:ci/runner --to cluster-admin",
            "rbac-lens paths --start workloads --to node --from dump.json",
            "rbac-lens paths --audit-log audit.log --since 30d",
            "rbac-lens paths --to cluster-admin -o dot=paths.dot");
    }

    static IEnumerable<Subject> Asked(Subject? start, Target? goal) =>
        new[] { start, goal is null ? null : PathEnds.SubjectOf(goal) }.OfType<Subject>();

    // Without a goal the worst that can be reached is what matters.
    static ImmutableArray<Paths.Path> Find(PathSearch search, string? from, Subject? start, Target? goal) => (start, goal) switch
    {
        (null, null) => from is null ? search.Worst() : search.WorstFromWorkloads(),
        (null, _) => from is null ? search.Shortest(goal) : search.FromWorkloads(goal),
        (_, null) => Goals.Select(end => search.From(start, end)).FirstOrDefault(paths => !paths.IsEmpty, []),
        _ => search.From(start, goal),
    };

    const string UnknownVersion = "the server's version is not known: ways that only some versions have are marked, and --kubernetes-version says which it is";

    static readonly Target[] Goals = [Goal.ClusterAdmin, Goal.AllSecrets, Goal.Node];

    static string Question(string? start, Target? goal)
    {
        var who = start switch { null => "each identity", PathEnds.Workloads => "an intruder in each workload", _ => start };
        return goal is null ? $"how far does {who} get" : $"how does {who} get to {PathWords.Of(goal)}";
    }
}
