using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Probes;

/// <summary>What probes found, and what they could not.</summary>
sealed record Probed(ImmutableArray<Finding> Findings, ImmutableArray<Gap> Gaps);

/// <summary>
/// Looks at endpoints themselves, which no object of the API shows. Only on request; each probe is named before it runs, reads only, and one
/// that is refused is a gap. Credentials are shown to servers alone whose certificate the kubeconfig's authorities vouch for.
/// </summary>
sealed class EndpointProbe
{
    readonly Connection connection;
    readonly ApiLimits limits;
    readonly TextWriter log;
    readonly List<Observation> found = [];
    readonly List<Gap> gaps = [];

    /// <summary>A probe of one cluster.</summary>
    public EndpointProbe(Connection connection, ApiLimits limits, TextWriter log) => (this.connection, this.limits, this.log) = (connection, limits, log);

    /// <summary>Runs all probes, one after the other.</summary>
    public async Task<Probed> RunAsync(CancellationToken cancellation)
    {
        await AddressAsync(cancellation);
        await AnonymousAsync(cancellation);
        await AuthorizersAsync(cancellation);
        foreach (var kubelet in await KubeletsAsync(cancellation))
            await KubeletAsync(kubelet, cancellation);
        return new(EndpointPolicies.Findings(found), [.. gaps]);
    }

    async Task AddressAsync(CancellationToken cancellation)
    {
        await NameAsync($"look up the addresses of {connection.Server.Host}");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(connection.Server.Host.Trim('[', ']'), cancellation);
            found.AddRange(EndpointAnswers.Addresses(connection.Name, addresses));
        }
        catch (SocketException e)
        {
            Miss($"{connection.Server.Host}: its addresses cannot be looked up: {e.Message}");
        }
    }

    async Task AnonymousAsync(CancellationToken cancellation)
    {
        var stranger = connection with { Credentials = Credentials.None, As = Impersonation.Nobody };
        var answered = new List<string>();
        foreach (var path in EndpointAnswers.Health.Append(EndpointAnswers.Discovery))
        {
            await NameAsync($"GET {connection.Name}{path} without credentials");
            if (await StatusAsync(stranger, path, null, cancellation) == 200)
                answered.Add(path);
        }

        found.AddRange(EndpointAnswers.Anonymous(connection.Name, answered));
    }

    async Task AuthorizersAsync(CancellationToken cancellation)
    {
        await NameAsync($"POST {connection.Name}/apis/authorization.k8s.io/v1/selfsubjectrulesreviews: what one may do oneself, and whether that is all");
        var body = """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"default"}}"""u8.ToArray();
        if (await JsonAsync(connection, new("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "application/json", body), "authorizers", cancellation) is { } review)
            found.AddRange(EndpointAnswers.Rules(review));
    }

    sealed record Kubelet(string Node, Uri Address);

    async Task<IReadOnlyList<Kubelet>> KubeletsAsync(CancellationToken cancellation)
    {
        await NameAsync($"GET {connection.Name}/api/v1/nodes for the addresses of kubelets");
        if (await JsonAsync(connection, new("/api/v1/nodes", "application/json", null), "nodes", cancellation) is not { } nodes || !nodes.TryGetProperty("items", out var items))
            return [];
        return [.. items.EnumerateArray().Select(AddressOf).OfType<Kubelet>().OrderBy(kubelet => kubelet.Node, StringComparer.Ordinal)];
    }

    Kubelet? AddressOf(JsonElement node)
    {
        var name = node.GetProperty("metadata").GetProperty("name").GetString() ?? "";
        try
        {
            var status = node.GetProperty("status");
            var address = status.GetProperty("addresses").EnumerateArray()
                .First(entry => entry.GetProperty("type").GetString() == "InternalIP").GetProperty("address").GetString();
            var port = status.TryGetProperty("daemonEndpoints", out var endpoints) && endpoints.TryGetProperty("kubeletEndpoint", out var endpoint) && endpoint.TryGetProperty("Port", out var given) ? given.GetInt32() : 10250;
            return new(name, new UriBuilder(Uri.UriSchemeHttps, IPAddress.Parse(address!).ToString(), port).Uri);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            Miss($"node {UntrustedText.OneLine(name)}: tells no InternalIP, so its kubelet was not asked");
            return null;
        }
    }

    async Task KubeletAsync(Kubelet kubelet, CancellationToken cancellation)
    {
        var direct = connection with { Server = kubelet.Address, Proxy = null, As = Impersonation.Nobody, Trust = connection.Trust with { ServerName = null } };
        var place = $"{direct.Name}/configz";
        await NameAsync($"GET {place} of node {kubelet.Node}: needs get on nodes/configz (kubelets from 1.33), never nodes/proxy");
        if (await JsonAsync(direct, new("/configz", "application/json", null), $"kubelet of node {kubelet.Node}", cancellation) is not { } configz)
            return;
        if (configz.ValueKind == JsonValueKind.Object && configz.TryGetProperty("kubeletconfig", out var config))
            found.AddRange(EndpointAnswers.Kubelet(kubelet.Node, config));
        else
            Miss($"{place}: found JSON without kubeletconfig, expected a kubelet's configuration");
    }

    async Task<JsonElement?> JsonAsync(Connection to, ApiRequest request, string what, CancellationToken cancellation)
    {
        var credential = await to.Credentials.CurrentAsync(cancellation);
        using var transport = new ApiTransport(to, credential.Certificate, limits);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(limits.RequestTimeout);
            using var response = await transport.SendAsync(request, credential.Authorization, timeout.Token);
            if ((int)response.StatusCode is not (200 or 201))
            {
                Miss($"{what}: {to.Name}{request.Path} answers {(int)response.StatusCode}");
                return null;
            }

            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(timeout.Token), default, timeout.Token);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or AuthenticationException or InputException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Miss($"{what}: {to.Name}{request.Path}: {Why(e)}");
            return null;
        }
    }

    // 401 and 403 are what one hopes for, so only silence is a gap.
    async Task<int> StatusAsync(Connection to, string path, string? authorization, CancellationToken cancellation)
    {
        using var transport = new ApiTransport(to, certificate: null, limits);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timeout.CancelAfter(limits.RequestTimeout);
            using var response = await transport.SendAsync(new(path, "application/json", null), authorization, timeout.Token);
            return (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AuthenticationException or InputException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Miss($"{to.Name}{path} without credentials: {Why(e)}");
            return 0;
        }
    }

    string Why(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (inner is InputException complaint)
                return complaint.Message;
        return e is OperationCanceledException ? $"no answer within {limits.RequestTimeout.TotalSeconds:0.#} s" : e is JsonException ? "answers with something that is not JSON" : UntrustedText.OneLine(e.Message);
    }

    void Miss(string detail) => gaps.Add(new("Endpoint", Gap.Reasons.Unavailable, UntrustedText.OneLine(detail)));

    Task NameAsync(string probe) => log.WriteLineAsync($"probe: {Reports.Words.Printable(probe)}");
}
