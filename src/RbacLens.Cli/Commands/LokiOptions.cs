using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Http.Headers;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Inputs.Loki;

namespace RbacLens.Cli.Commands;

/// <summary>The options of a log that is kept in Loki. Passwords and tokens come from the variables that logcli reads, never from the command line.</summary>
sealed class LokiOptions
{
    static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    // Entries reach Loki some time after the requests they tell of.
    static readonly TimeSpan Delay = TimeSpan.FromMinutes(15);

    readonly Option<string?> url = new("--loki") { Description = "Read the log from Loki at this address. LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN or LOKI_BEARER_TOKEN_FILE, log in.", HelpName = "URL" };
    readonly Option<string?> query = new("--query") { Description = "What to ask Loki, in LogQL: {job=\"k8s-audit\"}.", HelpName = "LOGQL" };
    readonly Option<string?> tenant = new("--loki-tenant") { Description = "The tenant to ask for (X-Scope-OrgID; also LOKI_ORG_ID).", HelpName = "TENANT" };
    readonly Option<string?> user = new("--loki-user") { Description = "The user name to log in with (also LOKI_USERNAME).", HelpName = "USER" };
    readonly Option<int> limit = new("--loki-limit") { Description = "Entries to ask for at a time.", HelpName = "N", DefaultValueFactory = _ => 5000 };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { url, query, tenant, user, limit })
            command.Options.Add(option);
    }

    /// <summary>Whether Loki is to be asked.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(url) is not null;

    /// <summary>Whether the command line says where Loki is.</summary>
    public bool IsGiven(CommandResult result) => AuditOptions.IsGiven(result, url);

    /// <summary>An option about Loki where Loki is not asked; null for none.</summary>
    public Option? Idle(CommandResult result) =>
        IsGiven(result) ? null : new Option[] { query, tenant, user, limit }.FirstOrDefault(option => AuditOptions.IsGiven(result, option));

    /// <summary>What it is called in reports.</summary>
    public IEnumerable<string> Origin(ParseResult parsed) => parsed.GetValue(url) is { } address ? [address] : [];

    /// <summary>How to ask it; null where it is not to be asked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="filter">The only rules whose lines are wanted; null where all are.</param>
    /// <param name="terminal">For the variables, and the clock.</param>
    /// <exception cref="InputException">An option is missing or makes no sense.</exception>
    public LokiClient? Client(ParseResult parsed, IEnumerable<DetectionRule>? filter, Terminal terminal)
    {
        if (parsed.GetValue(url) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var place) || place.Scheme is not ("http" or "https") || place.UserInfo.Length > 0)
            throw new InputException($"--loki {(place?.UserInfo.Length > 0 ? "with a password in it" : text)}: expected an address as in https://loki.example.com");
        var asked = parsed.GetValue(query) ?? throw new InputException("--query is missing, expected what to ask Loki as in --query '{job=\"k8s-audit\"}'");
        if (parsed.GetValue(limit) < 1)
            throw new InputException($"--loki-limit {parsed.GetValue(limit)}: expected at least 1");
        return new(
            new(place, filter is null ? asked : LineFilter.Add(asked, filter))
            {
                Tenant = parsed.GetValue(tenant) ?? terminal.Surroundings.Variable("LOKI_ORG_ID"),
                Authorization = Authorization(parsed, terminal),
                Limit = parsed.GetValue(limit),
            },
            terminal.Surroundings.Clock);
    }

    /// <summary>What it holds of a time, batch by batch.</summary>
    public static IAsyncEnumerable<EntryBatch> Batches(LokiClient client, TimeWindow window, Terminal terminal, CancellationToken cancellation)
    {
        var (since, until) = Span(window, terminal);
        return client.ReadAsync(since, until, cancellation);
    }

    /// <summary>Whether the query alone, without what detections need of it, gives any line.</summary>
    public async Task<bool> HoldsAnythingAsync(ParseResult parsed, TimeWindow window, Terminal terminal, CancellationToken cancellation)
    {
        using var client = Client(parsed, filter: null, terminal)!;
        await foreach (var batch in Batches(client, window, terminal, cancellation))
            if (batch.Entries > 0)
                return true;
        return false;
    }

    /// <summary>That a query gives nothing: of a time without any request nobody has heard, so that something else must be wrong.</summary>
    public InputException Nothing(ParseResult parsed, TimeWindow window, Terminal terminal)
    {
        var (since, until) = Span(window, terminal);
        return new(Reports.Words.Printable(
            $"{parsed.GetValue(url)}: the query {parsed.GetValue(query)} gives no line from {Reports.JsonReport.Time(since)} to {Reports.JsonReport.Time(until)}; expected an audit log: look at its labels, at --since and --until, and at the tenant"));
    }

    static (DateTimeOffset Since, DateTimeOffset Until) Span(TimeWindow window, Terminal terminal)
    {
        var now = terminal.Now();
        var until = window.Until == long.MaxValue ? now : Earlier(new DateTimeOffset(window.Until, TimeSpan.Zero) + Delay, now);
        return (window.Since == long.MinValue ? until - Usual : new DateTimeOffset(window.Since, TimeSpan.Zero), until);
    }

    static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    AuthenticationHeaderValue? Authorization(ParseResult parsed, Terminal terminal)
    {
        var variables = terminal.Surroundings;
        if (variables.Variable("LOKI_BEARER_TOKEN") is { } token)
            return Bearer(token);
        if (variables.Variable("LOKI_BEARER_TOKEN_FILE") is { } file)
            return Bearer(File.Exists(file) ? File.ReadAllText(file).Trim() : throw new InputException($"LOKI_BEARER_TOKEN_FILE: {file}: no such file"));
        var name = parsed.GetValue(user) ?? variables.Variable("LOKI_USERNAME");
        return name is null ? null : LokiAddress.Basic(name, variables.Variable("LOKI_PASSWORD") ?? "");
    }

    static AuthenticationHeaderValue Bearer(string token) =>
        token.All(c => c is > ' ' and < '\u007f') ? new("Bearer", token) : throw new InputException("LOKI_BEARER_TOKEN: holds something else than a token");
}
