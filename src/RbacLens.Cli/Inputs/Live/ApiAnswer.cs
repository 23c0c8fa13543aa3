namespace RbacLens.Cli.Inputs.Live;

/// <summary>How one request ended.</summary>
abstract record ApiAnswer<T>
{
    /// <summary>The answer was read to its end.</summary>
    public sealed record Whole(T Content) : ApiAnswer<T>;

    /// <summary>The server said no, and would again.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Why">The server's words, one line.</param>
    public sealed record Refused(int Status, string Why) : ApiAnswer<T>;

    /// <summary>The server has no time now (429, 503).</summary>
    /// <param name="Wait">How long it asks to wait; null where it does not say.</param>
    /// <param name="Why">The server's words, one line.</param>
    public sealed record Busy(TimeSpan? Wait, string Why) : ApiAnswer<T>;

    /// <summary>No answer, or not all of it, or not one that can be understood.</summary>
    public sealed record Lost(string Why) : ApiAnswer<T>;
}
