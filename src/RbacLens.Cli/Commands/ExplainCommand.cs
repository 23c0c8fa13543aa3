using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>Shows the chain from a subject to the rules that give it something, with the lines of YAML that matter.</summary>
static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("explain", "Show why a subject may do something, or where a finding comes from: every binding, role and rule on the way.");
        var about = new Argument<string>("FINGERPRINT|SUBJECT") { Description = "A finding's fingerprint (its beginning is enough), or sa:NAMESPACE/NAME, user:NAME, group:NAME." };
        command.Arguments.Add(about);
        var arguments = new RequestArguments(command, isRequired: false);
        var input = new InputOptions(command);
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files, as for scan.", HelpName = "DIR" };
        var output = AnswerFormats.Option();
        var everywhere = new Option<bool>("--all-namespaces", "-A") { Description = "In all namespaces at once, as a request without one is." };
        foreach (var option in new Option[] { everywhere, policies, output })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = AnswerFormats.Targets(parsed, output);
            var words = arguments.Words(parsed);
            var place = input.Place(parsed, parsed.GetValue(everywhere));
            var answer = words is null
                ? await FindingAsync(parsed.GetRequiredValue(about), parsed.GetValue(policies), input, parsed, terminal, cancellation)
                : await RequestAsync(parsed.GetRequiredValue(about), words, place, input, parsed, terminal, cancellation);
            await AnswerTarget.WriteAllAsync(targets, answer, terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens explain sa:ci/pipeline create pods/exec -n production",
            "rbac-lens explain 9f2c41d0 --from cluster.json",
            "rbac-lens explain 9f2c41d0 --from posture.json");
    }

    static async Task<Answer> RequestAsync(
        string who, RequestWords words, string? place, InputOptions input, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var premises = await Premises.ReadAsync(input, parsed, terminal, withAccounts: false, cancellation);
        var subject = SubjectWords.Read(who, premises.Snapshot);
        var request = words.Read(premises, place, out var note);
        await premises.WarnAsync(terminal);
        var identity = Identity.Of(subject);
        foreach (var line in SubjectWords.Strange(subject, identity, premises.Snapshot).Prepend(note).OfType<string>())
            await terminal.Error.WriteLineAsync(Words.Printable(line));
        var held = new Authorizer(premises.Snapshot.Roles, premises.Snapshot.Bindings).PermissionsOf(identity);
        return new DecisionAnswer(subject, held, request).Long(premises);
    }

    static async Task<Answer> FindingAsync(
        string fingerprint, string? policyFolder, InputOptions input, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (!fingerprint.All(char.IsAsciiHexDigit))
            throw new InputException($"{fingerprint} is no fingerprint; to explain what a subject may do, say what: explain {fingerprint} VERB RESOURCE");
        if (await JudgedFindings.SavedAsync(input, policyFolder, parsed, terminal, cancellation) is { } saved)
            return FindingAnswer.Of(Meant(saved, fingerprint), []);
        var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
        var judged = new JudgedFindings(Evaluation.Evaluate(snapshot, PolicyFiles.With(policyFolder), await Shipped.StockAsync(snapshot, cancellation)), []);
        return FindingAnswer.Of(Meant(judged, fingerprint), snapshot.Roles);
    }

    static List<Finding> Meant(JudgedFindings judged, string fingerprint)
    {
        var meant = judged.Findings.Where(finding => finding.Fingerprint.StartsWith(fingerprint, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Select(finding => finding.Fingerprint).Distinct(StringComparer.Ordinal).Take(5).ToList() switch
        {
            [] => throw judged.IfDetection(fingerprint) ?? new InputException($"{fingerprint}: none of {judged.Findings.Length} findings has a fingerprint that begins so (scan -o json shows them)"),
            [_] => meant,
            var several => throw new InputException($"{fingerprint}: several fingerprints begin so: {string.Join(", ", several)}"),
        };
    }
}
