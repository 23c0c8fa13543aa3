namespace RbacLens.Cli.Commands;

/// <summary>What the exit code says.</summary>
static class ExitCodes
{
    /// <summary>Done, nothing at or above --fail-on.</summary>
    public const int Done = 0;

    /// <summary>Findings at or above --fail-on; for a question: no.</summary>
    public const int Findings = 1;

    /// <summary>Could not do it: bad usage, unreadable input, no connection, invalid policy.</summary>
    public const int Failed = 2;

    /// <summary>Done, but with gaps, and --strict was given.</summary>
    public const int Gaps = 3;
}
