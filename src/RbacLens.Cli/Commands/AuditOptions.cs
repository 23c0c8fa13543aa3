using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>The options of commands that read an audit log: where it is, which part of it, and what to hold it against.</summary>
sealed class AuditOptions
{
    readonly Option<string[]> log;
    readonly Option<string?> since = new("--since") { Description = "Only requests from this time on: a time as in 2026-11-21T08:00:00Z, or an age as in 24h or 7d.", HelpName = "TIME" };
    readonly Option<string?> until = new("--until") { Description = "Only requests before this time.", HelpName = "TIME" };
    readonly Option<string?> auditPolicy = new("--audit-policy") { Description = "The kube-apiserver's audit policy: what it does not record is told as not observable instead of unused.", HelpName = "FILE" };
    readonly Option<string?> allow = new("--allow") { Description = "A file of known legitimate users; what they do is shown as accepted, and does not count for --fail-on.", HelpName = "FILE" };
    readonly Option<string[]> sensitive = new("--sensitive-namespace") { Description = "A namespace that is worth more than others; a trailing * is a prefix. Repeats, and replaces the usual ones.", HelpName = "NAMESPACE" };
    readonly Option<string[]> networks = new("--pod-network") { Description = "Where pods and nodes of the cluster have their addresses; private ranges without it. Repeats.", HelpName = "CIDR" };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">How the log is named there: <c>--log</c>.</param>
    public AuditOptions(Command command, string name)
    {
        log = new(name) { Description = "The audit log: files, directories of rotated ones, - for standard input; plain or gzip. Repeats.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
        command.Options.Add(log);
        Loki.AddTo(command);
        var further = new Option[] { since, until, auditPolicy, allow, sensitive, networks };
        foreach (var option in further)
            command.Options.Add(option);
        // An option that would change nothing was meant to.
        command.Validators.Add(result =>
        {
            if (Loki.Idle(result) is { } ofLoki)
                result.AddError($"{ofLoki.Name} is about a log in Loki, and none is asked: expected --loki URL beside it");
            else if (!IsGiven(result, log) && !Loki.IsGiven(result) && further.FirstOrDefault(option => IsGiven(result, option)) is { } idle)
                result.AddError($"{idle.Name} is about an audit log, and none is read: expected {name} PATH or --loki URL beside it");
        });
    }

    /// <summary>Whether an option is on the command line, and not only its usual value.</summary>
    internal static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>The options of a log that is kept in Loki.</summary>
    public LokiOptions Loki { get; } = new();

    /// <summary>Whether there is a log to read.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(log) is { Length: > 0 } || Loki.IsAsked(parsed);

    /// <summary>Whether the log is taken from standard input.</summary>
    public bool ReadsStandardInput(ParseResult parsed) => (parsed.GetValue(log) ?? []).Contains("-");

    /// <summary>What the log is called in reports.</summary>
    public string Origin(ParseResult parsed) =>
        string.Join(", ", (parsed.GetValue(log) ?? []).Select(path => path == "-" ? "standard input" : Path.GetFileName(Path.TrimEndingDirectorySeparator(path))).Concat(Loki.Origin(parsed)));

    /// <summary>What the log is held against.</summary>
    public async Task<AuditSurroundings> SurroundingsAsync(ParseResult parsed, Snapshot? cluster, CancellationToken cancellation) => new()
    {
        Stock = await Shipped.TrafficAsync(cluster?.Cluster.Release, cancellation),
        Cluster = cluster,
        SensitiveNamespaces = parsed.GetValue(sensitive) is { Length: > 0 } names ? Names.Of(names) : AuditSurroundings.UsuallySensitive,
        Networks = parsed.GetValue(networks) is { Length: > 0 } ranges ? [.. ranges.Select(Range)] : [.. AddressRange.Private],
    };

    /// <summary>The audit policy that was named, or null.</summary>
    public AuditPolicy? Policy(ParseResult parsed) => parsed.GetValue(auditPolicy) is { } file ? AuditPolicyFile.Read(file) : null;

    /// <summary>Reads the log.</summary>
    /// <exception cref="InputException">It cannot be read, or holds no audit event at all.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="interest">What is worth keeping of a deed.</param>
    /// <param name="filter">The only rules whose events are wanted, where the log's keeper can filter; null where all are.</param>
    /// <param name="terminal">For standard input, the clock and the progress.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public async Task<AuditLog> ReadAsync(
        ParseResult parsed, Func<Deed, Interest> interest, IEnumerable<DetectionRule>? filter, Terminal terminal, CancellationToken cancellation)
    {
        var window = Window(parsed, terminal);
        using var loki = Loki.Client(parsed, filter, terminal);
        var leftOut = new List<string>();
        var sources = LogSource.Of(parsed.GetValue(log) ?? [], terminal.Input, leftOut.Add);
        var notes = new ReadingNotes { Folders = [.. leftOut.Where(Directory.Exists)], LeftOut = [.. leftOut.Where(path => !Directory.Exists(path))] };
        foreach (var gap in ReadingGaps.Of(notes))
            await terminal.Error.WriteLineAsync(Reports.Words.Printable(gap.Detail));
        using var progress = new AuditProgress(terminal, sources.Sum(source => source.Length));
        var reader = new AuditLogReader(window, interest, progress);
        var read = await reader.ReadAsync(sources, loki is null ? null : LokiOptions.Batches(loki, window, terminal, cancellation), cancellation);
        read = read with { Notes = read.Notes with { LeftOut = notes.LeftOut, Folders = notes.Folders, LostAtOneTime = loki is { HasLostSome: true } } };
        if (read.Requests > 0 || read.Notes.OutOfWindow > 0)
            return read;
        // Where only what detections need was asked for, nothing may be good news, but not where the query itself gives nothing.
        if (filter is not null && sources.Count == 0 && read.Notes.Entries == 0 && await Loki.HoldsAnythingAsync(parsed, window, terminal, cancellation))
            return read;
        throw Loki.IsAsked(parsed) && sources.Count == 0 && read.Notes.Entries == 0 ? Loki.Nothing(parsed, window, terminal) : Nothing(Origin(parsed), read.Notes);
    }

