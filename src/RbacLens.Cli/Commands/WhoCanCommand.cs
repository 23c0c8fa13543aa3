using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Names everybody who may do something.</summary>
static class WhoCanCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("who-can", "Name everybody who may do something, and through which bindings and roles.");
        var arguments = new RequestArguments(command);
        var input = new InputOptions(command);
        var everywhere = new Option<bool>("--all-namespaces", "-A") { Description = "In any namespace, not only in the one that is meant." };
        var expand = new Option<bool>("--expand") { Description = "List each known service account, user and group that holds it through a group, too." };
        var output = AnswerFormats.Option();
        foreach (var option in new Option[] { everywhere, expand, output })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = AnswerFormats.Targets(parsed, output);
            var namespaces = input.Namespaces(parsed);
            if (parsed.GetValue(everywhere) && namespaces.Count > 0)
                throw new InputException("-n names namespaces and -A means all of them; give one or the other");
            var premises = await Premises.ReadAsync(input, parsed, terminal, withAccounts: parsed.GetValue(expand), cancellation);
            var request = arguments.Words(parsed)!.Read(premises, namespaces is [var first, ..] ? first : null, out var note);
            await premises.WarnAsync(terminal);
            if (note is not null)
                await terminal.Error.WriteLineAsync(Words.Printable(note));

            IReadOnlyList<string>? places = request is AccessRequest.Resource { ApiGroup: "", Plural: "namespaces" } ? [request.Namespace]
                : parsed.GetValue(everywhere) ? null
                : namespaces.Count > 0 ? namespaces : [request.Namespace];
            var answer = Ask(premises.Snapshot, request, places, parsed.GetValue(expand));
            await AnswerTarget.WriteAllAsync(targets, answer.Answer(premises), terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens who-can get nodes/proxy",
            "rbac-lens who-can list secrets -n kube-system --expand",
            "rbac-lens who-can create deployments.apps -A --from cluster.json -o json",
            "rbac-lens who-can get /metrics");
    }

    static WhoCanAnswer Ask(Snapshot snapshot, AccessRequest request, IReadOnlyList<string>? places, bool isExpanded)
    {
        var who = WhoCan.In(snapshot);
        var (subjects, limited) = (who.Answer(request, places), who.Limited(request, places));
        var elsewhere = places is null ? 0 : who.Answer(request, null).Select(allowance => allowance.Subject).Except(subjects.Select(allowance => allowance.Subject)).Count();
        return new(request, places, Place(places), Known(subjects), Known(limited), elsewhere);

        ImmutableArray<Allowance> Known(ImmutableArray<Allowance> answer) => isExpanded ? who.Expanded(answer) : answer;
    }

    static string Place(IReadOnlyList<string>? places) => places switch
    {
        null => " in some namespace",
        [var only] => $" in namespace {only}",
        _ => $" in one of the namespaces {string.Join(", ", places)}",
    };
}
