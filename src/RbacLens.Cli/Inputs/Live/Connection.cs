using System.Net;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>How to reach one API server, and as whom.</summary>
/// <param name="Context">The kubeconfig context, or <c>in-cluster</c>.</param>
/// <param name="Server">Its address; a path in it (as gateways use) is put before every request's path.</param>
/// <param name="Trust">Which server certificate to believe.</param>
/// <param name="Credentials">Who asks.</param>
/// <param name="As">Whom to impersonate.</param>
sealed record Connection(string Context, Uri Server, ServerTrust Trust, Credentials Credentials, Impersonation As)
{
    /// <summary>The proxy to go through; null for none.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Whether answers may be compressed.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>The server for messages.</summary>
    public string Name => Server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    /// <summary>The connection that the kubeconfig describes; without one, that of the pod this runs in.</summary>
    public static Connection Find(ClusterOptions options, Surroundings surroundings)
    {
        var kubeconfig = Kubeconfig.Load(options.Kubeconfig, surroundings);
        if (!kubeconfig.IsEmpty || options.Kubeconfig is not null || options.Context is not null)
            return Of(kubeconfig, options, surroundings);
        return InClusterAccount.Find(options, surroundings)
            ?? throw new InputException(
                "no kubeconfig found (--kubeconfig, KUBECONFIG, ~/.kube/config), and this does not run in a pod; "
                + "--from reads a dump instead");
    }

    static Connection Of(Kubeconfig kubeconfig, ClusterOptions options, Surroundings surroundings)
    {
        var (name, cluster, chosen) = kubeconfig.Choose(options.Context);
        var user = chosen ?? KubeconfigEntry.Nobody;
        var trust = ServerTrust.Of(cluster);
        var server = ServerAddress.Of(cluster, trust);
        return new(name, server, trust, CredentialsFor(server, user, cluster, surroundings), Impersonation.Of(user, options))
        {
            Proxy = ProxyChoice.For(server, cluster, surroundings),
            Compress = !cluster.Flag("disable-compression"),
        };
    }

    // As kubectl: what proves who asks never travels in clear.
    static Credentials CredentialsFor(Uri server, KubeconfigEntry user, KubeconfigEntry cluster, Surroundings surroundings) =>
        server.Scheme == Uri.UriSchemeHttps ? Credentials.Of(user, cluster, surroundings) : Credentials.None;
}
