using System.Text.Json.Nodes;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class ExecPluginTests : IDisposable
{
    const string V1 = ExecPlugin.V1, V1Beta1 = ExecPlugin.V1Beta1;
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixTheory]
    [InlineData(V1)]
    [InlineData(V1Beta1)]
    public async Task A_plugin_prints_a_token(string version)
    {
        Plugin($"""echo '{Printed("t1", version)}'""");

        Assert.Equal("Bearer t1", (await CurrentAsync($"apiVersion: {version}", "interactiveMode: Never")).Authorization);
    }

    [UnixFact]
    public async Task A_plugin_is_found_in_PATH_and_nowhere_else()
    {
        Plugin($"echo '{Printed("t1")}'");
        var found = Fields("command: get-token", $"apiVersion: {V1}", "interactiveMode: Never");

        Assert.Equal("Bearer t1", (await CurrentAsync(found, ("PATH", $"relative:{folder.Path}/bin"))).Authorization);
        var e = await Assert.ThrowsAsync<InputException>(() => CurrentAsync(found, ("PATH", "bin:.")));
        Assert.Equal($"{Kubeconfig}: user \"u\": exec: get-token is not installed", e.Message);
    }

    [UnixFact]
    public async Task A_plugin_that_is_not_installed_comes_with_its_hint()
    {
        var e = await Assert.ThrowsAsync<InputException>(() => CurrentAsync(
            Fields("command: get-token", $"apiVersion: {V1}", "interactiveMode: Never", "installHint: \"run\\n  install-it\""), []));

        Assert.Equal($"{Kubeconfig}: user \"u\": exec: get-token is not installed: run install-it", e.Message);
    }

    [UnixFact]
    public async Task A_plugin_gets_its_arguments_its_variables_and_the_cluster()
    {
        Plugin($$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > "$0.info"
            printf '%s|' "$1" "$2" "$EXTRA" "$INHERITED" > "$0.seen"
            echo '{{Printed("t1")}}'
            """);

        await CurrentAsync(
            Fields("command: ./bin/get-token", $"apiVersion: {V1}", "interactiveMode: Never", "args: [a b, '$HOME']",
                "env: [{name: EXTRA, value: more}]", "provideClusterInfo: true"),
            ("INHERITED", "yes"));

        Assert.Equal("a b|$HOME|more|yes|", File.ReadAllText(Path.Combine(folder.Path, "bin/get-token.seen")));
        var info = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "bin/get-token.info")));
        var expected = JsonNode.Parse("""
            {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false,"cluster":{
              "server":"https://host","tls-server-name":"name","insecure-skip-tls-verify":true,
              "config":{"audience":"a","count":3,"deep":[true,null,"1"]}}}}
            """);
        Assert.True(JsonNode.DeepEquals(expected, info), info?.ToJsonString());
    }

    [UnixFact]
    public async Task A_plugin_is_told_nothing_of_the_cluster_unless_it_asks()
    {
        Plugin($$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > "$0.info"
            echo '{{Printed("t1")}}'
            """);

        await CurrentAsync($"apiVersion: {V1}", "interactiveMode: Never");

        Assert.DoesNotContain("https://host", File.ReadAllText(Path.Combine(folder.Path, "bin/get-token.info")), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_plugin_prints_a_client_certificate()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Client("auditor", rsa: false);
        var status = new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key };
        folder.Write("out.json", new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = V1, ["status"] = status }.ToJsonString());
        Plugin($"cat '{folder.Path}/out.json'");

        var credential = await CurrentAsync($"apiVersion: {V1}", "interactiveMode: Never");

        Assert.NotNull(credential.Certificate);
        Assert.Null(credential.Authorization);
    }

    [UnixFact]
    public async Task A_plugin_runs_once_until_its_credential_expires()
    {
        Plugin($"echo run >> $0.runs; echo '{Printed("t1", expires: "2026-11-21T10:00:00Z")}'");
        var clock = new SetClock { Now = DateTimeOffset.Parse("2026-11-21T09:00:00Z") };
        var credentials = Connect(Fields("command: ./bin/get-token", $"apiVersion: {V1}", "interactiveMode: Never"), clock).Credentials;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => credentials.CurrentAsync(CancellationToken.None)));
        Assert.Equal(1, Runs);

        clock.Now = DateTimeOffset.Parse("2026-11-21T10:00:00Z");
        await credentials.CurrentAsync(CancellationToken.None);
        Assert.Equal(2, Runs);
    }

    [UnixFact]
    public async Task A_plugin_runs_again_once_when_its_token_is_not_accepted()
    {
        await using var server = await RecordedApiServer.StartAsync();
        Plugin($"echo run >> $0.runs; if [ -e $0.again ]; then echo '{Printed(RecordedApiServer.Token)}'; else touch $0.again; echo '{Printed("stale")}'; fi");
        string[] user = ["exec:", .. new[] { "command: ./bin/get-token", $"apiVersion: {V1}", "interactiveMode: Never" }.Select(field => "  " + field)];
        var file = server.WriteKubeconfig(Kubeconfig, userFields: user);

        var snapshot = await ClusterSource.CollectAsync(ClusterOptions.Default with { Kubeconfig = file }, Around(), CancellationToken.None);

        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
        Assert.Equal(2, Runs);
    }

    [UnixTheory]
    [InlineData("echo secret; exit 3", "./bin/get-token ended with exit code 3 instead of a credential")]
    [InlineData("echo secret", "./bin/get-token: did not print an ExecCredential object in JSON")]
    [InlineData("echo '[1]'", "./bin/get-token: did not print an ExecCredential object in JSON")]
    [InlineData("echo '{\"kind\":\"Pod\"}'", "./bin/get-token: printed JSON whose kind is not ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'", "./bin/get-token: printed apiVersion client.authentication.k8s.io/v1beta1, the kubeconfig says client.authentication.k8s.io/v1")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "./bin/get-token: printed no status")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "./bin/get-token: printed neither a token nor a client certificate")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientKeyData\":\"secret\"}}'", "./bin/get-token: printed only one of client certificate and key")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"secret\"}}'", "./bin/get-token: printed an expirationTimestamp that is not a time")]
    public async Task A_plugin_that_fails_is_named_and_what_it_printed_is_not(string script, string complaint)
    {
        Plugin(script);

        var e = await Assert.ThrowsAsync<InputException>(() => CurrentAsync($"apiVersion: {V1}", "interactiveMode: Never"));

        Assert.Equal($"{Kubeconfig}: user \"u\": exec: {complaint}".Replace("./bin", $"{folder.Path}/./bin", StringComparison.Ordinal), e.Message);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interactiveMode: Never", "apiVersion: is missing")]
    [InlineData("apiVersion: client.authentication.k8s.io/v1alpha1", "apiVersion: client.authentication.k8s.io/v1alpha1 found, client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1 expected")]
    [InlineData("apiVersion: client.authentication.k8s.io/v1", "interactiveMode: is missing; client.authentication.k8s.io/v1 requires Never, IfAvailable or Always")]
    [InlineData("apiVersion: client.authentication.k8s.io/v1;interactiveMode: Sometimes", "interactiveMode: Never, IfAvailable or Always was expected")]
    [InlineData("apiVersion: client.authentication.k8s.io/v1;interactiveMode: Always", "interactiveMode: is Always, but standard input is not a terminal")]
    public void What_is_wrong_with_the_entry_is_said_before_anything_runs(string fields, string complaint)
    {
        var e = Assert.Throws<InputException>(() => Connect(Fields(["command: x", .. fields.Split(';')])));

        Assert.Equal($"{Kubeconfig}: user \"u\": exec: {complaint}", e.Message);
    }

    [Fact]
    public void A_plugin_may_ask_only_where_somebody_can_answer()
    {
        string[] entry = ["command: x", $"apiVersion: {V1}"];

        Assert.True(Plugin("interactiveMode: IfAvailable", somebody: true));
        Assert.False(Plugin("interactiveMode: IfAvailable", somebody: false));
        Assert.False(Plugin("interactiveMode: Never", somebody: true));

        bool Plugin(string mode, bool somebody)
        {
            var root = KubeconfigFile.Parse("config", $"users: [{{name: u, user: {{exec: {{{string.Join(", ", [.. entry, mode])}}}}}}}]");
            return ExecPlugin.Of(root.Users["u"].Child("exec")!, KubeconfigEntry.Nobody, Around() with { Interactive = somebody }).Interactive;
        }
    }

    string Kubeconfig => Path.Combine(folder.Path, "config");

    int Runs => File.ReadAllLines(Path.Combine(folder.Path, "bin/get-token.runs")).Length;

    static string Printed(string token, string version = V1, string? expires = null)
    {
        var status = new JsonObject { ["token"] = token };
        if (expires is not null)
            status["expirationTimestamp"] = expires;
        return new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = version, ["status"] = status }.ToJsonString();
    }

    static string[] Fields(params string[] fields) => fields;

    void Plugin(string script)
    {
        var path = folder.Write("bin/get-token", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    Task<Credential> CurrentAsync(params string[] exec) => CurrentAsync(["command: ./bin/get-token", .. exec], []);

    Task<Credential> CurrentAsync(string[] exec, params (string Name, string Value)[] variables) =>
        Connect(exec, null, variables).Credentials.CurrentAsync(CancellationToken.None);

    Connection Connect(string[] exec, TimeProvider? clock = null, params (string Name, string Value)[] variables)
    {
        folder.Write("config", $"""
            current-context: x
            contexts: [{"{name: x, context: {cluster: c, user: u}}"}]
            clusters:
            - name: c
              cluster:
                server: https://host
                tls-server-name: name
                insecure-skip-tls-verify: true
                extensions:
                - name: client.authentication.k8s.io/exec
                  extension: {"{audience: a, count: 3, deep: [true, null, '1']}"}
            users:
            - name: u
              user:
                exec:
                  {string.Join("\n      ", exec)}
            """);
        return Connection.Find(ClusterOptions.Default with { Kubeconfig = Kubeconfig }, Around(variables) with { Clock = clock ?? TimeProvider.System });
    }

    Surroundings Around(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        foreach (var (name, value) in variables)
            all[name] = value;
        return new(all, folder.Path, TimeProvider.System);
    }

    sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
