namespace RbacLens.Cli.Inputs.Live;

/// <summary>How patient and how greedy the client is.</summary>
sealed record ApiLimits
{
    public static ApiLimits Default { get; } = new();

    /// <summary>Objects per page.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Lists asked for at once.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>For a connection to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For one answer, from the request to the last byte.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries of one request while the server says that it is busy.</summary>
    public int BusyTries { get; init; } = 5;

    /// <summary>Tries of one request whose answer does not arrive whole.</summary>
    public int LostTries { get; init; } = 3;

    /// <summary>Fresh starts of a list whose pages expired on the way.</summary>
    public int Restarts { get; init; } = 3;

    /// <summary>The longest wait between two tries, whatever the server asks for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);
}
