using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>A certificate with its key, to show to the server.</summary>
sealed class ClientCertificate
{
    readonly X509Certificate2 leaf;

    ClientCertificate(X509Certificate2 leaf, X509Certificate2Collection issuers)
    {
        this.leaf = leaf;
        Context = SslStreamCertificateContext.Create(leaf, issuers, offline: true);
    }

    /// <summary>As TLS takes it, with the intermediate certificates that came along.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Whether another one is the same certificate.</summary>
    public bool IsSameAs(ClientCertificate? other) => other is not null && leaf.Thumbprint == other.leaf.Thumbprint;

    /// <summary>Reads a certificate (the first; its issuers may follow) and its RSA or EC key in PKCS#1, PKCS#8 or SEC1 form.</summary>
    /// <param name="certificate">PEM text of the certificate.</param>
    /// <param name="key">PEM text of the key.</param>
    /// <param name="where">The place to name in complaints.</param>
    public static ClientCertificate Parse(string certificate, string key, string where)
    {
        var chain = ServerTrust.Parse(certificate, $"{where}: client certificate");
        if (Complaint(key) is { } complaint)
            throw new InputException($"{where}: client key: {complaint}");
        try
        {
            var own = X509Certificate2.CreateFromPem(certificate, key);
            chain.RemoveAt(0);
            return new(OperatingSystem.IsWindows() ? Reimported(own) : own, chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InputException($"{where}: {(IsKey(key) ? Mismatch : Unreadable)}", e);
        }
    }

    const string Mismatch = "the client key does not belong to the client certificate";

    const string Unreadable = "client key: cannot be read; an RSA or EC key was expected";

    static string? Complaint(string key)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            return "is encrypted; kubectl and this program read only keys without a passphrase";
        return key.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? null : "holds no PEM private key";
    }

    static bool IsKey(string pem)
    {
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        return Imports(rsa, pem) || Imports(ec, pem);
    }

    static bool Imports(AsymmetricAlgorithm algorithm, string pem)
    {
        try
        {
            algorithm.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    // Windows' TLS refuses keys that exist in memory only.
    static X509Certificate2 Reimported(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
}