    /// <summary>Reads the log, and says what it shows.</summary>
    /// <exception cref="InputException">It cannot be read, or holds no audit event at all.</exception>
    public async Task<AuditEvidence> EvidenceAsync(
        ParseResult parsed, IReadOnlyList<DetectionRule> rules, Snapshot? cluster, Terminal terminal, CancellationToken cancellation)
    {
        var detector = new Detector(rules, await SurroundingsAsync(parsed, cluster, cancellation));
        var read = await ReadAsync(parsed, detector.InterestIn, filter: null, terminal, cancellation);
        return new(
            await DetectAsync(parsed, rules, detector, read, DateOnly.FromDateTime(terminal.Now().UtcDateTime), terminal),
            new(read, cluster, Policy(parsed)) { Log = Origin(parsed) },
            ReadingGaps.Of(read))
        { Rules = [.. rules] };
    }

    /// <summary>What the log shows, with what the allow-list allows marked; entries that allow nothing are told.</summary>
    public async Task<ImmutableArray<Detection>> DetectAsync(
        ParseResult parsed, IReadOnlyList<DetectionRule> rules, Detector detector, AuditLog read, DateOnly today, Terminal terminal)
    {
        if (parsed.GetValue(allow) is not { } file)
            return detector.Detect(read);
        var uses = AllowList.Read(file, [.. rules.Select(rule => rule.Id)]);
        var (marked, idle) = AllowedUse.Allow(detector.Detect(read, [.. uses.Where(use => use.Suppression.Until >= today)]), uses, today);
        foreach (var use in idle)
            await terminal.Error.WriteLineAsync(Reports.Words.Printable(
                $"allow-list: {use.Detection} by {Reports.Words.Short(use.User)}: {(use.Suppression.Until < today ? $"expired on {use.Suppression.Until:yyyy-MM-dd}" : "the log shows nothing of that user and target that it would allow")}"));
        return marked;
    }

    static InputException Nothing(string origin, ReadingNotes notes) => new(
        !notes.CutOff.IsEmpty ? $"{origin}: no audit event found; the gzip data is broken, cut off, or followed by something else before the first one ends"
        : notes.Broken > 0 ? $"{origin}: no audit event found; {notes.Broken} of {notes.Entries} entries are not valid JSON (the first: {notes.FirstBroken})"
        : notes.Foreign > 0 ? $"{origin}: no audit event found among {notes.Entries} entries of JSON, expected audit.k8s.io events"
        : $"{origin}: no audit event found, expected audit.k8s.io events, one JSON object a line");

    /// <summary>The time that was asked for, as it was written: <c>with --since 24h --until 2h</c>; empty for all times.</summary>
    public string Asked(ParseResult parsed) =>
        string.Join(' ', from option in new[] { since, until }
                         where parsed.GetValue(option) is not null
                         select $"{(option == since || parsed.GetValue(since) is null ? "with " : "")}{option.Name} {UntrustedText.OneLine(parsed.GetValue(option)!)}");

    TimeWindow Window(ParseResult parsed, Terminal terminal)
    {
        var window = new TimeWindow(
            parsed.GetValue(since) is { } from ? Time("--since", from, terminal) : long.MinValue,
            parsed.GetValue(until) is { } to ? Time("--until", to, terminal) : long.MaxValue);
        return window.Since < window.Until ? window : throw new InputException("--since is not before --until");
    }

    static long Time(string option, string text, Terminal terminal)
    {
        if (Age(text) is { } age)
            return Math.Max(0, terminal.Now().UtcTicks - age);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcTicks
            : throw new InputException($"{option} {text}: expected a time as in 2026-11-21T08:00:00Z, or an age as in 24h or 7d");
    }

    // In ticks; more than there ever was means from the beginning.
    static long? Age(string text) =>
        text.Length > 1 && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Unit(text[^1]) is { } unit
            ? (long)Math.Min((decimal)number * unit, long.MaxValue)
            : null;

    static long? Unit(char letter) => letter switch
    {
        's' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMinute,
        'h' => TimeSpan.TicksPerHour,
        'd' => TimeSpan.TicksPerDay,
        'w' => 7 * TimeSpan.TicksPerDay,
        _ => null,
    };

    static AddressRange Range(string text) =>
        AddressRange.TryParse(text) ?? throw new InputException($"--pod-network {text}: expected a range as in 10.244.0.0/16 or fd00::/8");
}
