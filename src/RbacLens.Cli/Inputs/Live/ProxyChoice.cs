using System.Net;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>The proxy on the way to a server: <c>proxy-url</c>, else HTTPS_PROXY with NO_PROXY as Go reads them.</summary>
static class ProxyChoice
{
    /// <summary>The proxy for a server; null for a direct connection.</summary>
    public static IWebProxy? For(Uri server, KubeconfigEntry cluster, Surroundings surroundings)
    {
        if (cluster.Text("proxy-url") is { } url)
            return Parse(url, cluster.Where("proxy-url"));
        var name = server.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        if (Variable(name, surroundings) is not { } text || IsExempt(server, Variable("NO_PROXY", surroundings) ?? ""))
            return null;
        return Parse(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, name);
    }

    /// <summary>Whether NO_PROXY takes this server out: <c>*</c>, an address range, or a domain, each perhaps with a port.</summary>
    public static bool IsExempt(Uri server, string noProxy) =>
        IsLoopback(server)
        || noProxy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(entry => Covers(entry, server));

    static bool IsLoopback(Uri server) => server.Host == "localhost" || (Address(server) is { } address && IPAddress.IsLoopback(address));

    static bool Covers(string entry, Uri server)
    {
        if (entry == "*")
            return true;
        if (IPNetwork.TryParse(entry, out var network))
            return Address(server) is { } member && network.Contains(member);
        var (host, port) = Split(entry);
        if (port is not null && port != server.Port)
            return false;
        return IPAddress.TryParse(host, out var address) ? address.Equals(Address(server)) : CoversDomain(host, server.Host);
    }

    // "example.com" takes in its subdomains, ".example.com" and "*.example.com" only those.
    static bool CoversDomain(string domain, string host) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith("." + domain.TrimStart('*').TrimStart('.'), StringComparison.OrdinalIgnoreCase);

    static (string Host, int? Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var hasPort = colon > 0 && (entry.IndexOf(':', StringComparison.Ordinal) == colon || entry[colon - 1] == ']');
        return hasPort && int.TryParse(entry[(colon + 1)..], out var port)
            ? (entry[..colon].Trim('[', ']'), port)
            : (entry.Trim('[', ']'), null);
    }

    static IPAddress? Address(Uri server) => IPAddress.TryParse(server.Host.Trim('[', ']'), out var address) ? address : null;

    static string? Variable(string name, Surroundings surroundings) =>
        surroundings.Variable(name) ?? surroundings.Variable(name.ToLowerInvariant());

    // The address may hold a password, so it is never quoted.
    static WebProxy Parse(string text, string where)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "socks5" or "socks5h"))
            throw new InputException($"{where}: is no address of a proxy, expected http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT");
        var socks = url.Scheme.StartsWith("socks5", StringComparison.Ordinal);
        var address = new UriBuilder(socks ? "socks5" : url.Scheme, url.Host, url.IsDefaultPort && socks ? 1080 : url.Port).Uri;
        return new(address) { Credentials = Login(url) };
    }

    static NetworkCredential? Login(Uri url)
    {
        if (url.UserInfo.Length == 0)
            return null;
        var parts = url.UserInfo.Split(':', 2);
        return new(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
