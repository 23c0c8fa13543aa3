using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>Which server certificate to believe.</summary>
/// <param name="Authorities">The authorities that may have signed it; null for those of the system.</param>
/// <param name="Insecure">Whether to believe anything.</param>
/// <param name="ServerName">The name it must be for; null for the host of the address.</param>
/// <param name="Source">Where the authorities come from, for messages.</param>
sealed record ServerTrust(X509Certificate2Collection? Authorities, bool Insecure, string? ServerName, string Source)
{
    /// <summary>What a cluster entry says.</summary>
    public static ServerTrust Of(KubeconfigEntry cluster)
    {
        var pem = cluster.Pem("certificate-authority");
        var insecure = cluster.Flag("insecure-skip-tls-verify");
        if (insecure && pem is not null)
            throw cluster.Wrong("insecure-skip-tls-verify", "is true, yet there is a certificate-authority: only one of them can be meant");
        var authorities = pem is null ? null : Parse(pem, cluster.Where("certificate-authority"));
        var source = authorities is null ? "the system's certificate authorities" : cluster.Where("certificate-authority");
        return new(authorities, insecure, cluster.Text("tls-server-name"), source);
    }

    /// <summary>The certificates of a PEM text, at least one.</summary>
    public static X509Certificate2Collection Parse(string pem, string where)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new InputException($"{where}: holds a certificate that cannot be read", e);
        }
        return authorities.Count > 0 ? authorities : throw new InputException($"{where}: holds no PEM certificate");
    }

    /// <summary>Holds a server to this; a failed check is an <see cref="InputException"/> inside the failure of the connection.</summary>
    public void ApplyTo(SslClientAuthenticationOptions ssl, string server)
    {
        if (Authorities is not null)
            ssl.CertificateChainPolicy = Policy(Authorities);
        ssl.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            Insecure || errors == SslPolicyErrors.None || IsSignedByNamedIntermediate(chain, errors)
                ? true
                : throw new InputException($"{server}: {Complaint(certificate as X509Certificate2, chain, errors)}");
    }

    static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    // kubectl (crypto/x509) ends a chain at any certificate of the bundle, .NET only at self-signed ones: an intermediate authority in a
    // kubeconfig leaves a chain that is partial and otherwise without fault. Signatures are checked up to there; a bad one is another
    // status.
    bool IsSignedByNamedIntermediate(X509Chain? chain, SslPolicyErrors errors) =>
        Authorities is not null && chain is { ChainElements.Count: > 0 } && errors == SslPolicyErrors.RemoteCertificateChainErrors
        && chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain)
        && Authorities.Any(authority => IsSame(authority, chain.ChainElements[^1].Certificate));

    static bool IsSame(X509Certificate2 left, X509Certificate2 right) => left.RawDataMemory.Span.SequenceEqual(right.RawDataMemory.Span);

    string Complaint(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return "the server showed no certificate";
        if (chain?.ChainElements.FirstOrDefault(IsOutOfTime)?.Certificate is { } late)
            return $"the certificate of {NameOf(late)} is valid only from {Time(late.NotBefore)} to {Time(late.NotAfter)}";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            return $"the certificate of {NameOf(certificate)}, issued by {UntrustedText.OneLine(certificate.Issuer)}, "
                + $"is signed by an unknown authority; trusted is {Source}";
        var wanted = ServerName is null
            ? "this address; tls-server-name in the kubeconfig can name another"
            : $"tls-server-name {UntrustedText.OneLine(ServerName)}";
        return $"the server's certificate is for {NamesOf(certificate)}, not for {wanted}";
    }

    static bool IsOutOfTime(X509ChainElement element) =>
        element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid);

    static string Time(DateTime time) => time.ToUniversalTime().ToString("u");

    static string NameOf(X509Certificate2 certificate) => UntrustedText.OneLine(certificate.Subject);

    static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
            .ToList();
        return names.Count == 0 ? NameOf(certificate) : UntrustedText.OneLine(string.Join(", ", names));
    }
}
