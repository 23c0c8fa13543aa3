using System.CommandLine;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Inputs.Probes;
using RbacLens.Cli.Reports;
using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>Collect, judge, report.</summary>
static class ScanCommand
{
    // A report for people takes its time; JSON of a large dump is for pipelines, which do not wait for a second pass over it.
    const long QuickDigest = 64 << 20;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("scan", "Find dangerous grants, and report them.");
        var input = new InputOptions(command);
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id.", HelpName = "DIR" };
        var suppressions = new Option<string?>("--suppressions") { Description = "A file of accepted findings; they are shown as accepted, and do not count for --fail-on.", HelpName = "FILE" };
        var framework = new Option<string?>("--framework") { Description = $"Only what one framework asks for, control by control: {string.Join(", ", Frameworks.All.Select(known => known.Id.ToLowerInvariant()))}.", HelpName = "NAME" };
        framework.AcceptOnlyFromAmong([.. Frameworks.All.Select(known => known.Id.ToLowerInvariant())]);
        var includeStock = new Option<bool>("--include-stock") { Description = "Show findings about what ships with Kubernetes and with platforms, too." };
        var probe = new Option<bool>("--probe") { Description = "Also look at the endpoints: anonymous requests, a public address, other authorizers, the kubelets' configuration. Each probe is named before it runs." };
        var platforms = new Option<string?>("--platforms") { Description = "A folder of files that say what your own add-ons ship (policies platform writes them), beside those built in.", HelpName = "DIR" };
        foreach (var option in new Option[] { policies, suppressions, framework, includeStock, platforms, probe })
            command.Options.Add(option);
        var log = new AuditOptions(command, "--audit-log");
        var reports = new ReportOptions(command);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            // Reading a dump leaves a core idle now and then: enough to read the policies.
            var loading = Task.Run(() => PolicyFiles.With(parsed.GetValue(policies)), cancellation);
            IReadOnlyList<AcceptedRisk> accepted = parsed.GetValue(suppressions) is { } file ? SuppressionFile.Read(file) : [];
            var collecting = input.CollectAsync(parsed, terminal, cancellation);
            var asking = await loading;
            var snapshot = await collecting;
            var stock = await Shipped.StockAsync(snapshot, cancellation);
            var known = PlatformFiles.With(parsed.GetValue(platforms));
            var evidence = log.IsAsked(parsed) ? await log.EvidenceAsync(parsed, DetectionFiles.With(parsed.GetValue(policies)), snapshot, terminal, cancellation) : null;
            var (judged, paths) = Evaluation.Judge(snapshot, asking, stock);
            // Each of them is a look at the whole cluster; the second one, which a table does not show, only where it is written.
            var leading = Task.Run(() => paths.Worst(), cancellation);
            var choking = targets.Any(target => target.Format.ShowsPaths)
                ? Task.Run(async () => ChokePoints.Of(paths, await leading, evidence?.Usage), cancellation)
                : null;
            if (evidence is not null)
                judged = evidence.Join(judged, snapshot, stock);
            if (parsed.GetValue(probe))
                (snapshot, asking, judged) = await Probing.AddAsync(snapshot, asking, judged, input.Cluster(parsed), terminal, cancellation);
            judged = known.Mark(judged, snapshot, stock);
            var today = DateOnly.FromDateTime(snapshot.CollectedAt.UtcDateTime);
            var (findings, _) = AcceptedRisk.Accept(judged, accepted, today);
            var shown = Posture.Of(snapshot, asking, findings, Program.Tool, parsed.GetValue(includeStock));
            var choked = choking is null ? RankedChokePoints.None : await choking;
            var judgement = shown with
            {
                Suppressions = AcceptedRisk.Statuses(findings, accepted, today),
                Paths = await leading,
                ChokePoints = choked.Points,
                ChokePointsLeftOut = choked.LeftOut,
            };
            if (evidence is not null)
                judgement = evidence.Join(judgement);
            if (parsed.GetValue(framework) is { } view)
                judgement = judgement.SeenBy(Frameworks.Find(view)!);
            if (targets.Any(target => target.Format.NamesInput))
                judgement = judgement with { InputDigest = await input.DigestAsync(parsed, targets.Any(target => target.Format.Name is "html" or "pdf") ? long.MaxValue : QuickDigest, cancellation) };
            await WarnAsync(judgement.Suppressions, terminal);

            var posture = await reports.ComparedAsync(judgement, parsed, terminal, cancellation);
            return await reports.WriteAsync(posture, targets, parsed, terminal, cancellation);
        });
        return command.WithExamples(
            "rbac-lens scan",
            "rbac-lens scan --framework cis",
            "rbac-lens scan --probe",
            "rbac-lens scan --context prod -o table -o html=posture.html -o pdf=posture.pdf",
            "rbac-lens scan --audit-log /var/log/kubernetes/audit.log -o html=posture.html",
            "rbac-lens scan --compare last-quarter.json -o html=posture.html -o json=posture.json",
            "helm template my-chart | rbac-lens scan --from - --fail-on high");
    }

    static async Task WarnAsync(IEnumerable<RiskStatus> suppressions, Terminal terminal)
    {
        foreach (var (risk, state, count) in suppressions.Where(status => status.State != RiskState.Active))
            await terminal.Error.WriteLineAsync(Words.Printable($"suppression of {risk.Policy} for {risk.Subject}: {(state == RiskState.Expired
                ? $"expired on {risk.Suppression.Until:yyyy-MM-dd}{(count == 0 ? "" : $", {count} open again")}"
                : "there is no such finding")}"));
    }
}
