using System.Collections.Immutable;
using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;
using RbacLens.Upgrades;

namespace RbacLens.Cli.Commands;

/// <summary>Holds roles against the templates, and says what is more than needed, and what is missing.</summary>
static class CheckRoleCommand
{
    static readonly Policy More = Texts(
        "role-more-than-needed", "Allows more than its purpose needs",
        "What a role allows beyond its purpose is used by nobody but whoever steals it.",
        "Take out what is listed, or say with --template which purpose the role has.");

    static readonly Policy Missing = Texts(
        "role-misses", "Lacks something that its purpose needs",
        "kubectl sends more requests than one thinks: debug patches the pod and watches it, sessions begin with a get and take create as well.",
        "Add what is listed where the command is to work.");

    static readonly Policy Unlike = Texts(
        "role-without-template", "Has nothing in common with any template",
        "There is nothing to hold it against, so nothing is said of it here.",
        "Scan it (rbac-lens scan --from FILE).");

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string[]>("FILE") { Description = "Manifests with Roles or ClusterRoles; - for standard input.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("check-role", "Hold roles against the templates of generate: what is more than needed, and what is missing.") { file };
        var named = new Option<string?>("--template") { Description = "The template to hold them against; the nearest one otherwise.", HelpName = "TEMPLATE" };
        command.Options.Add(named);
        var reports = new ReportOptions(command, usual: "text", compares: false, themes: false);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            var templates = await TemplatesAsync(parsed.GetValue(named), cancellation);
            var paths = parsed.GetRequiredValue(file);
            var read = await new FileSource("default", recursive: false).ReadAsync(paths, terminal.Input, terminal.Now(), cancellation);
            if (read.Roles.IsEmpty)
                throw new InputException($"{string.Join(", ", paths)}: holds no Role or ClusterRole");
            var posture = Posture.Of(read, [More, Missing, Unlike], [.. read.Roles.SelectMany(role => Judge(role, templates)).OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal).ThenBy(finding => finding.About)], Program.Tool, includeStock: true);
            return await reports.WriteAsync(posture, targets, parsed, terminal, cancellation);
        });
        return command.WithExamples("rbac-lens check-role role.yaml", "kubectl get role oncall -n production -o yaml | rbac-lens check-role - --template oncall-debug --fail-on medium");
    }

    static async Task<IReadOnlyList<Role>> TemplatesAsync(string? name, CancellationToken cancellation)
    {
        var roles = new List<Role>();
        foreach (var one in name is null ? RoleTemplates.Names : [name])
            if (await RoleTemplates.RoleAsync(one, cancellation) is { } role)
                roles.Add(role);
        return roles.Count > 0 ? roles : throw new InputException($"--template {name}: is not a role, expected one of those that make one");
    }

    static IEnumerable<Finding> Judge(Role role, IReadOnlyList<Role> templates)
    {
        var about = new Target(role.Kind, role.Scope.Namespace, role.Name);
        ImmutableArray<Scope> scopes = [role.Scope];
        if ((templates is [var only] ? RoleFit.Of(role, only) : RoleFit.Nearest(role, templates)) is not { } fit)
        {
            yield return new(Unlike, about, scopes, Severity.Info, $"none of {string.Join(", ", templates.Select(template => template.Name))} shares a permission with it");
            yield break;
        }

        if (!fit.More.IsEmpty)
            yield return new(More, about, scopes, Rating(role), $"more than {fit.Template.Name}: {RuleWords.Of(fit.More)}");
        if (!fit.Missing.IsEmpty)
            yield return new(Missing, about, scopes, Severity.Info, $"less than {fit.Template.Name}: {RuleWords.Of(fit.Missing)}");
    }

    // A wildcard allows what nobody listed, and what does not exist yet.
    static Severity Rating(Role role) =>
        role.Rules.Any(rule => AllowsAll(rule) && rule.ApiGroups.Lists("*")) ? role.Scope.IsCluster ? Severity.Critical : Severity.High
        : role.Rules.Any(AllowsAll) ? Severity.High
        : Severity.Medium;

    static bool AllowsAll(PolicyRule rule) => rule.Verbs.Lists("*") && rule.Resources.Lists("*") && rule.ResourceNames.IsEmpty;

    static Policy Texts(string id, string title, string why, string fix) => new()
    {
        Id = id,
        Area = "templates",
        Title = title,
        Why = why,
        Fix = fix,
        Match = new Match.Elsewhere(),
        References = [new(null, "https://kubernetes.io/docs/concepts/security/rbac-good-practices/")],
    };
}
