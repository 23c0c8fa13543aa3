using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Where a command reads and writes, so that a test can be the terminal.</summary>
sealed record Terminal
{
    /// <summary>Opens standard input.</summary>
    public required Func<Stream> Input { get; init; }

    /// <summary>Reports go here and nothing else.</summary>
    public required Stream Output { get; init; }

    /// <summary>Everything else goes here.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Columns; 80 where nothing says otherwise.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Whether standard output is a terminal.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether standard error is a terminal, so that progress can be shown.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Environment variables, home directory and clock.</summary>
    public required Surroundings Surroundings { get; init; }

    /// <summary>The process's own.</summary>
    public static Terminal Real() => new()
    {
        Input = Console.OpenStandardInput,
        Output = Console.OpenStandardOutput(),
        Error = Console.Error,
        Width = Console.IsOutputRedirected ? WidthVariable() ?? 120 : Math.Max(Console.WindowWidth, 40),
        IsInteractive = !Console.IsOutputRedirected,
        IsWatched = !Console.IsErrorRedirected,
        Surroundings = Surroundings.OfThisProcess(),
    };

    /// <summary>The time to date a report with: SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set, else now.</summary>
    public DateTimeOffset Now() =>
        Surroundings.Variable("SOURCE_DATE_EPOCH") switch
        {
            null => Surroundings.Clock.GetUtcNow(),
            { Length: < 12 } text when long.TryParse(text, out var seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds),
            var text => throw new InputException($"SOURCE_DATE_EPOCH is {text}, expected seconds since 1970"),
        };

    /// <summary>How reports look here; NO_COLOR (no-color.org) is honoured.</summary>
    public ReportStyle Style(string? templateFolder) =>
        new(templateFolder, Width, IsInteractive, IsInteractive && Surroundings.Variable("NO_COLOR") is null && Surroundings.Variable("TERM") != "dumb");

    static int? WidthVariable() => int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns >= 40 ? columns : null;
}
