using System.IO.Compression;
using System.Text;
using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Inputs.AuditLogs;

public sealed class AuditLogReaderTests
{
    static string Event(string id, string stage = "ResponseComplete", string verb = "get", string more = "") =>
        $$"""{"kind":"Event","auditID":"{{id}}","stage":"{{stage}}","requestURI":"/api/v1/namespaces/a/pods/p","verb":"{{verb}}","user":{"username":"u","groups":["system:authenticated"]},"objectRef":{"resource":"pods","namespace":"a","name":"p"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-21T10:00:00.00000{{id[^1]}}Z"{{more}}}""";

    [Fact]
    public async Task Broken_lines_are_counted_and_the_first_is_named()
    {
        var log = await AuditReading.ReadAsync($"{Event("1")}\ngarbage\n{{\"kind\":\"Event\",\n{{}}\n\n{Event("2")}\n");

        Assert.Equal(2, log.Requests);
        Assert.Equal((2, 1, 5), (log.Notes.Broken, log.Notes.Foreign, log.Notes.Entries));
        Assert.Equal("log, line 2", log.Notes.FirstBroken);
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_normal()
    {
        var log = await AuditReading.ReadAsync($"{Event("1")}\n{Event("2")[..80]}");

        Assert.Equal((1, 0, 1), (log.Requests, log.Notes.Broken, log.Notes.Unfinished));
    }

    [Fact]
    public async Task A_gzip_that_is_cut_off_gives_what_stands_before()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3000).Select(i => Event($"{i}")))));
        var reader = new AuditLogReader(TimeWindow.Always, _ => Interest.None, progress: null);
        var log = await reader.ReadAsync([new("log", 0, () => new MemoryStream(packed.ToArray()[..^50_000]))], further: null, default);

        Assert.InRange(log.Requests, 2500, 2999);
        Assert.Equal(Cut, Assert.Single(ReadingGaps.Of(log.Notes)).Detail);
    }

    const string Cut = "log: the gzip data is broken, cut off, or followed by something else; only what stands before was read";

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(3000, 1, true)]
    [InlineData(1, 3000, true)]
    [InlineData(3000, 0, false)]
    public async Task What_follows_gzip_and_is_none_is_told(int packedLines, int plainLines, bool isTold)
    {
        using var both = new MemoryStream();
        using (var gzip = new GZipStream(both, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, packedLines).Select(i => Event($"{i}") + "\n"))));
        both.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, plainLines).Select(i => Event($"later-{i}") + "\n"))));
        var log = await AuditReading.ReadAsync(both.ToArray());

        Assert.Equal((packedLines, isTold ? Cut : null), (log.Requests, ReadingGaps.Of(log.Notes).SingleOrDefault()?.Detail));
    }

    [Fact]
    public async Task A_request_of_which_only_the_beginning_is_there_counts_without_an_answer()
    {
        var log = await AuditReading.ReadAsync($"{Event("1", "RequestReceived").Replace("\"code\":200", "", StringComparison.Ordinal)}\n{Event("2", "ResponseStarted")}");

        Assert.Equal((2, 1), (log.Requests, log.Notes.Unanswered));
        Assert.Contains(log.Deeds, count => count.Deed.Outcome == Outcome.Unknown);
    }

    [Fact]
    public async Task An_audit_id_that_is_used_again_hides_nothing()
    {
        // Clients may send an Audit-ID of their own.
        var second = Event("1").Replace("10:00:00", "10:00:01", StringComparison.Ordinal);
        Assert.Equal(2, (await AuditReading.ReadAsync($"{Event("1")}\n{second}")).Requests);
    }

    // id and time, how often which stages: requests.
    [Theory]
    [InlineData("", "", "ResponseComplete ResponseComplete ResponseComplete", 3)]                                    // nothing tells them apart, and nothing says that they are one
    [InlineData("", "", "RequestReceived ResponseStarted ResponseComplete", 1)]
    [InlineData("", "", "RequestReceived RequestReceived ResponseComplete ResponseComplete", 2)]
    [InlineData("", "", "ResponseComplete RequestReceived ResponseComplete RequestReceived RequestReceived", 3)]     // the third has not ended
    [InlineData("", "2026-11-21T10:00:00.000001Z", "RequestReceived ResponseComplete ResponseComplete", 1)]          // one user asks the same once in a microsecond
    [InlineData("a", "", "RequestReceived ResponseComplete ResponseComplete", 1)]
    public async Task Events_without_an_id_are_counted_each(string id, string received, string stages, int requests)
    {
        var lines = stages.Split(' ').Select(stage => Event("1", stage)
            .Replace("\"auditID\":\"1\",", id.Length == 0 ? "" : $"\"auditID\":\"{id}\",", StringComparison.Ordinal)
            .Replace("2026-11-21T10:00:00.000001Z", received, StringComparison.Ordinal)
            .Replace("\"code\":200", stage == "ResponseComplete" ? "\"code\":200" : "", StringComparison.Ordinal));
        var log = await AuditReading.ReadAsync(string.Join('\n', lines));

        Assert.Equal((requests, 0), (log.Requests, log.Notes.Broken));
    }

    [Fact]
    public async Task Events_without_an_id_of_others_are_others()
    {
        var line = Event("1").Replace("\"auditID\":\"1\",", "", StringComparison.Ordinal);
        var others = new[] { ("\"username\":\"u\"", "\"username\":\"v\""), ("/pods/p\"", "/pods/q\""), ("\"verb\":\"get\"", "\"verb\":\"delete\""), ("00001Z", "00002Z") };
        Assert.Equal(5, (await AuditReading.ReadAsync(string.Join('\n', others.Select(other => line.Replace(other.Item1, other.Item2, StringComparison.Ordinal)).Prepend(line)))).Requests);
    }

    [Fact]
    public async Task Text_inside_a_request_is_never_taken_for_an_event()
    {
        var inner = Event("9", verb: "delete").Replace("\"", "\\\"", StringComparison.Ordinal);
        var log = await AuditReading.ReadAsync(Event("1", more: $",\"requestObject\":{{\"log\":\"{inner}\",\"items\":[{Event("8")}]}}"));

        Assert.Equal("get", Assert.Single(log.Deeds).Deed.Request.Verb);
    }

    [Fact]
    public async Task Only_the_time_that_is_asked_for_counts()
    {
        var window = new TimeWindow(new DateTime(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc).AddTicks(20).Ticks, long.MaxValue);
        var log = await AuditReading.ReadAsync(Encoding.UTF8.GetBytes($"{Event("1")}\n{Event("2")}\n{Event("3")}"), window: window);

        Assert.Equal((2, 1), (log.Requests, log.Notes.OutOfWindow));
    }

    // An object that begins with a space is read anew each time; one that does not is compared with those that were read before.
    [Fact]
    public async Task What_is_found_again_by_comparing_is_what_would_be_read()
    {
        var again = string.Join('\n', AuditReading.SeedLines);
        var anew = again.Replace("\"user\":{", "\"user\": {", StringComparison.Ordinal).Replace("\"annotations\":{", "\"annotations\": {", StringComparison.Ordinal);
        Assert.NotEqual(again, anew);

        Assert.Equal(Lines(await AuditReading.ReadAsync(anew)), Lines(await AuditReading.ReadAsync(again)));

        static IEnumerable<string> Lines(AuditLog log) => log.Deeds.Select(count => $"{count.Deed} {string.Join(',', count.Deed.User.Groups)} {count.Use}").Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("\"username\":\"u\"", "\"username\":\"v\"")]
    [InlineData("\"username\":\"u\"", "\"username\":\"user-of-a-name-so-long-that-it-differs-from-the-other-one-at-its-very-end-1\"")]
    [InlineData("\"username\":\"u\"", "\"username\":\"user-of-a-name-so-long-that-it-differs-from-the-other-one-at-its-very-end-2\"")]
    [InlineData("[\"system:authenticated\"]", "[\"system:authenticated\",\"a\"]")]
    [InlineData("decision\":\"allow\"", "decision\":\"forbid\"")]
    [InlineData("\"name\":\"p\"", "\"name\":\"q\"")]
    [InlineData("\"namespace\":\"a\"", "\"namespace\":\"b\"")]
    [InlineData("\"resource\":\"pods\"", "\"resource\":\"secrets\"")]
    [InlineData("\"resource\":\"pods\"", "\"resource\":\"pods\",\"subresource\":\"log\"")]
    [InlineData("\"resource\":\"pods\"", "\"resource\":\"pods\",\"apiGroup\":\"x\"")]
    [InlineData("\"code\":200", "\"code\":404")]
    [InlineData("\"verb\":\"get\"", "\"verb\":\"patch\"")]
    [InlineData("\"stage\"", "\"impersonatedUser\":{\"username\":\"w\"},\"stage\"")]
    public async Task Whatever_differs_makes_another_deed_however_often_both_come(string text, string other)
    {
        string[] lines = [.. Enumerable.Range(0, 8).Select(i => Event($"{i}", more: ",\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"}"))];
        var log = await AuditReading.ReadAsync(string.Join('\n', lines.Select((line, i) => i % 2 == 0 ? line : line.Replace(text, other, StringComparison.Ordinal))));

        Assert.Equal([4, 4], log.Deeds.Select(count => count.Requests));
    }

    [Fact]
    public async Task A_second_user_in_one_event_adds_to_the_first()
    {
        var twice = Event("2").Replace("\"objectRef\"", "\"user\":{\"username\":\"v\"},\"objectRef\"", StringComparison.Ordinal);
        var log = await AuditReading.ReadAsync($"{Event("1")}\n{twice}\n{twice.Replace("\"2\"", "\"3\"", StringComparison.Ordinal)}");

        Assert.Equal([("u", "system:authenticated", 1L), ("v", "system:authenticated", 2L)], log.Deeds.Select(count => (count.Deed.User.User, Assert.Single(count.Deed.User.Groups), count.Requests)));
    }

    [Fact]
    public async Task Too_many_different_requests_are_counted_without_their_names()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 140_000; i++)
            text.Append(Event($"{i}").Replace("\"name\":\"p\"", $"\"name\":\"p{i}\"", StringComparison.Ordinal)).Append('\n');
        var log = await AuditReading.ReadAsync(text.ToString());

        Assert.Equal(140_000, log.Requests);
        Assert.True(log.Deeds.Length < 140_000 * 2);
    }

    [Theory]
    [InlineData("", "no audit event found, expected audit.k8s.io events, one JSON object a line")]
    [InlineData("hello\nworld\n", "no audit event found; 2 of 2 entries are not valid JSON")]
    [InlineData("{\"kind\":\"Pod\"}", "no audit event found among 1 entries of JSON")]
    [InlineData("<html>", "found HTML or XML")]
    [InlineData("\0\0\0\0", "found binary data")]
    public async Task What_is_no_audit_log_is_told(string text, string expected)
    {
        var result = await CommandLine.RunAsync(text, "audit", "--log", "-");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_in_another_encoding_is_told(bool isBigEndian)
    {
        var encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: true);
        var result = await CommandLine.RunAsync(["audit", "--log", "-"], [.. encoding.GetPreamble(), .. encoding.GetBytes(Event("1"))]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("found UTF-16 text, expected audit events as JSON in UTF-8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_gives_all_its_logs_and_a_missing_file_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write("audit.log", Event("1"));
        folder.Write("audit-2026-11-20T00-00-00.000.log", Event("2") + "\n");
        folder.Write("README", "nothing of interest");

        var result = await CommandLine.RunAsync(["audit", "--log", folder.Path]);
        var missing = await CommandLine.RunAsync(["audit", "--log", Path.Combine(folder.Path, "none")]);

        Assert.Contains("2 requests from", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no such file or directory, expected an audit log", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":{"podIP":"1.2.3.4"}}""", "1.2.3.4")]
    [InlineData("""{"status":{"podIPs":[{"ip":"1.2.3.4"},{"ip":"5.6.7.8"}]}}""", "1.2.3.4,5.6.7.8")]
    [InlineData("""[{"op":"replace","path":"/status/podIP","value":"1.2.3.4"}]""", "1.2.3.4")]
    [InlineData("""[{"op":"add","path":"/status/podIPs/-","value":{"ip":"1.2.3.4"}}]""", "1.2.3.4")]
    [InlineData("""[{"op":"replace","path":"/status/podIPs/0/ip","value":"1.2.3.4"}]""", "1.2.3.4")]
    [InlineData("""[{"op":"replace","path":"/status","value":{"podIP":"1.2.3.4"}}]""", "1.2.3.4")]
    [InlineData("""[{"op":"add","path":"","value":{"status":{"podIP":"1.2.3.4"}}}]""", "1.2.3.4")]
    [InlineData("""[{"op":"copy","from":"/metadata/labels/ip","path":"/status/podIP"}]""", "")]
    [InlineData("""[{"op":"test","path":"/status/podIP","value":"1.2.3.4"}]""", "")]
    [InlineData("""{"spec":{"podIP":"1.2.3.4"}}""", "")]
    [InlineData("""{"status":{"podIP":null,"podIPs":"x"}}""", "")]
    [InlineData("\"text\"", "")]
    public void The_addresses_that_a_status_sets_are_found_in_every_kind_of_patch(string body, string expected)
    {
        using var document = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(expected, string.Join(',', PodAddresses.In(document.RootElement)));
    }

    static string Docker(string piece) => $"{{\"log\":\"{piece.Replace("\"", "\\\"", StringComparison.Ordinal)}\",\"stream\":\"stdout\",\"time\":\"t\"}}";

    [Theory]
    [InlineData("2026-11-20T10:00:00.1Z stdout P {0}\n2026-11-20T10:00:00.1Z stdout P {1}\n2026-11-20T10:00:00.1Z stdout F {2}\n")]
    [InlineData("2026-11-20T10:00:00.1Z stderr P {0}\n2026-11-20T10:00:00.1Z stderr F {1}{2}\n")]
    [InlineData("docker {0}\ndocker {1}\ndocker {2}\\n\n")]
    public async Task Lines_that_a_container_runtime_cut_are_put_together(string layout)
    {
        var line = Event("1");
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, layout, line[..100], line[100..150], line[150..]);
        if (text.StartsWith("docker", StringComparison.Ordinal))
            text = string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(piece => Docker(piece["docker ".Length..])));
        var log = await AuditReading.ReadAsync($"{text}\n{Event("2")}\n");

        Assert.Equal((2, 0), (log.Requests, log.Notes.Broken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-20T10:00:00.1Z stderr F W1120 a message of the server's own\n")]
    public async Task Pieces_stay_together_wherever_a_batch_ends(string between)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 12_000; i++)
            text.Append($"2026-11-20T10:00:00.1Z stdout P {Event($"{i}")[..150]}\n{between}2026-11-20T10:00:00.1Z stdout F {Event($"{i}")[150..]}\n");
        var log = await AuditReading.ReadAsync(text.ToString());

        Assert.Equal((12_000, 0), (log.Requests, log.Notes.Broken));
    }

    [Fact]
    public async Task Gzip_in_base64_is_read_as_Kinesis_delivers_it()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes($"{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{{\"id\":\"1\",\"message\":\"{Event("1").Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}]}}"));
        var log = await AuditReading.ReadAsync($"{{\"Records\": [{{\"kinesis\": {{\"data\": \"{Convert.ToBase64String(packed.ToArray())}\"}}}}]}}");

        Assert.Equal(1, log.Requests);
    }

    [Fact]
    public async Task A_time_that_cannot_be_stretches_nothing()
    {
        var log = await AuditReading.ReadAsync($"{Event("1")}\n{Event("2").Replace("2026-11-21", "9999-12-31", StringComparison.Ordinal)}\n{Event("3").Replace("2026-11-21T", "yesterday", StringComparison.Ordinal)}\n");

        Assert.Equal((3, 2), (log.Requests, log.Notes.Untimed));
        Assert.Equal(log.From, log.To);
        Assert.Contains("2 events of the audit log have no time", Assert.Single(ReadingGaps.Of(log)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_times_has_no_window_and_proves_nothing_unused()
    {
        using var folder = new TemporaryFolder();
        var cluster = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
        var log = folder.Write("audit.log", Secret + "\n");
        var json = await CommandLine.RunAsync(["scan", "--from", cluster, "--audit-log", log, "-o", "json"]);
        var again = await CommandLine.RunAsync(["report", "--from", folder.Write("posture.json", json.Output), "-o", "json"]);
        var suggested = await CommandLine.RunAsync(["audit", "suggest", "dave", "--log", log]);
        var csv = await CommandLine.RunAsync(["audit", "--log", log, "-o", "csv"]);
        using var posture = System.Text.Json.JsonDocument.Parse(json.Output);

        Assert.Equal(json.Output, again.Output);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, posture.RootElement.GetProperty("usage").GetProperty("from").ValueKind);
        Assert.All(posture.RootElement.GetProperty("detections").EnumerateArray(), detection => Assert.Equal(System.Text.Json.JsonValueKind.Null, detection.GetProperty("last").ValueKind));
        Assert.DoesNotContain("\"policy\": \"unused-grant\"", json.Output, StringComparison.Ordinal);
        Assert.Contains("at times that the log does not say", suggested.Output, StringComparison.Ordinal);
        Assert.Contains("1 request at unknown times", csv.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0001-01-01", json.Output + suggested.Output + csv.Output, StringComparison.Ordinal);
    }

    const string Secret = """{"kind":"Event","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"dave"},"objectRef":{"resource":"secrets","apiVersion":"v1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"yesterday"}""";

    [Fact]
    public async Task A_window_that_holds_nothing_proves_nothing()
    {
        const string since = "2026-11-22T00:00:00Z";
        using var folder = new TemporaryFolder();
        var log = folder.Write("audit.log", Event("1") + "\n");
        var cluster = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
        var scan = await CommandLine.RunAsync(["scan", "--from", cluster, "--audit-log", log, "--since", since, "-o", "json"]);
        var audit = await CommandLine.RunAsync(["audit", "--log", log, "--since", since]);

        Assert.DoesNotContain("\"policy\": \"unused-grant\"", scan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0001-01-01", scan.Output + audit.Output, StringComparison.Ordinal);
        foreach (var output in new[] { scan.Output, audit.Output })
            Assert.Contains("the audit log holds no event within the time asked for", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_age_beyond_all_time_means_from_the_beginning()
    {
        using var folder = new TemporaryFolder();
        var result = await CommandLine.RunAsync(["audit", "--log", folder.Write("audit.log", Event("1") + "\n"), "--since", "99999999d"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("1 request from 2026-11-21", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_directory_holds_besides_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("audit.log", Event("1"));
        var note = folder.Write("notes.txt", "remember the milk");
        var below = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(note)!, "old")).FullName;
        var result = await CommandLine.RunAsync(["audit", "--log", Path.GetDirectoryName(note)!, "--strict", "-o", "json"]);

        Assert.Equal(3, result.ExitCode);
        foreach (var gap in new[] { $"not read, since it does not begin like an audit log: {note}", $"not read, since it is a folder below the one that was named: {below}" })
        {
            Assert.Contains(gap, result.Error, StringComparison.Ordinal);
            Assert.Contains(gap, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_allow_list_for_a_detection_there_is_not_is_refused()
    {
        using var folder = new TemporaryFolder();
        var allow = folder.Write("allow.yaml", "allow: [{detection: secrets-read, user: u, owner: o, reason: r, until: 2099-01-01}]");
        var result = await CommandLine.RunAsync(["audit", "--log", folder.Write("audit.log", Event("1")), "--allow", allow]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("allow[0].detection is secrets-read, expected one of anonymous-request", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_without_end_is_shortened_in_tables()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Write("audit.log", Event("1").Replace("\"u\"", $"\"{new string('u', 300_000)}\"", StringComparison.Ordinal).Replace("\"resource\":\"pods\"", "\"resource\":\"secrets\"", StringComparison.Ordinal));
        var result = await CommandLine.RunAsync(["audit", "--log", log]);

        Assert.InRange(result.Output.Length, 1, 10_000);
        Assert.Contains("300,000", result.Output, StringComparison.Ordinal);
    }
}
