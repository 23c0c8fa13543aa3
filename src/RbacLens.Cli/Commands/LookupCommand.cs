using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Finds bindings and roles by name.</summary>
static class LookupCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("lookup", "List every binding and role of a subject, or every subject of a role, by name.");
        var name = new Argument<string>("NAME") { Description = "A name, with * and ? as wildcards; user:, group:, sa: or role: before it says what it is a name of." };
        command.Arguments.Add(name);
        var input = new InputOptions(command);
        var output = AnswerFormats.Option();
        command.Options.Add(output);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = AnswerFormats.Targets(parsed, output);
            var asked = parsed.GetRequiredValue(name);
            var premises = await Premises.ReadAsync(input, parsed, terminal, withAccounts: true, cancellation);
            await premises.WarnAsync(terminal);
            var namespaces = input.Namespaces(parsed);
            var found = Lookup.Find(premises.Snapshot, asked)
                .RemoveAll(bound => namespaces.Count > 0 && (bound.Binding?.Scope ?? bound.Role!.Scope) is { IsCluster: false } scope && !namespaces.Contains(scope.Namespace));
            if (found.All(bound => bound.IsImplied) && Nothing(asked, premises.Snapshot, found) is { } problem)
                throw new InputException(problem);
            await AnswerTarget.WriteAllAsync(targets, Answer(asked, found, premises), terminal, cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens lookup alice", "rbac-lens lookup 'sa:ci/*' --from cluster.json", "rbac-lens lookup role:cluster-admin -o csv");
    }

    static string? Nothing(string asked, Snapshot snapshot, ImmutableArray<Bound> found)
    {
        var bare = asked[(asked.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var known = SubjectWords.Known(snapshot).ToList();
        if (found.Length > 0 || known.Exists(subject => Lookup.Matches(bare, subject.Name)))
            return found.Length > 0 ? null : $"{asked} exists, but no binding names it";
        var names = known.Select(subject => subject.Name).Concat(snapshot.Roles.Select(role => role.Name)).Distinct(StringComparer.Ordinal).ToList();
        var within = names.Where(name => name.Contains(bare, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(3).ToList();
        return $"no subject of a binding, service account or role is called {asked}"
            + (within.Count > 0 && bare.Length > 2 ? $"; *{bare}* would find {string.Join(", ", within)}" : Similar.Hint(bare, names));
    }

    static Answer Answer(string asked, ImmutableArray<Bound> found, Premises premises) => new(
        [
            new AnswerBlock.Line($"{found.Count(bound => bound.Binding is not null)} bindings for {asked}:"),
            new AnswerBlock.Rows(new(["SUBJECT", "SCOPE", "BINDING", "ROLE"], [.. found.Where(bound => bound.Binding is not null).Select(Row)])),
            .. found.Where(bound => bound.Binding is null).Select(bound => new AnswerBlock.Line($"{GrantRows.Name(bound.Role!)} exists, and nobody is bound to it.")),
        ],
        new(
            ["kind", "namespace", "name", "implied", "scope", "binding_kind", "binding_namespace", "binding", "role_kind", "role_namespace", "role", "missing"],
            [.. found.Select(CsvRow)]),
        json =>
        {
            GrantRows.WriteKind(json, "Lookup");
            json.WriteString("name", asked);
            json.WriteStartArray("bindings");
            foreach (var bound in found)
                Write(json, bound);
            json.WriteEndArray();
            GapsJson.Write(json, premises.Gaps);
        });

    static string[] Row(Bound bound) =>
    [
        bound.Subject is null ? "(nobody)" : bound.IsImplied ? $"{bound.Subject} (implied)" : bound.Subject.ToString(),
        bound.Binding!.Scope.ToString(),
        bound.Binding.Name,
        bound.Role is null ? $"{bound.Binding.RoleRef.Kind} {bound.Binding.RoleRef.Name} (does not exist)" : GrantRows.Name(bound.Role),
    ];

    static string[] CsvRow(Bound bound) =>
    [
        bound.Subject?.Kind ?? "", bound.Subject?.NamespaceOrEmpty ?? "", bound.Subject?.Name ?? "", bound.IsImplied ? "yes" : "no",
        (bound.Binding?.Scope ?? bound.Role!.Scope).ToString(), bound.Binding?.Kind ?? "", bound.Binding?.Scope.Namespace ?? "", bound.Binding?.Name ?? "",
        bound.Role?.Kind ?? bound.Binding!.RoleRef.Kind, bound.Role?.Scope.Namespace ?? "", bound.Role?.Name ?? bound.Binding!.RoleRef.Name, bound.Role is null ? "yes" : "no",
    ];

    static void Write(System.Text.Json.Utf8JsonWriter json, Bound bound)
    {
        json.WriteStartObject();
        if (bound.Subject is { } subject)
        {
            json.WriteStartObject("subject");
            GrantRows.WriteSubject(json, subject);
            json.WriteEndObject();
            json.WriteBoolean("implied", bound.IsImplied);
        }
        else
        {
            json.WriteNull("subject");
        }

        if (bound.Binding is { } binding)
            GrantRows.Write(json, "binding", new Policies.Target(binding.Kind, binding.Scope.Namespace, binding.Name));
        GrantRows.Write(json, "role", bound.Role is { } role
            ? new Policies.Target(role.Kind, role.Scope.Namespace, role.Name)
            : new Policies.Target(bound.Binding!.RoleRef.Kind, bound.Binding.RoleRef.IsClusterRole ? "" : bound.Binding.Scope.Namespace, bound.Binding.RoleRef.Name));
        json.WriteBoolean("roleExists", bound.Role is not null);
        json.WriteEndObject();
    }
}
