using System.Net;
using System.Text;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>The connections to one API server that show one client certificate.</summary>
sealed class ApiTransport : IDisposable
{
    static readonly string Agent = $"rbac-lens/{typeof(ApiTransport).Assembly.GetName().Version?.ToString(3)}";

    readonly Connection connection;
    readonly HttpMessageInvoker invoker;
    readonly bool repeatsHeaders;

    public ApiTransport(Connection connection, ClientCertificate? certificate, ApiLimits limits)
    {
        this.connection = connection;
        Certificate = certificate;
        repeatsHeaders = connection.As.Headers.Any(header => header.Values.Length > 1);
        invoker = new(Handler(limits), disposeHandler: true);
    }

    /// <summary>The certificate they show; null for none.</summary>
    public ClientCertificate? Certificate { get; }

    /// <summary>Asks; returns once the headers of the answer are there.</summary>
    /// <param name="asked">What to ask.</param>
    /// <param name="authorization">The Authorization header; null for none.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest asked, string? authorization, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(asked.Body is null ? HttpMethod.Get : HttpMethod.Post, connection.Server.AbsoluteUri.TrimEnd('/') + asked.Path)
        {
            Version = repeatsHeaders ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (asked.Body is { } body)
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new("application/json") } };
        request.Headers.TryAddWithoutValidation("Accept", asked.Accept);
        request.Headers.TryAddWithoutValidation("User-Agent", Agent);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, values) in connection.As.Headers)
            request.Headers.TryAddWithoutValidation(name, RepeatedHeaders.Join(name, values));
        // SslOptions.TargetHost is ignored by SocketsHttpHandler: the Host header is what sets the name that TLS asks for and checks.
        request.Headers.Host = connection.Trust.ServerName;
        return await invoker.SendAsync(request, cancellation);
    }

    public void Dispose() => invoker.Dispose();

    SocketsHttpHandler Handler(ApiLimits limits)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = connection.Compress ? DecompressionMethods.GZip : DecompressionMethods.None,
            ConnectTimeout = limits.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            Proxy = connection.Proxy,
            UseProxy = connection.Proxy is not null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        if (repeatsHeaders)
            handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new RepeatedHeaders(context.PlaintextStream));
        connection.Trust.ApplyTo(handler.SslOptions, connection.Name);
        handler.SslOptions.ClientCertificateContext = Certificate?.Context;
        return handler;
    }
}

/// <summary>One request.</summary>
/// <param name="Path">Path and query, beginning with a slash.</param>
/// <param name="Accept">The content type to accept.</param>
/// <param name="Body">The JSON to post; null to get.</param>
sealed record ApiRequest(string Path, string Accept, ReadOnlyMemory<byte>? Body);
