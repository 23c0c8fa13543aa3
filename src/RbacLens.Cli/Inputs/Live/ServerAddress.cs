namespace RbacLens.Cli.Inputs.Live;

/// <summary>The <c>server</c> of a cluster.</summary>
static class ServerAddress
{
    /// <summary>The address; as for kubectl, a bare <c>host:port</c> means https where certificates are spoken of, else http.</summary>
    public static Uri Of(KubeconfigEntry cluster, ServerTrust trust)
    {
        var text = cluster.Required("server");
        var scheme = trust.Insecure || trust.Authorities is not null ? "https://" : "http://";
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : scheme + text, UriKind.Absolute, out var address)
            || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
            throw cluster.Wrong("server", $"{UntrustedText.OneLine(text)} is not an address such as https://host:6443");
        return new UriBuilder(address.Scheme, address.Host, address.Port, address.AbsolutePath.TrimEnd('/')).Uri;
    }
}
