using System.CommandLine;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Prints the roles that would have been enough.</summary>
static class AuditSuggestCommand
{
    const int MostLost = 12;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("suggest", "Print the smallest roles and bindings that allow what the log shows of a subject, and what it would lose.");
        var subject = new Argument<string>("SUBJECT") { Description = "A user name (system:serviceaccount:NAMESPACE:NAME for a service account), or Group NAME." };
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
            var who = SubjectOf(parsed.GetRequiredValue(subject));
            var cluster = parsed.GetValue(live) || input.IsAsked(parsed) ? await input.CollectAsync(parsed, terminal, cancellation) : null;
            var read = await log.ReadAsync(parsed, _ => Interest.None, filter: null, terminal, cancellation);
            var everyone = await Shipped.EveryoneAsync(cluster?.Cluster.Release, cancellation);
            var suggested = LeastPrivilege.Of(read, who, everyone, parsed.GetValue(name) ?? NameFor(who), parsed.GetValue(names));
            if (suggested.Requests == 0 && suggested.Refused.IsEmpty)
                throw new InputException($"{parsed.GetRequiredValue(subject)}: the log holds no request of that subject between {JsonReport.Time(read.From ?? default)} and {JsonReport.Time(read.To ?? default)}");
            await WholeFile.WriteAsync(null, terminal.Output, output =>
            {
                using var writer = new StreamWriter(output, leaveOpen: true) { NewLine = "\n" };
                foreach (var line in Lines(suggested, who, read, cluster))
                    writer.WriteLine(Words.Printable(line));
            }, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens audit suggest system:serviceaccount:monitoring:prometheus --log audit.log",
            "rbac-lens audit suggest alice --log audit/ --since 30d --from prod.json > alice.yaml");
    }

    static Subject SubjectOf(string text) => text.Split(' ', 2) switch
    {
        ["Group", var group] => new Subject.Group(group),
        ["User", var user] => new Subject.User(user).Canonical,
        ["ServiceAccount", var account] when account.Split('/') is [var ns, var name] => new Subject.ServiceAccount(ns, name),
        _ => new Subject.User(text).Canonical,
    };

    // Object names may hold nearly anything, but people have to type them.
    static string NameFor(Subject subject) =>
        string.Concat($"{subject.Name}-used".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' ? c : '-'));

    static IEnumerable<string> Lines(LeastPrivilege suggested, Subject subject, AuditLog log, Snapshot? cluster)
    {
        yield return $"# What {subject} used between {JsonReport.Time(log.From ?? default)} and {JsonReport.Time(log.To ?? default)}: {suggested.Requests} requests.";
        yield return "# What happens less often than that is not among it.";
        foreach (var note in suggested.Notes)
            yield return $"# Note: {note}";
        foreach (var refused in suggested.Refused)
            yield return $"# Was refused, and is not granted: {refused}";
        if (cluster is not null)
            foreach (var line in Losses(suggested, subject, cluster))
                yield return $"# {line}";
        if (suggested.Roles.IsEmpty)
            yield return suggested.Requests == 0
                ? "# Nothing that it asked was allowed, so there is nothing to grant."
                : "# Everything it did is allowed to everybody who logs in; it needs no role of its own.";
        foreach (var line in suggested.Roles.SelectMany(RbacYaml.Role).Concat(suggested.Bindings.SelectMany(RbacYaml.Binding)))
            yield return line;
    }

    static IEnumerable<string> Losses(LeastPrivilege suggested, Subject subject, Snapshot cluster)
    {
        foreach (var (binding, lost) in suggested.LostAgainst(cluster, subject))
        {
            yield return $"Replaces {binding.Kind} {(binding.Scope.IsCluster ? "" : binding.Scope.Namespace + "/")}{binding.Name} of {binding.RoleRef.Kind} {binding.RoleRef.Name}"
                + (lost.IsEmpty ? ": nothing would be lost" : $": {lost.Length} rights would be lost");
            foreach (var rule in lost.Take(MostLost))
                yield return $"  - {string.Join(", ", rule.Verbs)} {string.Join(", ", rule.Resources.Concat(rule.NonResourceUrls))}"
                    + $"{(rule.ApiGroups.IsEmpty || rule.ApiGroups[0].Length == 0 ? "" : "." + rule.ApiGroups[0])}{(rule.ResourceNames.IsEmpty ? "" : $" {rule.ResourceNames}")}";
            if (lost.Length > MostLost)
                yield return $"  - and {lost.Length - MostLost} more";
        }

        foreach (var group in Identity.Of(subject).Groups.Where(group => subject is not Subject.Group))
            foreach (var binding in cluster.Bindings.Where(binding => binding.Subjects.Contains(new Subject.Group(group)) && !binding.Name.StartsWith("system:", StringComparison.Ordinal)))
                yield return $"Keeps what {binding.Kind} {binding.Name} gives to Group {group}";
    }
}
