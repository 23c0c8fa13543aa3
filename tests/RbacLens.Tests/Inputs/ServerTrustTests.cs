using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class ServerTrustTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly TestAuthority other = new("other-ca");

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task A_bundle_may_hold_other_authorities_too()
    {
        await using var server = await RecordedApiServer.StartAsync();

        await VersionAsync(server, Authority(other.Pem + "\n" + server.Authority.Pem));
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var server = await RecordedApiServer.StartAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => VersionAsync(server, Authority(other.Pem)));

        Assert.Equal(
            $"{Address(server)}: the certificate of CN=kube-apiserver, issued by CN=test-ca, is signed by an unknown authority; trusted is "
            + $"{Kubeconfig}: cluster \"recorded\": certificate-authority", e.Message);
    }

    [Fact]
    public async Task An_authority_of_the_same_name_with_another_key_is_refused()
    {
        await using var server = await RecordedApiServer.StartAsync();
        using var impostor = new TestAuthority("test-ca");

        await Assert.ThrowsAsync<InputException>(() => VersionAsync(server, Authority(impostor.Pem)));
    }

    [Fact]
    public async Task An_intermediate_authority_is_enough_as_it_is_for_kubectl()
    {
        using var intermediate = new TestAuthority("intermediate", parent: other);
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = _ => intermediate.Server() });

        await VersionAsync(server, Authority(intermediate.Pem));
    }

    [Fact]
    public async Task An_intermediate_authority_vouches_for_nothing_that_it_did_not_sign()
    {
        using var intermediate = new TestAuthority("intermediate", parent: other);
        using var forger = new TestAuthority("intermediate");
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = _ => forger.Server() });

        await Assert.ThrowsAsync<InputException>(() => VersionAsync(server, Authority(intermediate.Pem)));
    }

    [Fact]
    public async Task A_forged_certificate_that_names_the_key_of_an_intermediate_authority_is_refused()
    {
        using var intermediate = new TestAuthority("intermediate", parent: other);
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = _ => Forged(intermediate) });

        await Assert.ThrowsAsync<InputException>(() => VersionAsync(server, Authority(intermediate.Pem)));
    }

    [Fact]
    public async Task A_certificate_for_other_names_is_refused_and_tells_them()
    {
        await using var server = await RecordedApiServer.StartAsync(Named("kubernetes", "api.example.com"));

        var e = await Assert.ThrowsAsync<InputException>(() => VersionAsync(server));

        Assert.Equal(
            $"{Address(server)}: the server's certificate is for kubernetes, api.example.com, not for this address; "
            + "tls-server-name in the kubeconfig can name another", e.Message);
    }

    [Fact]
    public async Task Tls_server_name_says_which_name_the_certificate_must_be_for()
    {
        await using var server = await RecordedApiServer.StartAsync(Named("api.example.com"));

        await VersionAsync(server, ["tls-server-name: api.example.com"]);
        var e = await Assert.ThrowsAsync<InputException>(() => VersionAsync(server, ["tls-server-name: other.example.com"]));

        Assert.EndsWith("is for api.example.com, not for tls-server-name other.example.com", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_with_its_time()
    {
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = authority => authority.Server(expired: true) });

        var e = await Assert.ThrowsAsync<InputException>(() => VersionAsync(server));

        Assert.StartsWith($"{Address(server)}: the certificate of CN=kube-apiserver is valid only from ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Insecure_believes_anything_because_it_was_asked_to()
    {
        await using var server = await RecordedApiServer.StartAsync(Named("elsewhere"));

        await VersionAsync(server, ["insecure-skip-tls-verify: true"]);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_server_that_wants_a_client_certificate_says_so_in_effect(SslProtocols tls)
    {
        await using var server = await RecordedApiServer.StartAsync(new() { RequiresCertificate = true, Tls = tls });

        var e = await Assert.ThrowsAsync<InputException>(() => VersionAsync(server));

        Assert.Contains("require a client certificate, which the kubeconfig user does not have", e.Message, StringComparison.Ordinal);
    }

    string Kubeconfig => Path.Combine(folder.Path, "config");

    static RecordedApiServerOptions Named(params string[] names) => new() { Certificate = authority => authority.Server(expired: false, names) };

    static string[] Authority(string pem) => [$"certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}"];

    static string Address(RecordedApiServer server) => server.Url.AbsoluteUri.TrimEnd('/');

    // Issuer and key identifier are those of the authority; only the signature is another's.
    static X509Certificate2 Forged(TestAuthority authority)
    {
        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Certificate, true, false));
        using var signed = request.Create(
            authority.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(wrong), DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        return signed.CopyWithPrivateKey(key);
    }

    async Task VersionAsync(RecordedApiServer server, IEnumerable<string>? cluster = null)
    {
        var kubeconfig = server.WriteKubeconfig(Kubeconfig, TestUser.Token, cluster);
        var surroundings = new Surroundings(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path, new ImpatientClock());
        var options = ClusterOptions.Default with { Kubeconfig = kubeconfig };
        var snapshot = await ClusterSource.CollectAsync(options, surroundings, CancellationToken.None);
        Assert.Equal("v1.26.5", snapshot.Cluster.Version);
    }
}
