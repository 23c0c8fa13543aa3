using System.Net;
using System.Net.Sockets;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>What is wrong with how a kubeconfig reaches a cluster.</summary>
static class ClusterChecks
{
    public static IEnumerable<Observation> Of(KubeconfigSubject cluster)
    {
        var fields = cluster.Fields;
        var hasAuthority = fields.Text("certificate-authority") is not null || fields.Text("certificate-authority-data") is not null;
        var insecure = fields.Flag("insecure-skip-tls-verify");
        if (insecure)
            yield return cluster.Says("tls-not-verified", "takes any server for the cluster's: insecure-skip-tls-verify is true");
        if (fields.Text("proxy-url") is { } proxy && SecretLooks.InAddress(proxy) is { } ofProxy)
            yield return cluster.Says("secret-in-address", $"holds {ofProxy} in proxy-url");
        if (fields.Text("server") is not { } text)
            throw fields.Wrong("server", "is missing");
        if (SecretLooks.InAddress(text) is { } ofServer)
            yield return cluster.Says("secret-in-address", $"holds {ofServer} in server");
        // As for kubectl, a bare host means https only where certificates are spoken of.
        var spelled = text.Contains("://", StringComparison.Ordinal) ? text : (insecure || hasAuthority ? "https://" : "http://") + text;
        if (!Uri.TryCreate(spelled, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https") || server.Host.Length == 0)
            throw fields.Wrong("server", "is not an address such as https://host:6443");
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            yield return cluster.Says("plain-http", $"talks to {Host(server)} without encryption");
        if (server.Scheme == Uri.UriSchemeHttps && !hasAuthority && !insecure)
            yield return cluster.Says("authority-missing", $"names no certificate-authority for {Host(server)}, so any authority the system trusts can vouch for it");
        if (IPAddress.TryParse(server.Host.Trim('[', ']'), out var address) && IsPublic(address))
            yield return cluster.Says("public-address", $"talks to {Host(server)}, an address of the public internet");
    }

    static string Host(Uri server) => UntrustedText.OneLine($"{server.Host}:{server.Port}");

    /// <summary>Whether an address is routed on the public internet (IANA special-purpose registries).</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return IsPublic(address.MapToIPv4());
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal
                || address.Equals(IPAddress.IPv6Any) || bytes is [0x20, 0x01, 0x0d, 0xb8, ..]);
        return bytes switch
        {
            [0 or 10 or 127, ..] or [>= 224, ..] => false,
            [100, >= 64 and < 128, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [198, 18 or 19, ..] => false,
            [192, 0, 0 or 2, _] or [198, 51, 100, _] or [203, 0, 113, _] => false,
            _ => true,
        };
    }
}
