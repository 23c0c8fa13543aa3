using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Yes or no, and why; or many access reviews at once.</summary>
static class CanICommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("can-i", "Say yes or no as the API server would, and why; exit with 0 or 1.");
        var arguments = new RequestArguments(command, isRequired: false);
        var input = new InputOptions(command, impersonates: false);
        var user = new Option<string?>("--as") { Description = "The user to ask for; system:serviceaccount:NAMESPACE:NAME brings its groups along. You, without it.", HelpName = "USER" };
        var groups = new Option<string[]>("--as-group") { Description = "A group of that user. Repeats.", HelpName = "GROUP" };
        var everywhere = new Option<bool>("--all-namespaces", "-A") { Description = "In all namespaces at once, as a request without one is." };
        var checkLive = new Option<bool>("--check-live") { Description = "Ask the API server the same, and say where it differs: webhooks and cloud IAM grant what RBAC does not show." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say nothing; only exit with 0 or 1." };
        var batch = new Option<string?>("--batch") { Description = "A file of lines {\"spec\": <SubjectAccessReviewSpec>}, - for standard input; one line {\"allowed\", \"reason\"} is written for each. Groups are taken as they are given.", HelpName = "FILE" };
        var output = AnswerFormats.Option();
        foreach (var option in new Option[] { user, groups, everywhere, checkLive, quiet, batch, output })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            var words = arguments.Words(parsed);
            if (parsed.GetValue(batch) is { } file)
            {
                if (words is not null)
                    throw new InputException("--batch brings its own questions; leave out VERB and RESOURCE");
                if (new Option[] { user, groups, everywhere, checkLive, quiet, output, input.Namespace }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
                    throw new InputException($"--batch: {idle.Name} has no meaning beside it, each line says who asks what, and gets one line of JSON; leave it out");
                return await AnswerBatchAsync(file, input, parsed, terminal, cancellation);
            }

            if (words is null)
                throw new InputException("expected VERB RESOURCE, as in: can-i get pods (or --batch FILE)");
            var targets = AnswerFormats.Targets(parsed, output);
            var place = input.Place(parsed, parsed.GetValue(everywhere));
            if (parsed.GetValue(checkLive) && !input.IsLive(parsed))
                throw new InputException("--check-live asks the API server of a cluster, which --from does not name");

            var who = await WhoAsync(parsed.GetValue(user), parsed.GetValue(groups) ?? [], input, parsed, terminal, cancellation);
            var premises = await Premises.ReadAsync(input, parsed, terminal, withAccounts: false, cancellation);
            if (SubjectWords.Misspelt(parsed.GetValue(user), parsed.GetValue(groups) ?? [], premises.Snapshot) is { } misspelt)
                throw new InputException(misspelt);
            var request = words.Read(premises, place, out var note);
            await premises.WarnAsync(terminal);
            var subject = new Subject.User(who.User).Canonical;
            foreach (var line in SubjectWords.Strange(subject, who, premises.Snapshot, SubjectWords.Username).Prepend(note).OfType<string>())
                await terminal.Error.WriteLineAsync(Words.Printable(line));

            var held = new Authorizer(premises.Snapshot.Roles, premises.Snapshot.Bindings).PermissionsOf(who);
            var answer = new DecisionAnswer(subject, held, request)
            {
                Live = parsed.GetValue(checkLive) ? await new LiveReviews(input.Cluster(parsed), terminal.Surroundings).DecideAsync(who, request, cancellation) : null,
            };
            if (!parsed.GetValue(quiet))
                await AnswerTarget.WriteAllAsync(targets, answer.Short(premises), terminal, cancellation);
            return answer.Decision.Allowed ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command.WithExamples(
            "rbac-lens can-i create deployments.apps/scale -n production --as alice --as-group sre",
            "rbac-lens can-i list secrets --as system:serviceaccount:ci:pipeline --check-live",
            "rbac-lens can-i --batch reviews.jsonl --from dump.json");
    }

    static async Task<Identity> WhoAsync(
        string? user, string[] groups, InputOptions input, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (user is { Length: > 0 })
            return Identity.Impersonated(user, groups);
        if (groups.Length > 0)
            throw new InputException("--as-group is a group of somebody: name a user with --as");
        return input.IsLive(parsed)
            ? await new LiveReviews(input.Cluster(parsed), terminal.Surroundings).WhoAmIAsync(cancellation)
            : throw new InputException("a file does not know who you are: name a user with --as");
    }

    static async Task<int> AnswerBatchAsync(string file, InputOptions input, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (file == "-" && input.ReadsStandardInput(parsed))
            throw new InputException("--batch - and --from - both read standard input; give one of them a file");
        var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
        try
        {
            await AccessReviews.AnswerAsync(new(snapshot.Roles, snapshot.Bindings), file, terminal, cancellation);
        }
        catch (IOException e)
        {
            throw new InputException($"standard output: cannot be written: {e.Message}", e);
        }

        return ExitCodes.Done;
    }
}
