using System.Net.Sockets;
using System.Security.Authentication;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>Why no answer came. The framework's own messages are not shown: the published program carries none.</summary>
static class ConnectionFailure
{
    /// <summary>The complaint that a check of ours raised inside a failure; null where there is none.</summary>
    public static InputException? Complaint(Exception failure) => Causes(failure).OfType<InputException>().FirstOrDefault();

    /// <summary>Whether the server was never reached, so that trying again is for the user to decide.</summary>
    public static bool IsUnreachable(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.ProxyTunnelError or HttpRequestError.SecureConnectionError;

    /// <summary>What happened, one line.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="server">The address that was to be reached.</param>
    /// <param name="proxy">The proxy on the way, which then is all that is connected to; null for none.</param>
    /// <param name="showsCertificate">Whether a client certificate was shown.</param>
    public static string Why(HttpRequestException failure, Uri server, Uri? proxy, bool showsCertificate) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the name {(proxy is null ? server.Host : $"of its proxy, {proxy.Host},")} is not known",
        HttpRequestError.ConnectionError => proxy is null ? Socket(failure) : $"its proxy {proxy.Authority}: {Socket(failure)}",
        HttpRequestError.ProxyTunnelError => $"the proxy{(proxy is null ? "" : $" {proxy.Authority}")} refused to connect to it",
        HttpRequestError.SecureConnectionError =>
            $"TLS could not be agreed on; the server may speak plain HTTP, or {Hint(server, showsCertificate)}",
        _ => $"the connection was closed before an answer came; the server may {Hint(server, showsCertificate)}",
    };

    static string Hint(Uri server, bool showsCertificate) => (server.Scheme == Uri.UriSchemeHttps, showsCertificate) switch
    {
        (false, _) => "expect https",
        (true, true) => "not accept the client certificate",
        (true, false) => "require a client certificate, which the kubeconfig user does not have",
    };

    static string Socket(Exception failure) => Causes(failure).OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "no route to it",
        SocketError.TimedOut => "connecting timed out",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name is not known",
        { } code => $"no connection ({code})",
        null => Causes(failure).OfType<AuthenticationException>().Any() ? "TLS could not be agreed on" : "no connection",
    };

    static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
