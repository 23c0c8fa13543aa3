using System.CommandLine;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Looks at audit policies, and writes one.</summary>
static class AuditPolicyCommand
{
    public static Command Create(Terminal terminal)
    {
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files; detection rules are in its folder audit.", HelpName = "DIR", Recursive = true };
        return new("policy", "Check a kube-apiserver audit policy, or write the smallest one that feeds the detections.")
        {
            Options = { policies },
            Subcommands = { Check(terminal, policies), Generate(terminal, policies) },
        };
    }

    static Command Check(Terminal terminal, Option<string?> policies)
    {
        var file = new Argument<string>("FILE") { Description = "The audit policy; - reads standard input." };
        var command = new Command("check", "Say which detections a policy blinds, where it would write down secrets, and what a kube-apiserver refuses or reads otherwise. Exits with 1 when there is any of it.") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (policy, remarks) = AuditPolicyFile.ReadWithRemarks(parsed.GetRequiredValue(file), terminal.Input);
            var sights = AuditPolicyReview.Sights(policy, DetectionFiles.With(parsed.GetValue(policies)));
            var leaks = AuditPolicyReview.Leaks(policy);
            await PrintAsync(terminal, [.. remarks.Select(remark => $"{remark}"), .. sights.SelectMany(Lines), .. leaks.Select(leak => $"writes down secrets: {leak}"), Closing(sights, leaks)], cancellation);
            return leaks.IsEmpty && remarks.Count == 0 && sights.All(sight => sight.Sight == Sight.Whole) ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command.WithExamples("rbac-lens audit policy check /etc/kubernetes/audit-policy.yaml");
    }

    static Command Generate(Terminal terminal, Option<string?> policies)
    {
        var only = new Option<string[]>("--detection") { Description = "Feed only this detection. Repeats.", HelpName = "ID" };
        var command = new Command("generate", "Write the smallest audit policy that feeds every detection.") { only };
        command.SetAction(async (parsed, cancellation) =>
        {
            var rules = DetectionFiles.With(parsed.GetValue(policies));
            var asked = parsed.GetValue(only) ?? [];
            if (asked.FirstOrDefault(id => rules.All(rule => rule.Id != id)) is { } unknown)
                throw new InputException($"--detection {unknown}: there is no such detection, expected one of {string.Join(", ", rules.Select(rule => rule.Id))}");
            var policy = AuditPolicyReview.Smallest([.. rules.Where(rule => asked.Length == 0 || asked.Contains(rule.Id))]);
            await PrintAsync(terminal, [.. Comments(policy), .. RbacYaml.Policy(policy)], cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens audit policy generate > audit-policy.yaml", "rbac-lens audit policy generate --detection exec --detection kubelet-command");
    }

    static IEnumerable<string> Lines(DetectionSight sight)
    {
        var id = sight.Rule.Id.PadRight(20);
        yield return sight.Sight switch
        {
            Sight.Whole when sight.LacksBodies => $"{id} seen, without bodies: needs level Request to tell all it can",
            Sight.Whole => $"{id} seen",
            Sight.Partly => $"{id} partly blind",
            _ => $"{id} blind",
        };
        foreach (var line in sight.Blind.Take(4))
            yield return $"{"",-20}   {line}";
        if (sight.Blind.Length > 4)
            yield return $"{"",-20}   and {sight.Blind.Length - 4} more";
        if (sight.BlindFor.Length > 0)
            yield return $"{"",-20}   blind for {string.Join(", ", sight.BlindFor.Take(6))}{(sight.BlindFor.Length > 6 ? $" and {sight.BlindFor.Length - 6} more" : "")}";
    }

    static string Closing(IReadOnlyCollection<DetectionSight> sights, IReadOnlyCollection<string> leaks) =>
        $"{sights.Count(sight => sight.Sight == Sight.Whole)} of {sights.Count} detections are fed, {sights.Count(sight => sight.Sight == Sight.Partly)} partly, "
        + $"{sights.Count(sight => sight.Sight == Sight.None)} not at all; {(leaks.Count == 0 ? "no secrets are written down" : $"secrets are written down in {leaks.Count} way{(leaks.Count == 1 ? "" : "s")}")}.";

    static IEnumerable<string> Comments(AuditPolicy policy)
    {
        yield return "# Bodies only where a detection reads them: who gave what to whom, which address a pod was given, which account a workload runs as.";
        yield return "# Secrets and tokens stay at Metadata, so that none is written down.";
        if (policy.Rules is [.., { Resources.IsEmpty: true, Users.IsEmpty: true }])
            yield return "# Everything else at Metadata: any request may be made as somebody else or with an old token, and usage is counted from all of them.";
    }

    static async Task PrintAsync(Terminal terminal, IEnumerable<string> lines, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
            await writer.WriteLineAsync(Words.Printable(line).AsMemory(), cancellation);
    }
}
