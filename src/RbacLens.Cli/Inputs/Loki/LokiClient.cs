using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Inputs.Loki;

/// <summary>
/// Reads log lines from Loki, forward in time, page by page (HTTP API, <c>query_range</c>). It asks for as much as the server lets it, waits
/// when told to, and tries again what failed on the way.
/// </summary>
sealed partial class LokiClient : IDisposable
{
    const int Attempts = 6;
    const int StalledAttempts = 2;
    const int LongestError = 1 << 16;
    const int MostLines = 1 << 17;
    const long TicksToNanoseconds = 100;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly LokiAddress address;
    readonly TimeProvider clock;
    readonly HttpMessageInvoker invoker;
    LokiEdge edge = new(long.MinValue, []);
    int limit;
    long slice;

    public LokiClient(LokiAddress address, TimeProvider clock)
    {
        (this.address, this.clock, limit, slice) = (address, clock, address.Limit, address.Slice.Ticks * TicksToNanoseconds);
        // Following a redirect would hand the password to wherever it leads.
        invoker = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(10) });
    }

    /// <summary>Whether some entries could not be read, because more of them than a page holds have the very same time.</summary>
    public bool HasLostSome { get; private set; }

    /// <summary>The entries of a time, in batches.</summary>
    /// <param name="from">The first time.</param>
    /// <param name="until">The time after the last.</param>
    /// <param name="cancellation">Stops between pages.</param>
    /// <exception cref="InputException">Loki cannot be reached, or refuses.</exception>
    public async IAsyncEnumerable<EntryBatch> ReadAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (at, end, order) = (Nanoseconds(from), Nanoseconds(until), 0L);
        while (at < end)
        {
            var to = Math.Min(end, at + slice);
            if (await PageAsync(at, to, cancellation) is not { } page)
            {
                // Told to ask for less: the page is asked for again.
                continue;
            }

            if (page.Places.Count > 0)
                yield return new(page.Lines, page.Lines.Length, page.Places, order, $"{address.Url.Host}", 0, EndsFile: false);
            order += page.Places.Count;
            edge = page.Edge;
            at = Next(page, at, to);
        }
    }

    // A full page may end among entries of one time, so that time is asked for again, and what comes twice is left out. A page that is not full
    // may be one that the server cut to a limit of its own, so the rest of the slice is asked for until nothing comes.
    long Next(LokiPage page, long at, long to)
    {
        if (page.Entries == 0)
            return to;
        if (page.Last > at)
            return page.Last;
        if (page.Entries < limit)
            return page.Last + 1;
        if (limit < MostLines && TryRaise())
            return at;
        HasLostSome = true;
        return page.Last + 1;
    }

    bool raised;

    bool TryRaise()
    {
        if (raised)
            return false;
        limit *= 2;
        return true;
    }

    async Task<LokiPage?> PageAsync(long from, long to, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (page, why, wait) = await TryAsync(from, to, cancellation);
            if (page is not null)
                return page;
            if (why.Length == 0)
                return null;
            // Nobody waits half an hour for a server that says nothing, or a day because it says so.
            if (attempt == Attempts || (why == Stalled && attempt >= StalledAttempts))
                throw new InputException($"{Name}: {why}, {attempt} times in a row");
            if (wait > Patience)
                throw new InputException($"{Name}: {why}, and asks to wait for {wait.Value.TotalMinutes:0} minutes");
            await Task.Delay(wait ?? TimeSpan.FromSeconds(Math.Pow(2, attempt - 1)), clock, cancellation);
        }
    }

    async Task<(LokiPage? Page, string Why, TimeSpan? Wait)> TryAsync(long from, long to, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Page(from, to, limit));
        request.Headers.Authorization = address.Authorization;
        request.Headers.Accept.Add(new("application/json"));
        if (address.Tenant is { } tenant)
            request.Headers.Add("X-Scope-OrgID", tenant);
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var response = await invoker.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return (await LokiPage.ReadAsync(await response.Content.ReadAsStreamAsync(either.Token), Name, edge, either.Token), "", null);
            return Judge(response, await WhyAsync(response, either.Token), to - from);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var why = e.InnerException is { } inner and not System.Text.Json.JsonException ? inner.Message : e.Message;
            return (null, $"cannot be read: {UntrustedText.OneLine(why)}", null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, Stalled, null);
        }
    }

    (LokiPage? Page, string Why, TimeSpan? Wait) Judge(HttpResponseMessage response, string why, long span)
    {
        var status = (int)response.StatusCode;
        if (status == 429 || status >= 500)
        {
            // A query that takes too long will take too long again, but half of it may not.
            if (status is 500 or 504 && why.Contains("deadline", StringComparison.OrdinalIgnoreCase) && TryShorten(span))
                return (null, "", null);
            return (null, $"{status} {why}".TrimEnd(), ApiStatus.Wait(response.Headers.RetryAfter, clock.GetUtcNow()));
        }

        if (status == 400 && TooMany().Match(why) is { Success: true } limited && int.TryParse(limited.Groups["most"].Value, out var most) && most < limit && most > 0)
        {
            (limit, raised) = (most, true);
            return (null, "", null);
        }

        if (status == 400 && TooLong().IsMatch(why) && TryShorten(span))
            return (null, "", null);
        throw new InputException(status switch
        {
            401 => $"{Name}: not logged in (401); expected --loki-user with LOKI_PASSWORD, or LOKI_BEARER_TOKEN",
            403 => $"{Name}: access denied (403): {why}",
            404 => $"{Name}: there is no Loki at this address (404), expected the URL before /loki/api",
            >= 300 and < 400 => $"{Name}: redirects elsewhere ({status}); is there a login page before it?",
            _ => $"{Name}: {status} {why}",
        });
    }

    bool TryShorten(long span)
    {
        if (span <= TimeSpan.TicksPerMinute * TicksToNanoseconds)
            return false;
        slice = span / 2;
        return true;
    }

    const string Stalled = "gave no whole answer within 5 minutes";

    // What stands between may answer with anything, without end.
    static async Task<string> WhyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[LongestError];
        var read = await body.ReadAtLeastAsync(buffer, LongestError, throwOnEndOfStream: false, cancellation);
        return UntrustedText.OneLine(Encoding.UTF8.GetString(buffer, 0, read));
    }

    static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TicksToNanoseconds;

    string Name => $"Loki at {UntrustedText.OneLine(address.Url.GetLeftPart(UriPartial.Path))}";

    public void Dispose() => invoker.Dispose();

    [GeneratedRegex(@"max entries limit per query exceeded, limit > max_entries_limit(_per_query)? \(\d+ > (?<most>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TooMany();

    [GeneratedRegex("query time range exceeds the limit|query length|max_query_length|interval too large", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TooLong();
}
