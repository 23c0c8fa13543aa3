using System.CommandLine;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Cli.Commands;

/// <summary>Read the log, look for what should not be in it, count what was used, report.</summary>
static class AuditCommand
{
    public static Command Create(Terminal terminal)
    {
        // Another core reads what is built in while this one reads the command line.
        _ = Task.Run(() => DetectionFiles.BuiltIn);
        var command = new Command("audit", "Find out from the audit log what was really done: suspicious requests, and which grants are used.");
        var log = new AuditOptions(command, "--log");
        var input = new InputOptions(command);
        var live = new Option<bool>("--live") { Description = "Join the log with the grants of the cluster of the current context (or --context)." };
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files; detection rules are in its folder audit.", HelpName = "DIR" };
        var only = new Option<bool>("--only-detections") { Description = "Look for detections only; Loki then sends only what they need, and usage is not counted." };
        command.Options.Add(live);
        command.Options.Add(only);
        command.Options.Add(policies);
        command.Validators.Add(given =>
        {
            if (!AuditOptions.IsGiven(given, live) && input.Idle(given) is { } idle)
                given.AddError($"{idle.Name} is about the cluster that the log is held against, and none is read: expected --from PATH or --live beside it");
            else if (AuditOptions.IsGiven(given, live) && input.ReadsFiles(given))
                given.AddError("--live holds the log against a cluster and --from against files; expected one of them");
        });
        var reports = new ReportOptions(command, usual: "table");

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            if (!log.IsAsked(parsed))
                throw new InputException("audit: --log is missing, expected the audit log as in --log /var/log/kubernetes/audit.log (or --loki URL)");
            if (log.ReadsStandardInput(parsed) && input.ReadsStandardInput(parsed))
                throw new InputException("--log - and --from - both read standard input; give one of them a file");
            var loading = Task.Run(() => DetectionFiles.With(parsed.GetValue(policies)), cancellation);
            var cluster = parsed.GetValue(live) || input.IsAsked(parsed) ? await input.CollectAsync(parsed, terminal, cancellation) : null;

            var surroundings = await log.SurroundingsAsync(parsed, cluster, cancellation);
            var rules = await loading;
            var detector = new Detector(rules, surroundings);
            var read = await log.ReadAsync(parsed, detector.InterestIn, parsed.GetValue(only) ? rules : null, terminal, cancellation);
            var today = DateOnly.FromDateTime(terminal.Now().UtcDateTime);
            var detections = await log.DetectAsync(parsed, rules, detector, read, today, terminal);
            var usage = parsed.GetValue(only)
                ? new Usage(read.From, read.To, read.Requests, []) { Log = log.Origin(parsed) }
                : new GrantUse(read, cluster, log.Policy(parsed)) { Log = log.Origin(parsed) }.Usage;

            var posture = new Posture
            {
                Cluster = cluster?.Cluster ?? new(log.Origin(parsed), null, "audit"),
                CollectedAt = cluster?.CollectedAt ?? terminal.Now(),
                Tool = Program.Tool,
                Counts = cluster?.Counts ?? System.Collections.Immutable.ImmutableSortedDictionary<string, int>.Empty,
                Detections = detections,
                DetectionRules = [.. rules.Select(rule => rule.Texts)],
                Usage = usage,
                Gaps = [.. ReadingGaps.OfCluster(cluster), .. ReadingGaps.Of(read)],
            };
            return await reports.WriteAsync(await reports.ComparedAsync(posture, parsed, terminal, cancellation), targets, parsed, terminal, cancellation);
        });
        command.Subcommands.Add(AuditSuggestCommand.Create(terminal));
        command.Subcommands.Add(AuditPolicyCommand.Create(terminal));
        return command.WithExamples(
            "rbac-lens audit --log /var/log/kubernetes/audit.log",
            "rbac-lens audit --log audit/ --since 7d --from prod.json -o json=audit.json",
            "rbac-lens audit --log audit/ --compare last-week.json --fail-on new:high",
            "rbac-lens audit --loki https://loki.example.com --query '{job=\"k8s-audit\"}' --since 24h --live");
    }
}
