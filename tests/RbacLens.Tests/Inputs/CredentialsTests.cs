using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class CredentialsTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly TestAuthority authority = new();

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    public static TheoryData<string, string> KeyForms()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var parameters = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n";
        return new()
        {
            { SelfSigned(rsa), rsa.ExportRSAPrivateKeyPem() },
            { SelfSigned(rsa), rsa.ExportPkcs8PrivateKeyPem() },
            { SelfSigned(ec), ec.ExportECPrivateKeyPem() },
            { SelfSigned(ec), parameters + ec.ExportECPrivateKeyPem() },    // as openssl writes it
            { SelfSigned(ec), ec.ExportPkcs8PrivateKeyPem() },
        };
    }

    [Theory]
    [MemberData(nameof(KeyForms))]
    public async Task Keys_are_read_in_every_form_that_kubectl_reads(string certificate, string key)
    {
        var credential = await CurrentAsync($"client-certificate-data: {Base64(certificate)}", $"client-key-data: {Base64(key)}");

        Assert.NotNull(credential.Certificate);
    }

    [Fact]
    public async Task Certificate_and_key_may_be_files_beside_the_kubeconfig()
    {
        var (certificate, key) = authority.Client("auditor", rsa: false);
        folder.Write("pki/tls.crt", certificate);
        folder.Write("pki/tls.key", key);

        Assert.NotNull((await CurrentAsync("client-certificate: pki/tls.crt", "client-key: ./pki/tls.key")).Certificate);
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error()
    {
        var certificate = authority.Client("auditor", rsa: false).Certificate;
        var key = authority.Client("somebody", rsa: false).Key;

        Assert.Equal(
            $"{File}: user \"u\": the client key does not belong to the client certificate",
            Complaint($"client-certificate-data: {Base64(certificate)}", $"client-key-data: {Base64(key)}"));
    }

    [Theory]
    [InlineData("hello", "client key: holds no PEM private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "client key: cannot be read; an RSA or EC key was expected")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "client key: is encrypted; kubectl and this program read only keys without a passphrase")]
    public void A_key_that_cannot_be_used_is_an_error(string key, string complaint)
    {
        var certificate = authority.Client("auditor", rsa: false).Certificate;

        Assert.Equal(
            $"{File}: user \"u\": {complaint}", Complaint($"client-certificate-data: {Base64(certificate)}", $"client-key-data: {Base64(key)}"));
    }

    [Theory]
    [InlineData("client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8=", "client certificate: holds no PEM certificate")]
    [InlineData("client-certificate-data: aGVsbG8=", "client-key: is missing, though there is a client-certificate")]
    [InlineData("client-key-data: aGVsbG8=", "client-certificate: is missing, though there is a client-key")]
    [InlineData("client-key-data: 'secret!'", "client-key-data: is not valid base64")]
    [InlineData("token: \"se\\ncret\"", "token: is not a bearer token (one line of printable characters was expected)")]
    [InlineData("username: a, password: secret, token: secret", "username: is there together with a token: only one of them can be meant")]
    [InlineData("auth-provider: {name: gcp}", "auth-provider: kubectl removed it in 1.26; use the exec plugin of your provider instead")]
    public void What_is_wrong_with_a_user_is_said_without_its_secrets(string user, string complaint)
    {
        var message = Complaint(user.Split(", "));

        Assert.Equal($"{File}: user \"u\": {complaint}", message);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_wins_over_the_token_which_is_only_the_start()
    {
        string[] user = ["token: start", "tokenFile: token"];
        Assert.Equal("Bearer start", (await CurrentAsync(user)).Authorization);

        folder.Write("token", "from-file\n");

        Assert.Equal("Bearer from-file", (await CurrentAsync(user)).Authorization);
    }

    [Fact]
    public async Task A_token_file_that_is_not_there_is_an_error()
    {
        var e = await Assert.ThrowsAsync<InputException>(() => CurrentAsync("tokenFile: token"));

        Assert.Equal($"{File}: user \"u\": tokenFile: no token could be read from {Path.Combine(folder.Path, "token")}", e.Message);
    }

    [Fact]
    public async Task Nothing_prints_a_secret()
    {
        folder.Write("token", "secret-token");
        foreach (var user in new[] { "token: secret-token", "tokenFile: token", "username: secret-token" })
        {
            var connection = Connect(user);
            Assert.DoesNotContain("secret-token", $"{connection} {await connection.Credentials.CurrentAsync(CancellationToken.None)}", StringComparison.Ordinal);
        }
    }

    string File => Path.Combine(folder.Path, "config");

    static string SelfSigned(RSA key) => Pem(new("CN=auditor", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    static string SelfSigned(ECDsa key) => Pem(new("CN=auditor", key, HashAlgorithmName.SHA256));

    static string Pem(CertificateRequest request)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    string Complaint(params string[] user) => Assert.Throws<InputException>(() => Connect(user)).Message;

    Task<Credential> CurrentAsync(params string[] user) => Connect(user).Credentials.CurrentAsync(CancellationToken.None);

    Connection Connect(params string[] user)
    {
        var file = folder.Write("config", $"""
            current-context: x
            contexts: [{"{name: x, context: {cluster: c, user: u}}"}]
            clusters: [{"{name: c, cluster: {server: 'https://host'}}"}]
            users:
            - name: u
              user:
                {string.Join("\n    ", user)}
            """);
        var surroundings = new Surroundings(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path, TimeProvider.System);
        return Connection.Find(ClusterOptions.Default with { Kubeconfig = file }, surroundings);
    }
}
