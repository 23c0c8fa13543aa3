using System.Net.Http.Headers;
using System.Text;

namespace RbacLens.Cli.Inputs.Loki;

/// <summary>Which Loki, as whom, and what to ask it.</summary>
/// <param name="Url">Where it is, without <c>/loki/api</c>; a path before that is kept.</param>
/// <param name="Query">A LogQL query for log lines.</param>
sealed record LokiAddress(Uri Url, string Query)
{
    /// <summary>The tenant (<c>X-Scope-OrgID</c>); null where there is only one.</summary>
    public string? Tenant { get; init; }

    /// <summary>What to log in with; null for nothing.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>Entries to ask for at a time. A server that allows fewer says so, and gets asked for fewer.</summary>
    public int Limit { get; init; } = 5000;

    /// <summary>The longest time to ask about at once.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Name and password as a header.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <summary>The address of a page of entries.</summary>
    /// <param name="from">The first nanosecond since 1970.</param>
    /// <param name="until">The nanosecond after the last.</param>
    /// <param name="limit">Entries at most.</param>
    public Uri Page(long from, long until, int limit) =>
        new($"{Url.AbsoluteUri.TrimEnd('/')}/loki/api/v1/query_range?query={Uri.EscapeDataString(Query)}&start={from}&end={until}&limit={limit}&direction=forward");
}
