using System.CommandLine;
using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>Writes a role and its binding from a template, after scanning them.</summary>
static class GenerateCommand
{
    const int Day = 86400;

    public static Command Create(Terminal terminal)
    {
        var template = new Argument<string?>("TEMPLATE") { Description = $"{string.Join(", ", RoleTemplates.Names)}; without one, they are listed.", Arity = ArgumentArity.ZeroOrOne };
        template.CompletionSources.Add(_ => RoleTemplates.Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        var command = new Command("generate", "Write a role and its binding for just-in-time access, and what a scan says of them.") { template };
        var group = new Option<string[]>("--group") { Description = "The group to bind. Repeats for csr.", HelpName = "GROUP" };
        var account = new Option<string?>("--service-account") { Description = "The service account to bind instead.", HelpName = "NAMESPACE/NAME" };
        var user = new Option<string?>("--user") { Description = "For csr: the user the certificate is for.", HelpName = "USER" };
        var ns = new Option<string?>("--namespace", "-n") { Description = "The namespace of a Role.", HelpName = "NAMESPACE" };
        var name = new Option<string?>("--name") { Description = "The name of what is written; the template's otherwise.", HelpName = "NAME" };
        var hours = new Option<int>("--hours") { Description = "For csr: how long the certificate lives, 1 to 24.", HelpName = "HOURS", DefaultValueFactory = _ => 8 };
        foreach (var option in new Option[] { group, account, user, ns, name, hours })
            command.Options.Add(option);

        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(template) is not { } chosen)
                return await ListAsync(terminal);
            var text = RoleTemplates.Text(chosen);
            var groups = parsed.GetValue(group) ?? [];
            var values = new List<(string, string)> { ("name", RoleTemplates.Scalar(ObjectName("--name", parsed.GetValue(name) ?? UsualName(chosen, parsed.GetValue(user))))) };
            if (RoleTemplates.Takes(text, "namespace"))
                values.Add(("namespace", RoleTemplates.Scalar(Label("--namespace", parsed.GetValue(ns) ?? throw new InputException($"generate {chosen}: --namespace is missing, expected where the access is for")))));
            else if (parsed.GetValue(ns) is not null)
                throw new InputException($"generate {chosen}: --namespace has no meaning here, what it writes belongs to no namespace");
            if (RoleTemplates.Takes(text, "subject"))
                values.Add(("subject", RoleTemplates.Of(Subject(chosen, groups, parsed.GetValue(account)))));
            if (RoleTemplates.Takes(text, "distinguishedName"))
                values.AddRange([("distinguishedName", Quoted(DistinguishedName(parsed.GetValue(user), groups))), ("seconds", Seconds(parsed.GetValue(hours)))]);

            var filled = RoleTemplates.Filled(text, values);
            var scanned = RoleTemplates.Takes(text, "subject") ? await ScannedAsync(filled, cancellation) : "";
            await WholeFile.WriteAsync(null, terminal.Output, output => output.Write(Encoding.UTF8.GetBytes(scanned + filled)), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "rbac-lens generate",
            "rbac-lens generate oncall-debug --group jit:oncall:payments -n production | kubectl apply -f -",
            "rbac-lens generate metrics-scraper --service-account monitoring/prometheus",
            "rbac-lens generate csr --user carol@example.com --group jit:oncall:payments --hours 8");
    }

    // Requests of several people are told apart by name; what a name cannot hold becomes a dash.
    static string UsualName(string template, string? user) => user is null
        ? template
        : $"login-{string.Concat(user.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}".TrimEnd('-');

    static async Task<int> ListAsync(Terminal terminal)
    {
        await using var writer = new StreamWriter(terminal.Output, leaveOpen: true) { NewLine = "\n" };
        var width = RoleTemplates.Names.Max(one => one.Length);
        foreach (var one in RoleTemplates.Names)
            await writer.WriteLineAsync($"{one.PadRight(width)}  {RoleTemplates.Title(one)}");
        return ExitCodes.Done;
    }

    // What it allows is said before it is given away.
    static async Task<string> ScannedAsync(string manifests, CancellationToken cancellation)
    {
        var snapshot = await Shipped.ApplyAsync(await RoleTemplates.ReadAsync(manifests, cancellation), cancellation);
        if (snapshot.Gaps is [var gap, ..])
            throw new InvalidOperationException(gap.Detail);
        var findings = Evaluation.Evaluate(snapshot, [.. PolicyFiles.BuiltIn], await Shipped.StockAsync(snapshot, cancellation))
            .Where(finding => !finding.IsStock).Select(finding => $"#   {finding.Severity.Word()} {finding.Policy.Id}: {Words.Printable(finding.Because)}\n").Distinct().ToList();
        return findings.Count == 0 ? "# A scan finds nothing in this.\n" : $"# A scan finds in this:\n{string.Concat(findings)}";
    }

    static Subject Subject(string template, string[] groups, string? account) => (groups, account?.Split('/')) switch
    {
        ([{ Length: > 0 } only], null) => new Subject.Group(only),
        ([], [{ Length: > 0 } ns, { Length: > 0 } name]) => new Subject.ServiceAccount(Label("--service-account", ns), ObjectName("--service-account", name)),
        ([], { }) => throw new InputException($"--service-account {account}: expected NAMESPACE/NAME"),
        ([], null) => throw new InputException($"generate {template}: --group or --service-account is missing, expected whom the access is for"),
        _ => throw new InputException($"generate {template}: expected one --group or one --service-account"),
    };

    static string DistinguishedName(string? user, string[] groups) => user is null
        ? throw new InputException("generate csr: --user is missing, expected whom the certificate is for")
        : groups.Contains(WellKnown.Masters) ? throw new InputException($"--group {WellKnown.Masters}: the API server refuses such requests, and the certificate could not be revoked; expected a group that is bound to a role")
        : string.Concat(new[] { ("CN", user) }.Concat(groups.Select(group => ("O", group))).Select(part => $"/{part.Item1}={Escaped(part.Item2)}"));

    static string Seconds(int hours) => hours is >= 1 and <= 24 ? $"{hours * 3600}" : throw new InputException($"--hours {hours}: expected 1 to {Day / 3600}");

    // openssl's -subj: a slash begins a part, a plus joins two, and a backslash takes their meaning away.
    static string Escaped(string text) => text.Length > 0 && !text.Any(char.IsControl)
        ? text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\+", StringComparison.Ordinal)
        : throw new InputException("--user, --group: expected a name without control characters");

    // For a shell, within single quotes.
    static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static string Label(string option, string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-' && text[^1] != '-'
            ? text
            : throw new InputException($"{option} {UntrustedText.OneLine(text)}: is not a namespace, expected lower-case letters, digits and dashes");

    static string ObjectName(string option, string text) =>
        text.Length is > 0 and <= 253 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && text[0] is not ('-' or '.') && text[^1] is not ('-' or '.')
            ? text
            : throw new InputException($"{option} {UntrustedText.OneLine(text)}: is not a name, expected lower-case letters, digits, dashes and dots");
}
