using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class KubeconfigTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_flag_means_that_file_alone()
    {
        var flagged = folder.Write("flagged", Config("from-flag"));
        folder.Write(".kube/config", Config("from-home"));

        Assert.Equal("from-flag", Load(flagged, ("KUBECONFIG", folder.Write("listed", Config("from-list")))).CurrentContext);
    }

    [Fact]
    public void The_flag_must_name_a_file_that_exists()
    {
        var missing = Path.Combine(folder.Path, "missing");

        Assert.Equal($"{missing}: does not exist; a kubeconfig file was expected", Complaint(() => Load(missing)));
    }

    [Fact]
    public void The_variable_lists_files_and_skips_what_is_not_there()
    {
        var second = folder.Write("second", Config("from-second"));
        folder.Write(".kube/config", Config("from-home"));
        var list = string.Join(Path.PathSeparator, "", Path.Combine(folder.Path, "missing"), second);

        Assert.Equal("from-second", Load(null, ("KUBECONFIG", list)).CurrentContext);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]    // set but empty is as good as not set
    public void Without_either_it_is_the_file_in_the_home_directory(string? variable)
    {
        folder.Write(".kube/config", Config("from-home"));

        Assert.Equal("from-home", Load(null, ("KUBECONFIG", variable ?? "")).CurrentContext);
    }

    [Fact]
    public void The_first_file_to_name_an_entry_wins_with_all_of_it()
    {
        var first = folder.Write("first", """
            clusters:
            - { name: c, cluster: { server: "https://first" } }
            contexts:
            - { name: x, context: { cluster: c } }
            """);
        var second = folder.Write("second", """
            current-context: x
            clusters:
            - { name: c, cluster: { server: "https://second", proxy-url: "http://proxy:1" } }
            - { name: d, cluster: { server: "https://only-second" } }
            contexts:
            - { name: x, context: { cluster: d } }
            - { name: y, context: { cluster: d } }
            """);
        var third = folder.Write("third", "current-context: y\n");

        var merged = Load(null, ("KUBECONFIG", string.Join(Path.PathSeparator, first, second, third)));

        Assert.Equal("x", merged.CurrentContext);
        Assert.Equal("https://first", merged.Choose(null).Cluster.Text("server"));
        Assert.Null(merged.Choose(null).Cluster.Text("proxy-url"));
        Assert.Equal("https://only-second", merged.Choose("y").Cluster.Text("server"));
    }

    [Fact]
    public void Json_is_read_as_well_as_yaml()
    {
        var file = folder.Write("config", """
            {"kind":"Config","apiVersion":"v1","current-context":"x",
             "contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],
             "clusters":[{"name":"c","cluster":{"server":"https://host:6443"}}],
             "users":[{"name":"u","user":{"token":"t"}}]}
            """);

        Assert.Equal("https://host:6443", Connect(file).Name);
    }

    [Theory]
    [InlineData("a: b\nclusters: ]", ":2: is not valid YAML")]
    [InlineData("- a list", ": a mapping was expected: this is not a kubeconfig")]
    [InlineData("kind: Pod", ": kind: Pod found, Config expected: this is not a kubeconfig")]
    [InlineData("apiVersion: v2", ": apiVersion: v2 found, v1 expected: this is not a kubeconfig")]
    [InlineData("clusters: {}", ": clusters: a list was expected")]
    [InlineData("users: [{name: u, user: {}}, {name: u, user: {}}]", ": users, line 1: name: user \"u\" is there twice")]
    [InlineData("users: [{name: u}]", ": users, line 1: user: is missing")]
    [InlineData("users: [{user: {}}]", ": users, line 1: name: is missing")]
    [InlineData("", ": no current-context; name one with --context")]
    [InlineData("contexts: [{name: b, context: {}}, {name: a, context: {}}]", ": no current-context; name one with --context (known: a, b)")]
    [InlineData("{current-context: x, contexts: [{name: y, context: {}}]}", ": there is no context \"x\" (known: y)")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {}}]}", ": context \"x\": cluster: is missing")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", ": context \"x\": cluster: there is no cluster \"c\"")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: h}}]}", ": context \"x\": user: there is no user \"u\"")]
    public void What_is_wrong_with_a_file_is_said_in_one_line_that_names_the_place(string text, string complaint)
    {
        var file = folder.Write("config", text);

        var message = Complaint(() => Connect(file));

        Assert.StartsWith(file + complaint, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("", "cluster \"c\": server: is missing")]
    [InlineData("server: 'ftp://host'", "cluster \"c\": server: ftp://host is not an address such as https://host:6443")]
    [InlineData("server: [a]", "cluster \"c\": server: a text was expected")]
    [InlineData("server: 'https://h', certificate-authority-data: '%%'", "cluster \"c\": certificate-authority-data: is not valid base64")]
    [InlineData("server: 'https://h', certificate-authority-data: aGVsbG8=", "cluster \"c\": certificate-authority: holds no PEM certificate")]
    [InlineData("server: 'https://h', insecure-skip-tls-verify: maybe", "cluster \"c\": insecure-skip-tls-verify: true or false was expected")]
    [InlineData("server: 'https://h', insecure-skip-tls-verify: true, certificate-authority-data: aGVsbG8=", "cluster \"c\": insecure-skip-tls-verify: is true, yet there is a certificate-authority: only one of them can be meant")]
    [InlineData("server: 'https://h', proxy-url: 'ftp://secret:word@p'", "cluster \"c\": proxy-url: is no address of a proxy, expected http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")]
    public void What_is_wrong_with_a_cluster_is_said_in_one_line(string cluster, string complaint)
    {
        var file = folder.Write("config", Config("x", cluster));

        Assert.Equal($"{file}: {complaint}", Complaint(() => Connect(file)));
    }

    [Fact]
    public void A_missing_file_of_an_entry_is_named_from_the_directory_of_the_kubeconfig()
    {
        var file = folder.Write("deep/config", Config("x", "server: 'https://h', certificate-authority: pki/ca.crt"));

        var missing = Path.Combine(folder.Path, "deep", "pki/ca.crt");
        Assert.Equal($"{file}: cluster \"c\": certificate-authority: {missing} does not exist", Complaint(() => Connect(file)));
    }

    [Fact]
    public void Data_beats_the_file()
    {
        using var authority = new TestAuthority();
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.Pem));
        var file = folder.Write("config", Config("x", $"server: 'https://h', certificate-authority: missing, certificate-authority-data: {data}"));

        Assert.Equal(authority.Certificate.Thumbprint, Connect(file).Trust.Authorities!.Single().Thumbprint);
    }

    [Theory]
    [InlineData("host:6443", "http://host:6443")]
    [InlineData("host:6443', insecure-skip-tls-verify: 'true", "https://host:6443")]
    [InlineData("https://user:word@host/k8s/c-1/", "https://host/k8s/c-1")]
    [InlineData("https://[::1]:6443", "https://[::1]:6443")]
    public void An_address_is_completed_and_freed_of_secrets(string server, string name)
    {
        var file = folder.Write("config", Config("x", $"server: '{server}'"));

        Assert.Equal(name, Connect(file).Name);
    }

    [Fact]
    public async Task A_token_never_travels_in_clear()
    {
        var file = folder.Write("config", Config("x", "server: 'http://host'", "token: t"));

        Assert.Null((await Connect(file).Credentials.CurrentAsync(CancellationToken.None)).Authorization);
    }

    [Theory]
    [InlineData("as: alice, as-groups: [dev]", null, "", "Impersonate-User=alice Impersonate-Group=dev")]
    [InlineData("as: alice, as-groups: [dev]", "bob", "", "Impersonate-User=bob Impersonate-Group=dev")]
    [InlineData("as: alice, as-groups: [dev]", "bob", "ops,sre", "Impersonate-User=bob Impersonate-Group=ops|sre")]
    [InlineData("", "bob", "", "Impersonate-User=bob")]
    [InlineData("", null, "", "")]
    public void The_flags_replace_whom_the_kubeconfig_impersonates_field_by_field(string user, string? name, string groups, string headers)
    {
        var file = folder.Write("config", Config("x", "server: 'https://h'", user));
        var options = ClusterOptions.Default with
        {
            Kubeconfig = file,
            As = name,
            AsGroups = groups.Split(',', StringSplitOptions.RemoveEmptyEntries),
        };

        var found = Connection.Find(options, Around()).As.Headers.Select(header => $"{header.Name}={string.Join('|', header.Values)}");

        Assert.Equal(headers, string.Join(' ', found));
    }

    [Theory]
    [InlineData("as-groups: [dev]", "groups, a uid or extra fields are impersonated only together with a user: name one with --as")]
    [InlineData("as: \"a\\nX-Admin: 1\"", "Impersonate-User: a value holds a control character, which no user or group name can")]
    [InlineData("as: a, as-groups: [\"dev\\x1fImpersonate-Group: admins\"]", "Impersonate-Group: a value holds a control character, which no user or group name can")]
    public void Impersonation_that_makes_no_sense_is_an_error(string user, string complaint)
    {
        var file = folder.Write("config", Config("x", "server: 'https://h'", user));

        Assert.Equal(complaint, Complaint(() => Connect(file)));
    }

    [Fact]
    public async Task Without_a_kubeconfig_it_is_the_account_of_the_pod()
    {
        using var authority = new TestAuthority();
        folder.Write("account/ca.crt", authority.Pem);
        folder.Write("account/token", "first\n");

        var connection = Connection.Find(ClusterOptions.Default, InPod("fd00::1"));

        Assert.Equal(("in-cluster", "https://[fd00::1]:443"), (connection.Context, connection.Name.Replace("]", "]:443", StringComparison.Ordinal)));
        Assert.Equal("Bearer first", (await connection.Credentials.CurrentAsync(CancellationToken.None)).Authorization);
        folder.Write("account/token", "rotated\n");
        Assert.Equal("Bearer rotated", (await connection.Credentials.CurrentAsync(CancellationToken.None)).Authorization);
    }

    [Fact]
    public void A_kubeconfig_beats_the_account_of_the_pod()
    {
        folder.Write("account/token", "t");
        folder.Write(".kube/config", Config("from-home"));

        Assert.Equal("from-home", Connection.Find(ClusterOptions.Default, InPod("10.0.0.1")).Context);
    }

    [Fact]
    public void Neither_kubeconfig_nor_pod_is_an_error_that_says_what_to_do() => Assert.Equal(
        "no kubeconfig found (--kubeconfig, KUBECONFIG, ~/.kube/config), and this does not run in a pod; --from reads a dump instead",
        Complaint(() => Connection.Find(ClusterOptions.Default, Around())));

    static string Config(string context, string cluster = "server: 'https://host'", string user = "") => $$"""
        current-context: {{context}}
        contexts: [{ name: {{context}}, context: { cluster: c, user: u } }]
        clusters: [{ name: c, cluster: { {{cluster}} } }]
        users: [{ name: u, user: { {{user}} } }]
        """;

    static string Complaint(Func<object> act) => Assert.Throws<InputException>(act).Message;

    Connection Connect(string file) => Connection.Find(ClusterOptions.Default with { Kubeconfig = file }, Around());

    Kubeconfig Load(string? flag, params (string Name, string Value)[] variables) => Kubeconfig.Load(flag, Around(variables));

    Surroundings Around(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), folder.Path, TimeProvider.System);

    Surroundings InPod(string host) => Around(("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", "443")) with
    {
        ServiceAccountRoot = Path.Combine(folder.Path, "account"),
    };
}
