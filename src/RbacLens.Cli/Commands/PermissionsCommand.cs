using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Adds up what somebody may do.</summary>
static class PermissionsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("permissions", "Add up what a subject may do, merged, with where each permission comes from.");
        var about = new Argument<string>("SUBJECT") { Description = "sa:NAMESPACE/NAME, user:NAME, group:NAME, or me." };
        command.Arguments.Add(about);
        var input = new InputOptions(command);
        var groups = new Option<string[]>("--group") { Description = "A group that the user is in, as the identity provider says. Repeats.", HelpName = "GROUP" };
        var matrix = new Option<bool>("--matrix") { Description = "Draw resources by verbs for one namespace." };
        var compare = new Option<string?>("--compare") { Description = "Show what one of two subjects may do and the other may not.", HelpName = "SUBJECT" };
        var all = new Option<bool>("--all") { Description = "Leave nothing out: permissions that others include, and resources that nothing can be done with." };
        var output = AnswerFormats.Option();
        foreach (var option in new Option[] { groups, matrix, compare, all, output })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = AnswerFormats.Targets(parsed, output);
            if (parsed.GetValue(matrix) && parsed.GetValue(compare) is not null)
                throw new InputException("--matrix and --compare are two different answers; ask for one of them");
            var premises = await Premises.ReadAsync(input, parsed, terminal, withAccounts: false, cancellation);
            await premises.WarnAsync(terminal);
            var who = await PersonAsync(parsed.GetRequiredValue(about), parsed.GetValue(groups) ?? [], premises, input, parsed, terminal, cancellation);
            var namespaces = input.Namespaces(parsed);
            var answer = parsed.GetValue(matrix) ? Matrix(who, premises, namespaces, parsed.GetValue(all))
                : parsed.GetValue(compare) is { } other
                ? Comparison(who, await PersonAsync(other, [], premises, input, parsed, terminal, cancellation), premises, namespaces)
                : PermissionsAnswer.Of(who, premises, namespaces, parsed.GetValue(all));
            await AnswerTarget.WriteAllAsync(targets, answer, terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens permissions me",
            "rbac-lens permissions sa:ci/pipeline -n production --matrix",
            "rbac-lens permissions user:alice --group sre --compare group:platform-team");
    }

    static Answer Matrix(Person who, Premises premises, IReadOnlyList<string> namespaces, bool isAll)
    {
        if (namespaces.Count > 1)
            throw new InputException("--matrix is of one namespace: give -n once");
        var place = namespaces is [var only] ? only : premises.DefaultNamespace;
        return MatrixAnswer.Of(who, AccessMatrix.Of(who.Held, premises.Catalog.Types, place), place, premises, isAll);
    }

    static Answer Comparison(Person left, Person right, Premises premises, IReadOnlyList<string> namespaces)
    {
        var (first, second) = (left.GrantsIn(namespaces).ToList(), right.GrantsIn(namespaces).ToList());
        return ComparisonAnswer.Of(left, right, new Difference(second).Beyond(first), new Difference(first).Beyond(second), premises);
    }

    static async Task<Person> PersonAsync(
        string text, string[] groups, Premises premises, InputOptions input, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var authorizer = new Authorizer(premises.Snapshot.Roles, premises.Snapshot.Bindings);
        if (text == "me")
        {
            if (!input.IsLive(parsed))
                throw new InputException("a file does not know who you are: name a subject, as in user:NAME");
            var me = await new LiveReviews(input.Cluster(parsed), terminal.Surroundings).WhoAmIAsync(cancellation);
            return new(new Subject.User(me.User).Canonical, authorizer.PermissionsOf(me));
        }

        var subject = SubjectWords.Read(text, premises.Snapshot);
        if (groups.Length > 0 && subject is not Subject.User)
            throw new InputException($"--group says what groups a user is in, and {subject} is none");
        var alone = Identity.Of(subject);
        var identity = alone with { Groups = [.. groups.Concat(alone.Groups).Distinct(StringComparer.Ordinal)] };
        foreach (var line in SubjectWords.Strange(subject, identity, premises.Snapshot))
            await terminal.Error.WriteLineAsync(Words.Printable(line));
        return new(subject, authorizer.PermissionsOf(identity));
    }
}

/// <summary>Somebody with all that is held.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Held">Everything.</param>
sealed record Person(Subject Subject, EffectivePermissions Held)
{
    /// <summary>Whether nothing is ever refused.</summary>
    public bool IsMaster => Held.Identity.Groups.Contains(WellKnown.Masters);

    /// <summary>The grants that count in these namespaces; everywhere, where none is named.</summary>
    public IEnumerable<Grant> GrantsIn(IReadOnlyList<string> namespaces) =>
        Held.Grants.Where(grant => grant.Binding.Scope.IsCluster || namespaces.Count == 0 || namespaces.Contains(grant.Binding.Scope.Namespace));
}
