namespace RbacLens.Cli.Inputs.Live;

/// <summary>The service account that a pod finds mounted.</summary>
static class InClusterAccount
{
    /// <summary>The connection of the pod this runs in; null outside of pods.</summary>
    public static Connection? Find(ClusterOptions options, Surroundings surroundings)
    {
        var token = Path.Combine(surroundings.ServiceAccountRoot, "token");
        if (surroundings.Variable("KUBERNETES_SERVICE_HOST") is not { } host
            || surroundings.Variable("KUBERNETES_SERVICE_PORT") is not { } port
            || !File.Exists(token))
            return null;
        var address = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server))
            throw new InputException(
                $"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT do not make an address: {UntrustedText.OneLine(address)}");
        return new("in-cluster", server, Trust(surroundings), new TokenFile(token, "service account", null, null),
            Impersonation.Of(KubeconfigEntry.Nobody, options))
        {
            Proxy = ProxyChoice.For(server, KubeconfigEntry.Nobody, surroundings),
        };
    }

    static ServerTrust Trust(Surroundings surroundings)
    {
        var path = Path.Combine(surroundings.ServiceAccountRoot, "ca.crt");
        if (!File.Exists(path))
            throw new InputException($"{path}: does not exist, though the service account's token does");
        return new(ServerTrust.Parse(File.ReadAllText(path), path), Insecure: false, ServerName: null, path);
    }
}
