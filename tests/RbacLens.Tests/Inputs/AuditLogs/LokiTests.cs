using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Inputs.Loki;

namespace RbacLens.Tests.Inputs.AuditLogs;

public sealed class LokiTests
{
    static readonly DateTimeOffset From = new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Until = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    static void Fill(LokiServer server, Func<long, int, long>? time = null)
    {
        foreach (var (i, line) in AuditReading.SeedLines.Index())
        {
            using var json = JsonDocument.Parse(line);
            var stamp = DateTimeOffset.Parse(json.RootElement.GetProperty("stageTimestamp").GetString()!, CultureInfo.InvariantCulture);
            var nanoseconds = (stamp.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
            server.Entries.Add(($"apiserver-{i % 3}", time?.Invoke(nanoseconds, i) ?? nanoseconds, line));
        }
    }

    static async Task<(AuditLog Log, LokiClient Client)> ReadAsync(LokiServer server, int limit = 500, ImpatientClock? clock = null)
    {
        var client = new LokiClient(new(server.Url, "{job=\"audit\"}") { Limit = limit }, clock ?? new());
        var detector = await AuditReading.DetectorAsync();
        var reader = new AuditLogReader(TimeWindow.Always, detector.InterestIn, progress: null);
        return (await reader.ReadAsync([], client.ReadAsync(From, Until, default), default), client);
    }

    [Fact]
    public async Task All_pages_are_read_and_what_stands_on_two_counts_once()
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        var detector = await AuditReading.DetectorAsync();
        var (log, client) = await ReadAsync(server, limit: 100);
        using var _ = client;

        Assert.Equal(2396, log.Requests);
        Assert.True(server.Asked.Count > 20);
        var plain = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines), detector);
        Assert.Equal(AuditReading.Lines(detector.Detect(plain)), AuditReading.Lines(detector.Detect(log)));
    }

    [Fact]
    public async Task Entries_that_arrive_late_and_out_of_order_are_read()
    {
        await using var server = await LokiServer.StartAsync();
        // Up to a minute late, each by another delay, so that the order of entries is not that of requests.
        Fill(server, (time, i) => time + (i * 7919L % 60_000_000_000L));
        server.Entries.Reverse();
        var (log, client) = await ReadAsync(server, limit: 77);
        using var _ = client;

        Assert.Equal(2396, log.Requests);
    }

    [Fact]
    public async Task Many_entries_of_one_time_are_read_with_a_larger_page()
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server, (time, _) => time / 60_000_000_000L * 60_000_000_000L);
        var (log, client) = await ReadAsync(server, limit: 50);
        using var _ = client;

        Assert.Equal((2396, false), (log.Requests, client.HasLostSome));
    }

    // Lines without an id tell nothing apart, so that only the pages themselves can be held against each other.
    [Fact]
    public async Task Entries_that_stand_on_two_pages_are_read_once_even_without_an_id()
    {
        await using var server = await LokiServer.StartAsync();
        for (var i = 0; i < 40; i++)
            server.Entries.Add(($"s{i % 3}", (From.ToUnixTimeMilliseconds() * 1_000_000) + (i / 4), $"broken {i}"));
        foreach (var limit in new[] { 5, 7, 5000 })
        {
            var (log, client) = await ReadAsync(server, limit);
            using var _ = client;
            Assert.Equal((40, 40, false), (log.Notes.Entries, log.Notes.Broken, client.HasLostSome));
        }
    }

    [Fact]
    public async Task More_entries_of_one_time_than_can_be_had_are_a_gap()
    {
        await using var server = await LokiServer.StartAsync(mostEntries: 20);
        Fill(server, (time, _) => time / 60_000_000_000L * 60_000_000_000L);
        var result = await CommandLine.RunAsync(["audit", "--loki", server.Url.ToString(), "--query", "{job=\"audit\"}", "--since", "2026-11-21T01:00:00Z", "--until", "2026-11-21T02:00:00Z", "--strict"]);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("more entries than Loki gives at once have the very same time", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_allows_fewer_entries_or_less_time_gets_asked_for_less()
    {
        await using var server = await LokiServer.StartAsync(mostEntries: 300, longestQuery: TimeSpan.FromMinutes(20));
        Fill(server);
        var (log, client) = await ReadAsync(server, limit: 5000);
        using var _ = client;

        Assert.Equal(2396, log.Requests);
        Assert.Contains(server.Asked, asked => asked.Limit == 300);
        Assert.True(server.Asked.Count < 60);
    }

    [Fact]
    public async Task Too_many_requests_and_errors_are_waited_out()
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        server.Before.Enqueue((429, "too many outstanding requests", "7"));
        server.Before.Enqueue((503, "no", null));
        server.Before.Enqueue((500, "no", null));
        var clock = new ImpatientClock();
        var (log, client) = await ReadAsync(server, clock: clock);
        using var _ = client;

        Assert.Equal(2396, log.Requests);
        Assert.Contains(TimeSpan.FromSeconds(7), clock.Waits);
    }

    [Theory]
    [InlineData(429, "too many outstanding requests", "429 too many outstanding requests, 6 times in a row")]
    [InlineData(503, "no healthy upstream", "503 no healthy upstream, 6 times in a row")]
    [InlineData(401, "no org id", "not logged in (401)")]
    [InlineData(404, "page not found", "there is no Loki at this address (404), expected the URL before /loki/api")]
    [InlineData(403, "not yours", "access denied (403): not yours")]
    [InlineData(302, "", "redirects elsewhere (302)")]
    [InlineData(400, "parse error at line 1, col 5: syntax error", "400 parse error at line 1")]
    [InlineData(200, "<html>", "the answer is not JSON")]
    [InlineData(200, "]]] not json at all", "the answer is not JSON")]
    [InlineData(200, "", "the answer is not JSON")]
    [InlineData(200, "[]", "the answer holds no log lines")]
    [InlineData(200, """{"status":"success","data":{"resultType":"streams","result":[{"val""", "cannot be read: the answer breaks off, or is broken in the middle, 6 times in a row")]
    [InlineData(200, """{"status":"success","data":{"resultType":"matrix","result":[]}}""", "the answer holds no log lines")]
    public async Task What_cannot_be_read_is_told(int status, string body, string expected)
    {
        await using var server = await LokiServer.StartAsync();
        for (var i = 0; i < 10; i++)
            server.Before.Enqueue((status, body, null));

        var mistake = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> PassingFaults => ["stalled", "silent", "cut off", "truncated", "busy until a date"];

    static Fault FaultOf(string name, ImpatientClock clock) => name switch
    {
        "silent" => (context, _) => Stall(context, default, clock),
        "stalled" => (context, recording) => Stall(context, recording.Body.AsMemory(0, recording.Body.Length / 2), clock),
        "cut off" => Faults.CutOff,
        "truncated" => Faults.Truncated,
        _ => Faults.Busy(429, DateTimeOffset.UtcNow.AddSeconds(20).ToString("R", CultureInfo.InvariantCulture)),
    };

    // The answer goes no further until the client has waited long enough.
    static async Task Stall(HttpContext context, ReadOnlyMemory<byte> begun, ImpatientClock clock)
    {
        if (!begun.IsEmpty)
        {
            await context.Response.Body.WriteAsync(begun);
            await context.Response.Body.FlushAsync();
        }

        clock.PassDeadline();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task What_passes_costs_nothing_of_the_log(string fault)
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        var clock = new ImpatientClock();
        server.Failing.Enqueue(FaultOf(fault, clock));
        var (log, client) = await ReadAsync(server, clock: clock);
        using var _ = client;

        Assert.Equal((2396, false), (log.Requests, client.HasLostSome));
    }

    [Theory]
    [InlineData("stalled", "gave no whole answer within 5 minutes, 2 times in a row")]
    [InlineData("silent", "gave no whole answer within 5 minutes, 2 times in a row")]
    [InlineData("cut off", "cannot be read: ")]
    [InlineData("truncated", "cannot be read: the answer breaks off, or is broken in the middle, 6 times in a row")]
    public async Task What_does_not_pass_ends_in_one_line(string fault, string expected)
    {
        var clock = new ImpatientClock();
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        for (var i = 0; i < 10; i++)
            server.Failing.Enqueue(FaultOf(fault, clock));

        var mistake = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server, clock: clock));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith(" times in a row", mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_for_a_day_is_not_waited_for()
    {
        await using var server = await LokiServer.StartAsync();
        server.Before.Enqueue((429, "quota exceeded", "86400"));

        var mistake = await Assert.ThrowsAsync<InputException>(() => ReadAsync(server));
        Assert.EndsWith("429 quota exceeded, and asks to wait for 1440 minutes", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LOKI_BEARER_TOKEN", "s3cret", "Bearer s3cret")]
    [InlineData("LOKI_BEARER_TOKEN_FILE", "s3cret", "Bearer s3cret")]
    [InlineData("LOKI_USERNAME", "me", "Basic bWU6c3czM3Q=")]
    [InlineData("LOKI_NOTHING", "", null)]
    public async Task Who_asks_is_said_as_the_variables_have_it(string variable, string value, string? expected)
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        using var folder = new TemporaryFolder();
        var variables = new Dictionary<string, string>
        {
            [variable] = variable.EndsWith("_FILE", StringComparison.Ordinal) ? folder.Write("token", value + "\n") : value,
            ["LOKI_PASSWORD"] = "sw33t",
            ["LOKI_ORG_ID"] = "team-b",
            ["SOURCE_DATE_EPOCH"] = $"{CommandLine.Now.ToUnixTimeSeconds()}",
        };
        var result = await CommandLine.RunAsync([.. Asking(server)], surroundings: new(variables, "/nowhere", TimeProvider.System));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.All(server.Asked, asked => Assert.Equal(("team-b", expected), (asked.Tenant, asked.Authorization)));
        Assert.DoesNotContain(value.Length == 0 ? "sw33t" : "s3cret", result.Output + result.Error, StringComparison.Ordinal);
    }

    static string[] Asking(LokiServer server) =>
        ["audit", "--loki", server.Url.ToString(), "--query", "{job=\"audit\"}", "--since", "2026-11-21T01:00:00Z", "--until", "2026-11-21T02:00:00Z"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_query_that_gives_nothing_is_no_good_news(bool onlyDetections)
    {
        await using var server = await LokiServer.StartAsync();
        var result = await CommandLine.RunAsync([.. Asking(server), .. onlyDetections ? ["--only-detections"] : Array.Empty<string>()]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("the query {job=\"audit\"} gives no line from 2026-11-21T01:00:00Z to 2026-11-21T02:15:00Z", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_no_detection_looks_for_are_good_news()
    {
        await using var server = await LokiServer.StartAsync();
        server.Entries.Add(("s", From.ToUnixTimeMilliseconds() * 1_000_000, AuditReading.SeedLines.First(line => line.Contains("\"leases\"", StringComparison.Ordinal))));
        var result = await CommandLine.RunAsync([.. Asking(server), "--only-detections"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("The log holds no request of a kind that the detection rules look for.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_sends_tenant_and_password_and_asks_for_what_detections_need()
    {
        await using var server = await LokiServer.StartAsync();
        Fill(server);
        var result = await CommandLine.RunAsync(
            ["audit", "--loki", server.Url.ToString(), "--query", "{job=\"audit\"}", "--loki-tenant", "team-a", "--loki-user", "me", "--since", "2026-11-21T01:00:00Z", "--until", "2026-11-21T02:00:00Z", "--only-detections", "-o", "json"],
            surroundings: new(new Dictionary<string, string> { ["LOKI_PASSWORD"] = "swordfish", ["SOURCE_DATE_EPOCH"] = $"{CommandLine.Now.ToUnixTimeSeconds()}" }, "/nowhere", TimeProvider.System));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.All(server.Asked, asked => Assert.Equal(("team-a", "Basic " + Convert.ToBase64String("me:swordfish"u8)), (asked.Tenant, asked.Authorization)));
        Assert.All(server.Asked, asked => Assert.StartsWith("{job=\"audit\"} |~ `subresource", asked.Query, StringComparison.Ordinal));
        Assert.Contains("pod-ip-redirect", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"bindings\": []", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_filter_lets_through_every_line_that_a_detection_needs()
    {
        var pattern = LineFilter.Add("", DetectionFiles.BuiltIn).Trim(' ', '|', '~', '`');
        var needed = AuditReading.SeedLines.Where(line => System.Text.RegularExpressions.Regex.IsMatch(line, pattern)).ToList();

        Assert.InRange(needed.Count, 200, 1200);
        Assert.Equal(AuditReading.SeedLines.Count(line => line.Contains("\"proxy\"", StringComparison.Ordinal)), needed.Count(line => line.Contains("\"proxy\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("audit --loki nonsense --query {a=\"b\"}", "--loki nonsense: expected an address")]
    [InlineData("audit --loki http://me:secret@loki --query {a=\"b\"}", "--loki with a password in it")]
    [InlineData("audit --loki http://loki", "--query is missing")]
    [InlineData("audit", "--log is missing")]
    public async Task Mistakes_on_the_command_line_are_told(string line, string expected)
    {
        var result = await CommandLine.RunAsync(line.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }
}
