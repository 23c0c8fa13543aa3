using System.CommandLine;
using System.CommandLine.Parsing;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Commands;

/// <summary>The options shared by every command that reads a cluster.</summary>
sealed class InputOptions
{
    readonly Option<string[]> from = new("--from") { Description = "Read a dump, manifests or a directory instead of a cluster; - is standard input. Repeats. What it is, gzip included, is told from the content.", HelpName = "PATH" };
    readonly Option<bool> recursive = new("--recursive", "-R") { Description = "Read directories with everything below them." };
    readonly Option<string?> version = new("--kubernetes-version") { Description = "The version of the cluster, where the input does not say it.", HelpName = "VERSION" };
    readonly Option<string?> context = new("--context") { Description = "The kubeconfig context to use.", HelpName = "NAME" };
    readonly Option<string?> kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file to use.", HelpName = "FILE" };
    readonly Option<string?> actAs = new("--as") { Description = "Impersonate a user while reading the cluster.", HelpName = "USER" };
    readonly Option<string[]> actAsGroup = new("--as-group") { Description = "Impersonate a group while reading the cluster. Repeats.", HelpName = "GROUP" };
    readonly Option<string[]> namespaces = new("--namespace", "-n") { Description = "Only this namespace, and what is granted for the whole cluster. Repeats.", HelpName = "NAMESPACE" };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="impersonates">Whether <c>--as</c> says who reads the cluster; false where it says whom a question is about.</param>
    /// <param name="versionAlias">Another name for --kubernetes-version, where a command has a better one; null for none.</param>
    public InputOptions(Command command, bool impersonates = true, string? versionAlias = null)
    {
        if (versionAlias is not null)
            version.Aliases.Add(versionAlias);
        RefuseEmpty(namespaces);
        foreach (var option in new Option[] { from, recursive, version, context, kubeconfig, namespaces })
            command.Options.Add(option);
        if (impersonates)
        {
            command.Options.Add(actAs);
            command.Options.Add(actAsGroup);
        }
    }

    /// <summary>Refuses a namespace without a name, as a script's empty variable leaves it: the API server would take it for the whole cluster.</summary>
    public static void RefuseEmpty(Option<string[]> namespaces) => namespaces.Validators.Add(given =>
    {
        if (given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            given.AddError("-n: found no name, expected that of a namespace");
    });

    /// <summary>The option that names a namespace, for commands to which it means nothing in some company.</summary>
    public Option Namespace => namespaces;

    /// <summary>Whether files are named on the command line.</summary>
    public bool ReadsFiles(CommandResult given) => AuditOptions.IsGiven(given, from);

    /// <summary>An option that says how to read a cluster, on a command line that names none; null where there is none.</summary>
    public Option? Idle(CommandResult given) => new Option[] { from, context, kubeconfig }.Any(option => AuditOptions.IsGiven(given, option))
        ? null
        : new Option[] { recursive, version, actAs, actAsGroup, namespaces }.FirstOrDefault(option => AuditOptions.IsGiven(given, option));

    /// <summary>Collects the snapshot the options ask for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where standard input and the clock come from.</param>
    /// <param name="cancellation">Stops between buffers.</param>
    /// <param name="assumed">The version to take the cluster for where neither input nor options say it; null for none.</param>
    /// <exception cref="InputException">Nothing could be read.</exception>
    public Task<Snapshot> CollectAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation, string? assumed = null) =>
        CollectAsync(Request(parsed, assumed), terminal, cancellation);

    /// <summary>Collects a snapshot for a question about access: of a cluster these kinds only, and what it serves.</summary>
    /// <exception cref="InputException">Nothing could be read.</exception>
    public Task<Snapshot> CollectAsync(ParseResult parsed, Terminal terminal, IReadOnlyCollection<string> kinds, CancellationToken cancellation)
    {
        var request = Request(parsed, assumed: null);
        return CollectAsync(request with { IsWhole = true, Cluster = request.Cluster with { Kinds = kinds, Discovers = true } }, terminal, cancellation);
    }

    static async Task<Snapshot> CollectAsync(SnapshotRequest request, Terminal terminal, CancellationToken cancellation)
    {
        if (request.Version is { } asked && KubernetesVersion.TryParse(asked) is null)
            throw new InputException($"--kubernetes-version {asked}: expected a Kubernetes version as in 1.34 or v1.34.2");
        var what = request.Paths.Count > 0 ? string.Join(", ", request.Paths) : "the cluster";
        return await Progress.ShowAsync(terminal, $"Reading {what}", SnapshotSources.CollectAsync(request, terminal, cancellation));
    }

    /// <summary>Whether a cluster is read, and not files.</summary>
    public bool IsLive(ParseResult parsed) => parsed.GetValue(from) is not { Length: > 0 };

    /// <summary>The namespaces that are named.</summary>
    public IReadOnlyList<string> Namespaces(ParseResult parsed) => parsed.GetValue(namespaces) ?? [];

    /// <summary>The one namespace of a request; null where none is named, the empty string for all at once.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isEverywhere">Whether all namespaces are meant.</param>
    /// <exception cref="InputException">Several are named, or both some and all.</exception>
    public string? Place(ParseResult parsed, bool isEverywhere) => (Namespaces(parsed), isEverywhere) switch
    {
        ([], true) => "",
        ([], false) => null,
        ([var only], false) => only,
        (_, true) => throw new InputException("-n names a namespace and -A means all of them; give one or the other"),
        _ => throw new InputException("a request is for one namespace, or for all with -A: give -n once"),
    };

    /// <summary>Which cluster is meant, and as whom it is read.</summary>
    public ClusterOptions Cluster(ParseResult parsed) => Request(parsed, assumed: null).Cluster;

    /// <summary>Whether the user says which version the cluster runs.</summary>
    public bool NamesVersion(ParseResult parsed) => parsed.GetValue(version) is not null;

    /// <summary>Whether an input was named at all; without one it is the cluster of the current context.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(from) is { Length: > 0 } || parsed.GetValue(context) is not null || parsed.GetValue(kubeconfig) is not null;

    /// <summary>What the files that were read are told by; null for a cluster and for standard input.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="atMost">Files larger than so many bytes together are not worth the time.</param>
    /// <param name="cancellation">Stops between files.</param>
    public Task<string?> DigestAsync(ParseResult parsed, long atMost, CancellationToken cancellation) =>
        InputDigest.OfAsync(parsed.GetValue(from) ?? [], parsed.GetValue(recursive), atMost, cancellation);

    /// <summary>The one file that is read; null for a cluster, standard input or several.</summary>
    public string? OnlyFile(ParseResult parsed) => parsed.GetValue(from) is [not "-" and var only] && File.Exists(only) ? only : null;

    /// <summary>Whether the input is taken from standard input.</summary>
    public bool ReadsStandardInput(ParseResult parsed) => (parsed.GetValue(from) ?? []).Contains("-");

    SnapshotRequest Request(ParseResult parsed, string? assumed) => new(
        parsed.GetValue(from) ?? [],
        parsed.GetValue(recursive),
        parsed.GetValue(version),
        assumed,
        new(parsed.GetValue(kubeconfig), parsed.GetValue(context), parsed.GetValue(actAs), parsed.GetValue(actAsGroup) ?? [], parsed.GetValue(namespaces) ?? []));
}
