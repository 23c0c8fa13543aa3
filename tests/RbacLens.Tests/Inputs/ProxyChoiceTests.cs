using System.Net;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class ProxyChoiceTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("http", "CONNECT kube.example.com:6443 HTTP/1.1")]
    [InlineData("socks5", "kube.example.com")]
    public async Task A_cluster_is_read_through_its_proxy(string scheme, string tunnel)
    {
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = authority => authority.Server(false, "kube.example.com") });
        using var proxy = new TunnelProxy(server.Url.Port);
        var kubeconfig = server.WriteKubeconfig(
            Path.Combine(folder.Path, "config"),
            cluster: ["server: https://kube.example.com:6443", $"proxy-url: {scheme}://127.0.0.1:{proxy.Port}"]);

        var snapshot = await ClusterSource.CollectAsync(
            ClusterOptions.Default with { Kubeconfig = kubeconfig }, Around(), CancellationToken.None);

        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
        Assert.Equal([tunnel], proxy.Tunnels.Distinct());
    }

    [Fact]
    public async Task A_cluster_is_read_through_the_proxy_of_the_environment()
    {
        await using var server = await RecordedApiServer.StartAsync(new() { Certificate = authority => authority.Server(false, "kube.example.com") });
        using var proxy = new TunnelProxy(server.Url.Port);
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"), cluster: ["server: https://kube.example.com:6443"]);

        await ClusterSource.CollectAsync(
            ClusterOptions.Default with { Kubeconfig = kubeconfig }, Around(("https_proxy", $"127.0.0.1:{proxy.Port}")), CancellationToken.None);

        Assert.NotEmpty(proxy.Tunnels);
    }

    [Theory]
    [InlineData("http://no-such-proxy.invalid:3128", "no-such-proxy.invalid")] // an unknown name, or no network to ask
    [InlineData("http://127.0.0.1:1", "its proxy 127.0.0.1:1: connection refused")]
    public async Task A_proxy_that_cannot_be_reached_is_named_and_not_the_server(string proxy, string why)
    {
        await using var server = await RecordedApiServer.StartAsync();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "broken"), cluster: ["server: https://kube.example.com:6443", $"proxy-url: {proxy}"]);

        var e = await Assert.ThrowsAsync<InputException>(() => ClusterSource.CollectAsync(
            ClusterOptions.Default with { Kubeconfig = kubeconfig }, Around(), CancellationToken.None));
        Assert.Contains(why, e.Message.Split("cannot be reached: ")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://host:6443", "HTTPS_PROXY=http://p:3128", "http://p:3128/")]
    [InlineData("https://host:6443", "https_proxy=p:3128", "http://p:3128/")]
    [InlineData("https://host:6443", "HTTPS_PROXY=socks5h://p", "socks5://p:1080/")]
    [InlineData("https://host:6443", "HTTP_PROXY=http://p:3128", null)]
    [InlineData("http://host:8080", "HTTP_PROXY=http://p:3128", "http://p:3128/")]
    [InlineData("https://127.0.0.1:6443", "HTTPS_PROXY=http://p:3128", null)]
    [InlineData("https://localhost:6443", "HTTPS_PROXY=http://p:3128", null)]
    public void The_environment_names_the_proxy_as_it_does_for_kubectl(string server, string variable, string? proxy)
    {
        var parts = variable.Split('=');
        var chosen = ProxyChoice.For(new(server), KubeconfigEntry.Nobody, Around((parts[0], parts[1]))) as WebProxy;

        Assert.Equal(proxy, chosen?.Address?.AbsoluteUri);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("example.com", true)]
    [InlineData(".example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("KUBE.example.com", true)]
    [InlineData("kube.example.com:6443", true)]
    [InlineData("kube.example.com:443", false)]
    [InlineData("ample.com", false)]
    [InlineData("other.org, example.com", true)]
    [InlineData("10.0.0.0/8", false)]
    public void NO_PROXY_names_domains(string entries, bool exempt) =>
        Assert.Equal(exempt, ProxyChoice.IsExempt(new("https://kube.example.com:6443"), entries));

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.2.3:6443", true)]
    [InlineData("10.1.2.3:443", false)]
    [InlineData("10.1.2", false)]
    [InlineData("192.168.0.0/16", false)]
    public void NO_PROXY_names_addresses_and_ranges(string entries, bool exempt) =>
        Assert.Equal(exempt, ProxyChoice.IsExempt(new("https://10.1.2.3:6443"), entries));

    [Fact]
    public void A_leading_dot_takes_in_only_what_is_below() =>
        Assert.False(ProxyChoice.IsExempt(new("https://example.com"), ".example.com"));

    Surroundings Around(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), folder.Path, TimeProvider.System);
}
