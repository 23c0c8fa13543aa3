using System.Net;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>A Kubernetes API client that reads, patiently, and asks for reviews, which change nothing either. Requests may run at once.</summary>
/// <param name="connection">Which server, as whom.</param>
/// <param name="limits">How patiently.</param>
/// <param name="clock">The time, and all waiting.</param>
sealed class ApiClient(Connection connection, ApiLimits limits, TimeProvider clock) : IDisposable
{
    readonly Lock gate = new();
    readonly List<ApiTransport> transports = [];
    volatile bool reached;

    /// <summary>Gets a path and reads the answer while it arrives; tries again where that can help.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="accept">The one content type to accept.</param>
    /// <param name="read">Reads the body, afresh in every try. It throws <see cref="InputException"/> for garbage.</param>
    /// <param name="cancellation">Ends everything.</param>
    /// <exception cref="InputException">The server cannot be reached or believed, is none, or does not accept the credentials.</exception>
    public Task<ApiAnswer<T>> ReadAsync<T>(
        string path, string accept, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        TryAsync(new(path, accept, Body: null), read, cancellation);

    /// <summary>Posts a review, a question that the API server answers and forgets; tries again where that can help.</summary>
    /// <param name="path">The path of the review.</param>
    /// <param name="review">The review as JSON.</param>
    /// <param name="read">Reads the answer, afresh in every try.</param>
    /// <param name="cancellation">Ends everything.</param>
    /// <exception cref="InputException">As for <see cref="ReadAsync"/>.</exception>
    public Task<ApiAnswer<T>> ReviewAsync<T>(
        string path, ReadOnlyMemory<byte> review, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        TryAsync(new(path, "application/json", review), read, cancellation);

    async Task<ApiAnswer<T>> TryAsync<T>(ApiRequest request, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AuthenticatedAsync(request, read, cancellation);
            if (Pause(answer, attempt) is not { } pause)
                return answer;
            await Task.Delay(pause, clock, cancellation);
        }
    }

    public void Dispose() => transports.ForEach(transport => transport.Dispose());

    TimeSpan? Pause<T>(ApiAnswer<T> answer, int attempt)
    {
        var growing = TimeSpan.FromSeconds(Math.Pow(2, attempt - 2));
        return answer switch
        {
            ApiAnswer<T>.Busy busy when attempt < limits.BusyTries => Shorter(busy.Wait ?? growing, limits.LongestWait),
            ApiAnswer<T>.Lost when attempt < limits.LostTries => growing,
            _ => null,
        };
    }

    static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    // Waiting for a plugin, and for the person it may ask, does not count against the time of a request.
    async Task<ApiAnswer<T>> AuthenticatedAsync<T>(
        ApiRequest request, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var credential = await connection.Credentials.CurrentAsync(cancellation);
        var answer = await AskAsync(request, credential, read, cancellation);
        if (IsNotAuthenticated(answer) && await connection.Credentials.RenewAsync(credential, cancellation) is { } renewed)
            answer = await AskAsync(request, renewed, read, cancellation);
        return IsNotAuthenticated(answer) ? throw NotAuthenticated() : answer;
    }

    InputException NotAuthenticated() => new(
        $"{connection.Name}: not authenticated: the server does not accept the credentials of context \"{connection.Context}\" (401)");

    static bool IsNotAuthenticated<T>(ApiAnswer<T> answer) => answer is ApiAnswer<T>.Refused { Status: 401 };

    async Task<ApiAnswer<T>> AskAsync<T>(
        ApiRequest request, Credential credential, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(limits.RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var response = await Transport(credential).SendAsync(request, credential.Authorization, either.Token);
            reached = true;
            return await JudgeAsync(response, read, either.Token);
        }
        catch (HttpRequestException e)
        {
            return Failed<T>(e, credential);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return new ApiAnswer<T>.Lost("the connection was cut in the middle of the answer");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Late<T>(deadline.IsCancellationRequested);
        }
    }

    async Task<ApiAnswer<T>> JudgeAsync<T>(
        HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
            throw new InputException(
                $"{connection.Name}: redirects elsewhere ({status}), as no Kubernetes API server does: is there a login page before it?");
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
            return await ContentAsync(response, read, cancellation);
        var why = await ApiStatus.WhyAsync(response, cancellation);
        return status switch
        {
            429 or 503 => new ApiAnswer<T>.Busy(ApiStatus.Wait(response.Headers.RetryAfter, clock.GetUtcNow()), why),
            >= 500 => new ApiAnswer<T>.Lost(why),
            _ => new ApiAnswer<T>.Refused(status, why),
        };
    }

    async Task<ApiAnswer<T>> ContentAsync<T>(
        HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType is var type && type != "application/json")
            throw new InputException(
                $"{connection.Name}: answers with {UntrustedText.OneLine(type ?? "something")}, not with JSON: "
                + "is it a Kubernetes API server, or a login page in front of one?");
        try
        {
            return new ApiAnswer<T>.Whole(await read(await response.Content.ReadAsStreamAsync(cancellation), cancellation));
        }
        catch (InputException e)
        {
            return new ApiAnswer<T>.Lost(e.Message);
        }
    }

    // What fails before the server was ever reached fails for every request alike, and is the user's to mend.
    ApiAnswer<T> Failed<T>(HttpRequestException failure, Credential credential)
    {
        if (ConnectionFailure.Complaint(failure) is { } complaint)
            throw new InputException(complaint.Message, failure);
        var why = ConnectionFailure.Why(failure, connection.Server, (connection.Proxy as System.Net.WebProxy)?.Address, credential.Certificate is not null);
        return !reached && ConnectionFailure.IsUnreachable(failure)
            ? throw new InputException($"{connection.Name}: cannot be reached: {why}", failure)
            : new ApiAnswer<T>.Lost(why);
    }

    ApiAnswer<T> Late<T>(bool whole) =>
        whole ? new ApiAnswer<T>.Lost($"no whole answer within {limits.RequestTimeout.TotalSeconds:0.#} s")
        : reached ? new ApiAnswer<T>.Lost($"no connection within {limits.ConnectTimeout.TotalSeconds:0.#} s")
        : throw new InputException(
            $"{connection.Name}: cannot be reached: no connection within {limits.ConnectTimeout.TotalSeconds:0.#} s");

    ApiTransport Transport(Credential credential)
    {
        lock (gate)
        {
            if (transports.Find(transport => Shows(transport, credential.Certificate)) is { } known)
                return known;
            var fresh = new ApiTransport(connection, credential.Certificate, limits);
            transports.Add(fresh);
            return fresh;
        }
    }

    static bool Shows(ApiTransport transport, ClientCertificate? certificate) =>
        transport.Certificate?.IsSameAs(certificate) ?? certificate is null;
}
