using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>What a question is answered from.</summary>
/// <param name="Snapshot">The roles and bindings.</param>
/// <param name="Catalog">The resources that can be asked about.</param>
/// <param name="DefaultNamespace">The namespace that is meant where none is named, as kubectl means it.</param>
sealed record Premises(Snapshot Snapshot, ResourceCatalog Catalog, string DefaultNamespace)
{
    static readonly string[] Needed = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Namespace"];
    static readonly string[] NeededWithAccounts = [.. Needed, "ServiceAccount"];

    /// <summary>Reads what a question about access needs, and no more.</summary>
    /// <param name="input">What to read.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">For standard input and the surroundings.</param>
    /// <param name="withAccounts">Whether it matters which service accounts exist.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">Nothing could be read.</exception>
    public static async Task<Premises> ReadAsync(
        InputOptions input, ParseResult parsed, Terminal terminal, bool withAccounts, CancellationToken cancellation) =>
        Of(
            await input.CollectAsync(parsed, terminal, withAccounts ? NeededWithAccounts : Needed, cancellation),
            input.IsLive(parsed) ? ContextNamespace.Of(input.Cluster(parsed), terminal.Surroundings) : "default");

    /// <summary>Everything that follows from a snapshot.</summary>
    public static Premises Of(Snapshot snapshot, string defaultNamespace) =>
        new(snapshot, new(snapshot.Types, snapshot.Roles.Select(role => role.Rules).Distinct().SelectMany(rules => rules)), defaultNamespace);

    /// <summary>The verbs that roles name.</summary>
    public IEnumerable<string> MentionedVerbs => Snapshot.Roles.SelectMany(role => role.Rules).SelectMany(rule => rule.Verbs);

    /// <summary>What could not be read and might change an answer. That other namespaces were not asked for changes none.</summary>
    public IEnumerable<Gap> Gaps => Snapshot.Gaps.Where(gap => gap.Reason != Gap.Reasons.Partial && (gap.Kind is "*" or "Role" or "ClusterRole" or "RoleBinding" or "ClusterRoleBinding"));

    /// <summary>Says on standard error what an answer is short of.</summary>
    public async Task WarnAsync(Terminal terminal)
    {
        foreach (var gap in Gaps)
            await terminal.Error.WriteLineAsync($"the answer may be incomplete: {Words.Printable(gap.Detail)}");
    }
}
