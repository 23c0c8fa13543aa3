using System.CommandLine;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Prints the roles that would have been enough.</summary>
static class AuditSuggestCommand
{
    const int LongestName = 253;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("suggest", "Print the smallest roles and bindings that allow what the log shows of a subject, and what it would lose.");
        var subject = new Argument<string>("SUBJECT") { Description = "sa:NAMESPACE/NAME, group:NAME, user:NAME, or a user name (system:serviceaccount:NAMESPACE:NAME for a service account)." };
        command.Arguments.Add(subject);
        var log = new AuditOptions(command, "--log");
        var input = new InputOptions(command);
        var live = new Option<bool>("--live") { Description = "Compare with the grants of the cluster of the current context (or --context)." };
        var name = new Option<string?>("--name") { Description = "What to call the roles and bindings.", HelpName = "NAME" };
        var names = new Option<int>("--max-names") { Description = "Grant without names where more objects than these were asked for.", HelpName = "N", DefaultValueFactory = _ => 20 };
        foreach (var option in new Option[] { live, name, names })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            if (!log.IsAsked(parsed))
                throw new InputException("audit suggest: --log is missing, expected the audit log as in --log /var/log/kubernetes/audit.log (or --loki URL)");
            var text = parsed.GetRequiredValue(subject);
            var meant = SubjectWords.ReadName(text);
            var called = parsed.GetValue(name) is { } given ? ObjectName(given) : null;
            var mostNames = parsed.GetValue(names) is >= 0 and var most ? most : throw new InputException($"--max-names {parsed.GetValue(names)}: expected 0 or more");
            var cluster = parsed.GetValue(live) || input.IsAsked(parsed) ? await input.CollectAsync(parsed, terminal, cancellation) : null;
            var read = await log.ReadAsync(parsed, deed => LeastPrivilege.DependsOnBody(deed) ? Interest.Body : Interest.None, filter: null, terminal, cancellation);
            var who = IsUser(text, read) ? new Subject.User(text).Canonical : meant;
            var everyone = await Shipped.EveryoneAsync(cluster?.Cluster.Release ?? (cluster?.Cluster.Source == "manifests" ? Shipped.Newest : null), cancellation);
            var suggested = LeastPrivilege.Of(read, who, everyone, called ?? NameFor(who), mostNames, cluster);
            if (suggested.Requests == 0 && suggested.LeftOut == 0 && suggested.Refused.IsEmpty)
                throw Nothing(text, who, read, log.Asked(parsed));
            await WholeFile.WriteAsync(null, terminal.Output, output =>
            {
                using var writer = new StreamWriter(output, leaveOpen: true) { NewLine = "\n" };
                foreach (var line in SuggestionText.Lines(suggested, read, cluster, everyone))
                    writer.WriteLine(Words.Printable(line));
            }, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens audit suggest sa:monitoring/prometheus --log audit.log",
            "rbac-lens audit suggest alice --log audit/ --since 30d --from prod.json > alice.yaml");
    }

    // Somebody may really be called user:alice.
    static bool IsUser(string text, AuditLog log) => log.Deeds.Any(count => count.Deed.User.User == text || count.Deed.ActingAs?.User == text);

    static InputException Nothing(string text, Subject who, AuditLog log, string asked)
    {
        var when = log.IsOutsideOfWindow ? $"{asked}: its {log.Notes.OutOfWindow} events are {JsonReport.Window(log.From, log.To)}"
            : asked.Length > 0 ? asked : JsonReport.Window(log.From, log.To);
        if (log.Deeds.Any(count => count.Deed.Outcome == Outcome.Unknown && (count.Deed.User.Is(who) || count.Deed.Effective.Is(who))))
            return new($"{UntrustedText.OneLine(text)}: of that subject the log holds only requests without an answer {when}, so that it does not say what was allowed");
        var known = log.Deeds.Select(count => count.Deed.Effective).Distinct()
            .SelectMany(identity => who is Subject.Group ? identity.Groups.Select(group => (Subject)new Subject.Group(group)) : [new Subject.User(identity.User).Canonical]);
        return new($"{UntrustedText.OneLine(text)}: the log holds no request of that subject {when}"
            + UntrustedText.OneLine(Similar.Hint(SubjectWords.Write(who), known.Select(SubjectWords.Write))));
    }

    static string ObjectName(string text) =>
        text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':')
        && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
            ? text
            : throw new InputException($"--name {UntrustedText.OneLine(text)}: is not a name, expected lower-case letters, digits, dashes, dots and colons");

    // Object names may hold nearly anything, but people have to type them.
    static string NameFor(Subject subject) =>
        string.Concat($"{subject.Name}-used".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' ? c : '-'));
}
