using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests.Inputs;

public sealed class ApiClientTests : IDisposable
{
    const string Roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    readonly TemporaryFolder folder = new();
    readonly ImpatientClock clock = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(429, "3600", 30)]    // longer than anybody wants to wait
    [InlineData(503, "1", 1)]
    public async Task A_busy_server_is_given_the_time_it_asks_for(int status, string retryAfter, int seconds)
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/clusterroles", Faults.Busy(status, retryAfter));

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server));

        Assert.Equal([TimeSpan.FromSeconds(seconds)], clock.Waits);
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/clusterroles", Faults.Busy(503, DateTimeOffset.UtcNow.AddSeconds(20).ToString("R")));

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server));

        Assert.InRange(Assert.Single(clock.Waits), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_asked_five_times()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/clusterroles", Faults.Busy(429, null));

        Assert.IsType<ApiAnswer<string>.Busy>(await ReadAsync(server));

        Assert.Equal(5, server.Requests.Count);
        Assert.Equal([0.5, 1, 2, 4], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task An_answer_cut_off_in_the_middle_is_read_again_from_its_start()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/clusterroles", Faults.CutOff, Faults.CutOff);

        var answer = Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server));

        Assert.Equal(Encoding.UTF8.GetString(Recordings.Find(Roles, "", "application/json")!.Body), answer.Content);
    }

    [Fact]
    public async Task An_answer_that_is_always_cut_off_is_lost_after_three_tries()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/clusterroles", Faults.CutOff);

        var lost = Assert.IsType<ApiAnswer<string>.Lost>(await ReadAsync(server));

        Assert.Equal("the connection was cut in the middle of the answer", lost.Why);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_lost()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/clusterroles", Faults.Slow(TimeSpan.FromMinutes(5)));
        using var client = Client(server, limits: new() { RequestTimeout = TimeSpan.FromMilliseconds(200), LostTries = 2 }, time: TimeProvider.System);

        var lost = Assert.IsType<ApiAnswer<string>.Lost>(await ReadAsync(client));

        Assert.Equal("no whole answer within 0.2 s", lost.Why);
    }

    [Fact]
    public async Task An_internal_error_is_worth_another_try()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/clusterroles", Faults.Status(500, "InternalError", "etcdserver: leader changed"));

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server));
    }

    [Fact]
    public async Task Credentials_that_are_not_accepted_end_everything_in_one_line()
    {
        await using var server = await RecordedApiServer.StartAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server, userFields: ["token: wrong-token"]));

        Assert.Equal($"{Address(server)}: not authenticated: the server does not accept the credentials of context \"recorded\" (401)", e.Message);
    }

    [Fact]
    public async Task A_token_file_is_read_again_when_its_token_has_been_replaced()
    {
        await using var server = await RecordedApiServer.StartAsync();
        var file = folder.Write("token", "stale\n");
        using var client = Client(server, userFields: [$"tokenFile: {file}", "token: older-still"]);
        server.Fail("/clusterroles", async (context, recording) =>
        {
            folder.Write("token", RecordedApiServer.Token + "\n");
            await Faults.Unauthorized(context, recording);
        });

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(client));

        Assert.Equal(["Bearer stale", "Bearer " + RecordedApiServer.Token], server.Requests.Select(request => request.Headers["Authorization"].Single()));
    }

    [Fact]
    public async Task A_user_name_and_password_are_sent_as_basic_authentication()
    {
        await using var server = await RecordedApiServer.StartAsync();

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server, userFields: ["username: auditor", "password: swordfish"]));
    }

    [Fact]
    public async Task A_login_page_is_named_for_what_it_is()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("", Faults.LoginPage);

        var e = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server));

        Assert.Equal(
            $"{Address(server)}: answers with text/html, not with JSON: is it a Kubernetes API server, or a login page in front of one?", e.Message);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("", Faults.Redirect);

        var e = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server));

        Assert.StartsWith($"{Address(server)}: redirects elsewhere (302)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_one_line()
    {
        var server = await RecordedApiServer.StartAsync();
        using var client = Client(server);
        await server.DisposeAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => ReadAsync(client));

        Assert.Equal($"{Address(server)}: cannot be reached: connection refused", e.Message);
    }

    [Fact]
    public async Task Impersonated_groups_travel_one_per_header()
    {
        await using var server = await RecordedApiServer.StartAsync();
        string[] user =
        [
            $"token: {RecordedApiServer.Token}", "as: alice", "as-uid: '7'", "as-groups: [dev, 'ops, night', équipe]",
            "as-user-extra: { 'example.com/scopes%': [view, edit], plain: [x] }",
        ];

        Assert.IsType<ApiAnswer<string>.Whole>(await ReadAsync(server, userFields: user));

        var request = server.Requests.Single();
        Assert.Equal("HTTP/1.1", request.Protocol);
        Assert.Equal(["alice"], request.Headers["Impersonate-User"]);
        Assert.Equal(["dev", "ops, night", "équipe"], request.Headers["Impersonate-Group"]);
        Assert.Equal(["7"], request.Headers["Impersonate-Uid"]);
        Assert.Equal(["view", "edit"], request.Headers["Impersonate-Extra-example.com%2Fscopes%25"]);
        Assert.Equal(["x"], request.Headers["Impersonate-Extra-plain"]);
    }

    [Fact]
    public async Task Answers_travel_compressed_unless_the_kubeconfig_says_otherwise()
    {
        await using var server = await RecordedApiServer.StartAsync();

        await ReadAsync(server);
        await ReadAsync(server, cluster: ["disable-compression: true"]);

        Assert.Equal([true, false], server.Requests.Select(request => request.Headers.ContainsKey("Accept-Encoding")));
    }

    [Fact]
    public async Task A_path_in_the_address_is_kept_before_every_path()
    {
        await using var server = await RecordedApiServer.StartAsync();

        await ReadAsync(server, cluster: [$"server: {Address(server)}/k8s/clusters/c-1/"]);

        Assert.Equal("/k8s/clusters/c-1" + Roles, server.Requests.Single().Path);
    }

    static string Address(RecordedApiServer server) => server.Url.AbsoluteUri.TrimEnd('/');

    async Task<ApiAnswer<string>> ReadAsync(
        RecordedApiServer server, IEnumerable<string>? cluster = null, IEnumerable<string>? userFields = null)
    {
        using var client = Client(server, cluster, userFields);
        return await ReadAsync(client);
    }

    static Task<ApiAnswer<string>> ReadAsync(ApiClient client) => client.ReadAsync(
        Roles, "application/json", (body, stop) => new StreamReader(body).ReadToEndAsync(stop), CancellationToken.None);

    ApiClient Client(
        RecordedApiServer server, IEnumerable<string>? cluster = null, IEnumerable<string>? userFields = null, ApiLimits? limits = null,
        TimeProvider? time = null)
    {
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"), TestUser.Token, cluster, userFields);
        var surroundings = new Surroundings(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path, clock);
        var connection = Connection.Find(ClusterOptions.Default with { Kubeconfig = kubeconfig }, surroundings);
        return new(connection, limits ?? ApiLimits.Default, time ?? clock);
    }
}
