using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;
using RbacLens.Tests.Inputs;
using RbacLens.Tests.Reports;

namespace RbacLens.Tests.Commands;

public sealed class KubeconfigCommandTests
{
    static readonly long Now = CommandLine.Now.ToUnixTimeSeconds();

    /// <summary>A token as the API server signs them, of random content where nothing is known.</summary>
    static string Token(string claims) =>
        string.Join('.', new[] { """{"alg":"RS256","kid":"x"}""", claims, $"signature of {claims}" }.Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    static string Config(string user, string cluster = "server: https://10.0.0.1:6443, certificate-authority-data: LS0t") =>
        $"apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{{name: c, context: {{cluster: k, user: u}}}}]\nclusters: [{{name: k, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n";

    static async Task<JsonElement> FindingsAsync(string file)
    {
        var result = await CommandLine.RunAsync(["kubeconfig", file, "-o", "json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = JsonDocument.Parse(result.OutputBytes);
        return json.RootElement.GetProperty("findings").Clone();
    }

    [Fact]
    public async Task A_token_in_a_file_is_read_and_never_shown()
    {
        using var folder = new TemporaryFolder();
        var token = Token("""{"sub":"system:serviceaccount:ci:robot"}""");
        Private(folder.Write("token", token + "\n"));
        var result = await CommandLine.RunAsync(["kubeconfig", Private(folder.Write("config", Config("tokenFile: token"))), "-o", "json"]);

        Assert.Contains("of ServiceAccount ci/robot: has no expiry", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_is_not_there_is_a_gap()
    {
        using var folder = new TemporaryFolder();
        var result = await CommandLine.RunAsync(["kubeconfig", Private(folder.Write("config", Config("tokenFile: nowhere"))), "--strict"]);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("does not exist", result.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string> Ids => [.. KubeconfigPolicies.BuiltIn.Select(policy => policy.Policy.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_policy_about_kubeconfigs_is_proved_by_its_examples(string id) => Assert.Empty(
        KubeconfigPolicies.Prove(KubeconfigPolicies.BuiltIn.Single(policy => policy.Policy.Id == id)).Where(proof => !proof.Holds).Select(proof => proof.ToString()));

    // The shapes that Kubernetes signs: from Secrets (flat claims, no exp), bound to a pod, for another audience; and an identity provider's.
    [Theory]
    [InlineData("""{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"ci","kubernetes.io/serviceaccount/secret.name":"robot-token","kubernetes.io/serviceaccount/service-account.name":"robot","sub":"system:serviceaccount:ci:robot"}""", "kubeconfig-token-never-expires", "of ServiceAccount ci/robot: has no expiry")]
    [InlineData("""{"aud":["https://kubernetes.default.svc"],"exp":NOW+31536000,"iat":NOW-60,"iss":"https://kubernetes.default.svc","jti":"a","kubernetes.io":{"namespace":"ci","serviceaccount":{"name":"robot","uid":"b"},"warnafter":1},"nbf":NOW-60,"sub":"system:serviceaccount:ci:robot"}""", "kubeconfig-token-long-lived", "for https://kubernetes.default.svc: is valid until 2027-11-21, 365 days in all")]
    [InlineData("""{"aud":"vault","exp":NOW+3600,"iat":NOW,"sub":"system:serviceaccount:ci:robot"}""", null, null)]
    [InlineData("""{"aud":"kubernetes","exp":NOW-3600,"iat":NOW-7200,"sub":"carol@example.com"}""", "kubeconfig-token-expired", "of user carol@example.com, for kubernetes: ended on 2026-11-21")]
    [InlineData("""{"exp":NOW+172800,"sub":"carol"}""", "kubeconfig-token-long-lived", "is valid until 2026-11-23")]
    [InlineData("""{"exp":"soon","sub":"carol"}""", "kubeconfig-token-never-expires", "its expiry cannot be read")]
    [InlineData("""{"exp":1e300,"sub":7}""", "kubeconfig-token-never-expires", "its expiry cannot be read")]
    public async Task A_token_tells_how_long_it_lives(string claims, string? check, string? because)
    {
        using var folder = new TemporaryFolder();
        var known = Regex.Replace(
            claims, @"NOW(?<shift>[+-]\d+)?", match => (Now + (match.Groups["shift"].Success ? long.Parse(match.Groups["shift"].Value) : 0)).ToString(),
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        var file = Private(folder.Write("config", Config($"token: {Token(known)}")));

        var findings = await FindingsAsync(file);
        if (check is null)
            Assert.Equal(0, findings.GetArrayLength());
        else
        {
            var finding = Assert.Single(findings.EnumerateArray());
            Assert.Equal(check, finding.GetProperty("policy").GetString());
            Assert.Contains(because!, finding.GetProperty("because").GetString(), StringComparison.Ordinal);
            Assert.Equal($"{file}#u", finding.GetProperty("subject").GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task No_secret_is_in_any_output_whatever_is_wrong_with_the_file()
    {
        using var folder = new TemporaryFolder();
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Client("carol", rsa: true);
        var token = Token("""{"sub":"system:serviceaccount:ci:robot"}""");
        var config = Private(folder.Write("config", $$$"""
            apiVersion: v1
            kind: Config
            contexts:
            - {name: one, context: {cluster: k, user: static}}
            - {name: two, context: {cluster: other, user: static}}
            - {name: gone, context: {cluster: nowhere, user: nobody}}
            clusters:
            - {name: k, cluster: {server: "http://me:SECRETINURL@8.8.8.8:80/SECRETPATH", insecure-skip-tls-verify: true, proxy-url: "http://me:SECRETPROXY@proxy:3128"}}
            - {name: other, cluster: {server: "https://:SECRETNOHOST"}}
            - {name: query, cluster: {server: "https://k.example.com:6443/?token=SECRETQUERY&x=1", certificate-authority-data: LS0t}}
            - {name: userinfo, cluster: {server: "https://SECRETUSERINFO@k.example.com:6443", certificate-authority-data: LS0t, proxy-url: "socks5://SECRETSOCKS@proxy:1080"}}
            users:
            - {name: static, user: {token: {{{token}}} }}
            - {name: opaque, user: {token: SECRETOPAQUE-31ada4fd}}
            - {name: basic, user: {username: admin, password: SECRETPASSWORD}}
            - {name: certificate, user: {client-certificate-data: {{{Base64(certificate)}}}, client-key-data: {{{Base64(key)}}} }}
            - {name: broken, user: {client-certificate-data: SECRETNOTBASE64!, client-key-data: U0VDUkVU}}
            - {name: provider, user: {auth-provider: {name: oidc, config: {client-secret: SECRETCLIENT, refresh-token: SECRETREFRESH, id-token: {{{token}}} } } } }
            - name: plugin
              user:
                exec: {apiVersion: client.authentication.k8s.io/v1, command: kubelogin, args: [--client-secret=SECRETARG, --token, SECRETNEXT, ghp_SECRETGITHUB, "--header=Authorization: Bearer SECRETHEADER", "--issuer=https://a:SECRETISSUER@i.example.com"], env: [{name: AWS_SECRET_ACCESS_KEY, value: SECRETENV}]}
            """));
        var secrets = new[] { "SECRET", token, token.Split('.')[1], token.Split('.')[2], Base64(key), Base64(key)[..60], key.Split('\n')[1].Trim(), "U0VDUkVU" };

        foreach (var format in ReportFormats.All.Select(format => format.Name))
        {
            var target = Path.Combine(folder.Path, "report." + format);
            var result = await CommandLine.RunAsync(["kubeconfig", config, "-o", $"{format}={target}", "--debug"]);
            Assert.True(result.ExitCode == 0, result.Error);
            var text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(target)) + result.Error + result.Output;
            // The name of a variable is no secret.
            text = text.Replace("AWS_SECRET_ACCESS_KEY", "", StringComparison.Ordinal);
            Assert.Empty(secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)).Select(secret => $"{format}: {secret}"));
        }

        var json = await CommandLine.RunAsync(["kubeconfig", config, "-o", "json"]);
        Assert.Empty(new JsonSchema(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "posture.schema.json"))).Violations(json.Output));
        Assert.All(
            new[] { "token-never-expires", "token-opaque", "password", "auth-provider", "exec-secret", "exec-interactive-mode", "secret-in-address", "plain-http", "public-address", "tls-not-verified", "context-broken", "credential-unused", "certificate-long-lived" },
            check => Assert.Contains($"\"kubeconfig-{check}\"", json.Output, StringComparison.Ordinal));
        // What cannot be read is told, without what it says.
        Assert.Contains("client-certificate-data: is not valid base64", json.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users: [{name: u, user: {token: *SECRETALIAS}}]")]
    [InlineData("users: [{name: u, user: {token: 'SECRETOPEN}}]\n")]
    [InlineData("users:\n- name: u\n  user:\n    token: SECRET: TWICE: {\n")]
    [InlineData("\tpassword: SECRETTAB")]
    [InlineData("- SECRETLIST")]
    [InlineData("users: [{name: u, user: SECRETTEXT}]")]
    [InlineData("users: SECRETUSERS")]
    public async Task What_cannot_be_parsed_is_not_quoted(string text)
    {
        using var folder = new TemporaryFolder();
        var result = await CommandLine.RunAsync(["kubeconfig", folder.Write("config", text), "--debug"]);

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain("SECRET", result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_files_those_that_kubectl_would_use_are_looked_at()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".kube/config", Config("password: x"));
        var own = Private(folder.Write("own", Config("token: y")));
        Surroundings At(params (string, string)[] variables) => new(variables.ToDictionary(v => v.Item1, v => v.Item2), folder.Path, TimeProvider.System);

        var usual = await CommandLine.RunAsync(["kubeconfig", "-o", "json"], surroundings: At());
        var named = await CommandLine.RunAsync(["kubeconfig", "-o", "json"], surroundings: At(("KUBECONFIG", $"{own}{Path.PathSeparator}/nowhere/at/all")));
        var none = await CommandLine.RunAsync(["kubeconfig"], surroundings: At(("KUBECONFIG", "/nowhere")));

        Assert.Contains("~/.kube/config#u", usual.Output.Replace("\\\\", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("kubeconfig-token-opaque", named.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("kubeconfig-password\"", named.Output.Split("\"policies\"")[0], StringComparison.Ordinal);
        Assert.Equal((2, "rbac-lens: no kubeconfig found (KUBECONFIG, ~/.kube/config); expected its path\n"), (none.ExitCode, none.Error));
    }

    [UnixFact]
    public async Task Files_that_a_kubeconfig_names_are_looked_at_and_links_followed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("key.pem", "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder.Path, "key.pem"), (UnixFileMode)Convert.ToInt32("644", 8));
        var file = Private(folder.Write("config", Config("client-key: key.pem")));
        var link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(link, file);

        var finding = Assert.Single((await FindingsAsync(link)).EnumerateArray());
        Assert.Equal("the file of client-key can be read by everybody on this machine (mode 0644)", finding.GetProperty("because").GetString());
    }

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("34.120.0.7", true)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("2600:1f18::1", true)]
    public void Public_addresses_are_told_from_others(string address, bool isPublic) =>
        Assert.Equal(isPublic, ClusterChecks.IsPublic(System.Net.IPAddress.Parse(address)));

    [Fact]
    public async Task Findings_can_be_accepted_and_fail_the_command()
    {
        using var folder = new TemporaryFolder();
        var file = Private(folder.Write("config", Config("password: x")));
        var accepted = folder.Write("accepted.yaml", $"suppressions:\n- {{policy: kubeconfig-password, subject: \"KubeconfigUser {file}#u\", reason: r, owner: o, until: 2030-01-01}}\n");

        Assert.Equal(1, (await CommandLine.RunAsync(["kubeconfig", file, "--fail-on", "high"])).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(["kubeconfig", file, "--fail-on", "high", "--suppressions", accepted])).ExitCode);
    }

    static string Private(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
