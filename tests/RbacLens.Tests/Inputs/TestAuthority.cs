using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RbacLens.Tests.Inputs;

/// <summary>A certificate authority made for one test, and what it signs. Keys exist in memory only.</summary>
sealed class TestAuthority : IDisposable
{
    static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-2), To = DateTimeOffset.UtcNow.AddDays(2);

    public TestAuthority(string name = "test-ca", TestAuthority? parent = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (parent is null)
        {
            Certificate = request.CreateSelfSigned(From, To);
            return;
        }

        using var signed = request.Create(parent.Certificate, From.AddHours(1), To.AddHours(-1), RandomNumberGenerator.GetBytes(8));
        Certificate = signed.CopyWithPrivateKey(key);
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A server certificate for 127.0.0.1 and localhost, or for other names.</summary>
    public X509Certificate2 Server(bool expired = false, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(names).Build());
        using var signed = request.Create(
            Certificate, From.AddHours(2), expired ? DateTimeOffset.UtcNow.AddDays(-1) : To.AddHours(-2), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>A client certificate as PEM text.</summary>
    public (string Certificate, string Key) Client(string user, bool rsa) => rsa ? RsaClient(user) : EcClient(user);

    public void Dispose() => Certificate.Dispose();

    static SubjectAlternativeNameBuilder Names(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            builder.AddDnsName(name);
        if (names.Length > 0)
            return builder;
        builder.AddDnsName("localhost");
        builder.AddIpAddress(IPAddress.Loopback);
        return builder;
    }

    (string Certificate, string Key) RsaClient(string user)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={user}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (Sign(request), key.ExportRSAPrivateKeyPem());
    }

    (string Certificate, string Key) EcClient(string user)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (Sign(new CertificateRequest($"CN={user}", key, HashAlgorithmName.SHA256)), key.ExportECPrivateKeyPem());
    }

    // The signer's own algorithm differs from that of an RSA key, so the signature is made by hand.
    string Sign(CertificateRequest request)
    {
        using var issuer = Certificate.GetECDsaPrivateKey()!;
        using var signed = request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer), From.AddHours(2), To.AddHours(-2),
            RandomNumberGenerator.GetBytes(8));
        return signed.ExportCertificatePem();
    }
}
