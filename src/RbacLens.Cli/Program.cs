using System.Collections.Immutable;
using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli;

/// <summary>The executable <c>kubectl-rbac_lens</c>: <c>kubectl rbac-lens</c>, or <c>rbac-lens</c> under that name.</summary>
static class Program
{
    /// <summary>Name and version.</summary>
    public static string Tool { get; } =
        "rbac-lens " + typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, Terminal.Real(), stop.Token);

        // The first signal asks; whoever does not listen, as a read from a silent pipe, is ended soon after, and by a second signal at once.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
            _ = Task.Delay(Patience).ContinueWith(_ => Environment.Exit(ExitCodes.Failed), TaskScheduler.Default);
        }
    }

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Runs a command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        var root = Root(terminal, args.FirstOrDefault());
        if (args is [CompletionCommand.Question, .. var words])
            return await Completion.Candidates.WriteAsync(root, words, terminal, cancellation);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if ((UnknownWords.Problem(parsed) ?? (parsed.Errors is [var first, ..] ? first.Message : null)) is { } problem)
        {
            await terminal.Error.WriteLineAsync($"rbac-lens: {OneLine(problem)} (--help shows what is expected)");
            return ExitCodes.Failed;
        }

        using var output = new StreamWriter(terminal.Output, leaveOpen: true) { AutoFlush = true };
        var invocation = new InvocationConfiguration { Output = output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (InputException e)
        {
            await terminal.Error.WriteLineAsync($"rbac-lens: {Reports.Words.Printable(e.Message)}");
            await WriteDetailsAsync(e, parsed, terminal);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("rbac-lens: stopped; no report was written");
        }
        catch (Exception e)
        {
            await terminal.Error.WriteLineAsync($"rbac-lens: internal error, please report it: {e.GetType().Name}: {Reports.Words.Printable(e.Message)} (--debug shows more)");
            await WriteDetailsAsync(e, parsed, terminal);
        }

        return ExitCodes.Failed;
    }

    static readonly Option<bool> Debug = new("--debug") { Description = "Show where an error comes from.", Recursive = true };

    /// <summary>What creates each command, by its name.</summary>
    internal static readonly ImmutableArray<(string Name, Func<Terminal, Command> Create)> Commands =
    [
        ("scan", ScanCommand.Create), ("audit", AuditCommand.Create), ("suppress", SuppressCommand.Create), ("fix", FixCommand.Create),
        ("report", ReportCommand.Create), ("trend", TrendCommand.Create), ("template", TemplateCommand.Create), ("upgrade", UpgradeCommand.Create),
        ("kubeconfig", KubeconfigCommand.Create), ("generate", GenerateCommand.Create), ("check-role", CheckRoleCommand.Create),
        ("who-can", WhoCanCommand.Create), ("can-i", CanICommand.Create), ("permissions", PermissionsCommand.Create), ("explain", ExplainCommand.Create),
        ("lookup", LookupCommand.Create), ("diff", DiffCommand.Create), ("paths", PathsCommand.Create), ("collect", CollectCommand.Create),
        ("policies", PoliciesCommand.Create), ("completion", CompletionCommand.Create),
    ];

    // Creating all of them takes half of a short run, so a command that comes first is created alone.
    static RootCommand Root(Terminal terminal, string? first)
    {
        var root = new RootCommand("Who can do what in a Kubernetes cluster, which of it is dangerous, and what to change.") { HelpName = "rbac-lens", Options = { Debug } };
        var alone = Commands.Where(command => command.Name == first).ToList();
        foreach (var (_, create) in alone.Count > 0 ? [.. alone] : Commands)
            root.Subcommands.Add(create(terminal));
        return root;
    }

    static string OneLine(string message) =>
        Reports.Words.Printable(string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)));

    static async Task WriteDetailsAsync(Exception e, ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(Debug))
            await terminal.Error.WriteLineAsync(e.ToString());
    }
}
