using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace RbacLens.Tests.Inputs;

/// <summary>How a <see cref="RecordedApiServer"/> differs from a usual one.</summary>
sealed record RecordedApiServerOptions
{
    /// <summary>The server's certificate; made by <see cref="RecordedApiServer.Authority"/> where null.</summary>
    public Func<TestAuthority, X509Certificate2>? Certificate { get; init; }

    /// <summary>HTTP/1.1 only, or HTTP/2 as well.</summary>
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1AndHttp2;

    /// <summary>Whether the handshake fails without a client certificate, as some gateways want it.</summary>
    public bool RequiresCertificate { get; init; }

    public SslProtocols Tls { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}

/// <summary>One request that arrived.</summary>
sealed record Asked(string Method, string Path, string Protocol, IReadOnlyDictionary<string, string[]> Headers);

/// <summary>Who a kubeconfig of <see cref="RecordedApiServer.WriteKubeconfig"/> is for.</summary>
public enum TestUser
{
    Token, RsaCertificate, EcCertificate, Nobody,
}

/// <summary>
/// An API server on a loopback port that replays recorded answers over TLS and HTTP/2, to those who show one of its client certificates,
/// <see cref="Token"/>, or the password "swordfish". Faults can be put before its answers.
/// </summary>
sealed class RecordedApiServer : IAsyncDisposable
{
    public const string Token = "secret-bearer-token";
    static readonly string Basic = "Basic " + Convert.ToBase64String("auditor:swordfish"u8);

    readonly WebApplication app;
    readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> faults = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Fault> lasting = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<Asked> asked = new();

    RecordedApiServer(RecordedApiServerOptions options)
    {
        var certificate = options.Certificate?.Invoke(Authority) ?? Authority.Server();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = options.Protocols;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                SslProtocols = options.Tls,
                ClientCertificateMode = options.RequiresCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (shown, _, _) => IsOurs(shown),
            });
        }));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>Signs the server's certificate, and those of its clients.</summary>
    public TestAuthority Authority { get; } = new();

    /// <summary>The address, with the port that was free.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The tokens that are accepted.</summary>
    public ConcurrentBag<string> Tokens { get; } = [Token];

    /// <summary>What arrived so far.</summary>
    public IReadOnlyCollection<Asked> Requests => asked;

    public static async Task<RecordedApiServer> StartAsync(RecordedApiServerOptions? options = null)
    {
        var server = new RecordedApiServer(options ?? new());
        await server.app.StartAsync();
        server.Url = new(server.app.Urls.Single());
        return server;
    }

    /// <summary>Makes the next requests whose path ends so fail, one fault each; then all is well again.</summary>
    public void Fail(string pathEnding, params Fault[] next) =>
        faults.AddOrUpdate(pathEnding, _ => new(next), (_, queue) => new(queue.Concat(next)));

    /// <summary>Makes every request whose path ends so fail; the empty ending stands for all.</summary>
    public void FailAlways(string pathEnding, Fault fault) => lasting[pathEnding] = fault;

    /// <summary>Writes a kubeconfig with one context, "recorded".</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="user">Who it is for.</param>
    /// <param name="cluster">More fields of the cluster, one <c>key: value</c> each; the authority unless it is said to be insecure.</param>
    /// <param name="userFields">The fields of the user, instead of those of <paramref name="user"/>.</param>
    public string WriteKubeconfig(string path, TestUser user = TestUser.Token, IEnumerable<string>? cluster = null, IEnumerable<string>? userFields = null)
    {
        var more = cluster?.ToList() ?? [];
        if (!more.Any(field => field.StartsWith("insecure-", StringComparison.Ordinal) || field.StartsWith("certificate-authority", StringComparison.Ordinal)))
            more.Add($"certificate-authority-data: {Base64(Authority.Pem)}");
        if (!more.Any(field => field.StartsWith("server:", StringComparison.Ordinal)))
            more.Add($"server: {Url.AbsoluteUri.TrimEnd('/')}");
        var fields = userFields?.ToList() ?? [.. Fields(user)];
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            current-context: recorded
            contexts:
            - name: recorded
              context: {"{ cluster: recorded, user: tester }"}
            clusters:
            - name: recorded
              cluster:
                {string.Join("\n    ", more)}
            users:
            - name: tester
              user:
                {(fields.Count == 0 ? "{}" : string.Join("\n    ", fields))}

            """);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        Authority.Dispose();
    }

    IEnumerable<string> Fields(TestUser user)
    {
        if (user == TestUser.Token)
            return [$"token: {Token}"];
        if (user == TestUser.Nobody)
            return [];
        var (certificate, key) = Authority.Client("auditor", rsa: user == TestUser.RsaCertificate);
        return [$"client-certificate-data: {Base64(certificate)}", $"client-key-data: {Base64(key)}"];
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    bool IsOurs(X509Certificate2 shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        return chain.Build(shown);
    }

    async Task AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value!);
        asked.Enqueue(new(request.Method, path + request.QueryString, request.Protocol,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.OfType<string>().ToArray(), StringComparer.OrdinalIgnoreCase)));
        var recording = Recordings.Find(path, request.QueryString.Value ?? "", request.Headers.Accept.ToString());
        var fault = FaultFor(path) ?? (IsKnown(context) ? null : Faults.Unauthorized);
        if (fault is not null)
            await fault(context, recording ?? new(404, []));
        else if (recording is null)
            await Faults.NotFound(context, new(404, []));
        else
            await ReplayAsync(context, recording);
    }

    Fault? FaultFor(string path)
    {
        foreach (var (ending, queue) in faults)
            if (path.EndsWith(ending, StringComparison.Ordinal) && queue.TryDequeue(out var next))
                return next;
        return lasting.FirstOrDefault(entry => path.EndsWith(entry.Key, StringComparison.Ordinal)).Value;
    }

    bool IsKnown(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        return context.Connection.ClientCertificate is not null
            || authorization == Basic
            || (authorization.StartsWith("Bearer ", StringComparison.Ordinal) && Tokens.Contains(authorization[7..]));
    }

    static async Task ReplayAsync(HttpContext context, Recording recording)
    {
        context.Response.StatusCode = recording.Status;
        context.Response.ContentType = "application/json";
        if (context.Request.Headers.AcceptEncoding.Contains("gzip"))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var zip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await zip.WriteAsync(recording.Body);
        }
        else
        {
            await context.Response.Body.WriteAsync(recording.Body);
        }
    }
}
