using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Rbac;

namespace RbacLens.Cli.Completion;

/// <summary>Namespaces, subjects, resources and contexts of the cluster, dump or manifests that a command line is about.</summary>
static class ClusterWords
{
    // Whoever presses Tab does not wait for a cluster that is not there.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The words for an argument or option; none for others, and none where nothing can be read.</summary>
    /// <param name="meant">The name of the argument or option.</param>
    /// <param name="command">The command.</param>
    /// <param name="words">The words that are written.</param>
    /// <param name="terminal">Whose clusters and files.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IEnumerable<(string Value, string Help)>> ForAsync(
        string meant, string command, IReadOnlyList<string> words, Terminal terminal, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return (meant, command) switch
            {
                ("--namespace", _) => (await ReadAsync(words, ["Namespace"], terminal, limit.Token)) is var read ? Namespaces(read) : [],
                ("SUBJECT" or "FINGERPRINT|SUBJECT" or "--compare", _) => Subjects(await ReadAsync(words, Bindings, terminal, limit.Token)).Prepend(("me", "you")),
                ("NAME", "lookup") => Names(await ReadAsync(words, [.. Bindings, "ClusterRole", "Role"], terminal, limit.Token)),
                ("--as", "can-i") => Users(await ReadAsync(words, Bindings, terminal, limit.Token)),
                ("--group" or "--as-group", _) => Groups(await ReadAsync(words, Bindings, terminal, limit.Token)),
                ("RESOURCE", _) => Resources(await ReadAsync(words, ["Namespace"], terminal, limit.Token)),
                ("--context" or "OLD" or "NEW", _) => Contexts(words, terminal),
                _ => [],
            };
        }
        catch (Exception e) when (e is InputException or OperationCanceledException or IOException)
        {
            return meant == "RESOURCE" ? Resources(null) : [];
        }
    }

    static readonly string[] Bindings = ["ClusterRoleBinding", "RoleBinding", "ServiceAccount"];

    static Task<Snapshot> ReadAsync(IReadOnlyList<string> words, IReadOnlyCollection<string> kinds, Terminal terminal, CancellationToken cancellation)
    {
        var files = Values(words, "--from").ToList();
        if (files.Contains("-"))
            throw new InputException("standard input is not there yet");
        var cluster = new ClusterOptions(Last(words, "--kubeconfig"), Last(words, "--context"), null, [], []) { Kinds = kinds, Discovers = kinds.Contains("Namespace") };
        return SnapshotSources.CollectAsync(
            new(files, words.Contains("-R") || words.Contains("--recursive"), null, null, files.Count > 0 ? ClusterOptions.Default : cluster), terminal, cancellation);
    }

    static IEnumerable<(string, string)> Namespaces(Snapshot snapshot) => snapshot.Namespaces.Select(@namespace => @namespace.Name)
        .Concat(snapshot.Bindings.Select(binding => binding.Scope.Namespace))
        .Concat(snapshot.Roles.Select(role => role.Scope.Namespace))
        .Where(name => name.Length > 0)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(name => (name, ""));

    static IEnumerable<(string, string)> Subjects(Snapshot snapshot) => SubjectWords.Known(snapshot).Select(SubjectWords.Write).Order(StringComparer.Ordinal).Select(word => (word, ""));

    static IEnumerable<(string, string)> Users(Snapshot snapshot) =>
        from subject in SubjectWords.Known(snapshot)
        where subject is Subject.User or Subject.ServiceAccount
        let name = Identity.Of(subject).User
        orderby name
        select (name, subject.Kind);

    static IEnumerable<(string, string)> Groups(Snapshot snapshot) =>
        SubjectWords.Known(snapshot).OfType<Subject.Group>().Select(subject => subject.Name).Order(StringComparer.Ordinal).Select(name => (name, ""));

    static IEnumerable<(string, string)> Names(Snapshot snapshot) =>
        SubjectWords.Known(snapshot).Select(subject => (subject.Name, subject.Kind))
            .Concat(snapshot.Roles.Select(role => (role.Name, role.Kind)))
            .Distinct()
            .OrderBy(pair => pair.Name, StringComparer.Ordinal);

    static IEnumerable<(string, string)> Resources(Snapshot? snapshot)
    {
        var catalog = new ResourceCatalog(snapshot?.Types ?? [], snapshot?.Roles.Select(role => role.Rules).Distinct().SelectMany(rules => rules) ?? []);
        return from type in catalog.Types
               from word in type.Subresources.Select(subresource => $"{type.FullName}/{subresource}").Prepend(type.FullName)
               select (word, word == type.FullName ? string.Join(", ", type.ShortNames) : "");
    }

    static IEnumerable<(string, string)> Contexts(IReadOnlyList<string> words, Terminal terminal) =>
        Kubeconfig.Load(Last(words, "--kubeconfig"), terminal.Surroundings).Contexts.Keys.Order(StringComparer.Ordinal).Select(name => (name, ""));

    static string? Last(IReadOnlyList<string> words, string option) => Values(words, option).LastOrDefault();

    static IEnumerable<string> Values(IReadOnlyList<string> words, string option)
    {
        foreach (var (place, word) in words.Index())
            if (word == option && place + 1 < words.Count)
                yield return words[place + 1];
            else if (word.StartsWith(option + "=", StringComparison.Ordinal))
                yield return word[(option.Length + 1)..];
    }
}
