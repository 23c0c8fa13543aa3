using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

/// <summary>The recorded log of a cluster under attack: what must be seen in it, whatever it is wrapped in, and that nothing else is.</summary>
public sealed class SeedAuditTests
{
    static readonly string[] Expected =
    [
        "anonymous-request system:anonymous: configmaps production/* 1×200",
        "anonymous-request system:anonymous: pods production/* 1×200",
        "anonymous-request system:anonymous: secrets production/* 1×403",
        "exec alice: pods production/api-server 1×500",
        "exec dave: pods production/api-server 1×500",
        "impersonation ci:impersonator as kubernetes-admin: users kubernetes-admin 1×200",
        "log-read dave: pods production/api-server 1×500",
        "node-proxy monitoring:prometheus-server: nodes worker-1 1×500",
        "pod-ip-redirect production:proxy-user: pods production/api-server 47×200 47×422",
        "pod-proxy production:proxy-user: pods production/api-server 1×404",
        "pod-status-burst production:proxy-user: pods production/api-server 47×200 47×422",
        "pod-status-write production:deployer: pods production/api-server 3×200",
        "pod-status-write production:proxy-user: pods production/api-server 47×200 47×422",
        "port-forward dave: pods production/api-server 1×500",
        "rbac-change ci:role-manager: clusterrolebindings owned 1×201",
        "secret-read ci:impersonator as kubernetes-admin: secrets kube-system/* 1×200",
        "secret-read ci:role-manager: secrets * 1×200",
        "secret-read production:secret-reader: secrets kube-system/* 1×200",
        "secret-read production:secret-reader: secrets production/* 1×403",
        "secret-read production:secret-reader: secrets production/payments-db 1×200",
        "secret-read system:anonymous: secrets production/* 1×403",
        "service-proxy ci:smoke-test: services staging/web 2×404",
        "service-proxy dave: services monitoring/grafana 1×403",
        "service-proxy production:proxy-user: services monitoring/grafana 1×200 1×404 1×501",
        "service-proxy production:secret-reader: services monitoring/grafana 1×403",
        "workload-account staging:job-runner: jobs ci/steal 1×201",
    ];

    [Fact]
    public async Task What_was_done_is_seen_and_nothing_that_was_not()
    {
        var detections = await DetectAsync(string.Join('\n', AuditReading.SeedLines));

        // The administrator who set the cluster up changed roles and webhooks and made nine tokens; that is told, and rated as what it is.
        Assert.Equal(Expected, AuditReading.Lines(detections.Where(detection => detection.User != "kubernetes-admin")).Order(StringComparer.Ordinal));
        Assert.Equal(9, detections.Where(detection => detection is { Id: "token-request", User: "kubernetes-admin" }).Sum(detection => detection.Requests));
        var changes = detections.Where(detection => detection is { Id: "rbac-change", User: "kubernetes-admin" }).ToList();
        Assert.Equal(["clusterrolebindings *", "clusterroles *", "rolebindings *", "roles *"], changes.Select(change => $"{change.Target}"));
        Assert.Equal(60, changes.Sum(change => change.Requests));
        Assert.Contains("owned", ((Detail.Texts)changes[0].Details["names"]).Values);
        Assert.DoesNotContain(detections, detection => detection.User == "kubernetes-admin" && detection.Severity > RbacLens.Policies.Severity.Low);
    }

    public static TheoryData<string> Wrappings =>
        ["gzip", "EventList", "EventList, indented", "array", "CloudWatch", "CloudWatch subscription", "Azure", "AKSAudit", "AKSAudit as text", "Docker", "container runtime", "Loki export", "shuffled",
            "every stage", "every stage, shuffled", "twice", "half a line at the end"];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task The_same_is_seen_in_any_wrapping(string wrapping)
    {
        var detector = await AuditReading.DetectorAsync();
        var plain = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines), detector);
        var wrapped = await AuditReading.ReadAsync(Wrap(wrapping), detector);

        Assert.Equal(AuditReading.Lines(detector.Detect(plain)), AuditReading.Lines(detector.Detect(wrapped)));
        Assert.Equal(2396, wrapped.Requests);
        Assert.Equal((plain.From, plain.To), (wrapped.From, wrapped.To));
        Assert.Equal((0, 0), (wrapped.Notes.Broken, wrapped.Notes.Foreign));
        Assert.Equal(Used(plain), Used(wrapped));
    }

    [Fact]
    public async Task The_use_of_each_binding_is_counted()
    {
        var cluster = await AuditReading.SeedCluster;
        var log = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines), await AuditReading.DetectorAsync(cluster));
        var usage = new GrantUse(log, cluster, null).Usage.Bindings.Where(binding => !binding.Name.StartsWith("system:", StringComparison.Ordinal)).ToDictionary(binding => binding.Name);

        foreach (var (name, requests) in new[]
        {
            ("debug-proxy", 4), ("pod-status-writer", 97), ("oncall-debug", 4), ("ci-edit-everywhere", 3), ("anonymous-view", 2), ("admins-convenience", 1),
            ("impersonator", 1), ("node-agent", 0), ("prometheus-server-next", 0), ("superuser-carol", 0), ("csr-signer", 0), ("token-minter", 0),
        })
            Assert.Equal((name, requests), (name, usage[name].Used.Requests));
        Assert.Null(usage["node-agent"].Used.First);
        // The requests that the narrow role would have allowed were counted for the wide one, which the server asked first.
        Assert.Equal((0, 1), (usage["smoke-test-proxy"].Used.Requests, usage["smoke-test-proxy"].AlsoAllowed));
        Assert.Equal("create pods/exec", Assert.Single(usage["admins-convenience"].Rules[0].Members));
        Assert.False(usage["prometheus-server-next"].IsObservable);
        // Two questions were asked for one impersonated request.
        Assert.Equal(1, usage["impersonator"].Rules[0].Used.Requests);
    }

    [Fact]
    public async Task A_binding_that_was_used_and_is_there_no_more_is_told()
    {
        var cluster = await AuditReading.SeedCluster;
        cluster = cluster with { Bindings = cluster.Bindings.RemoveAll(binding => binding.Name is "debug-proxy" or "oncall-debug"), Gaps = [new("RoleBinding", Gap.Reasons.Forbidden, "")] };
        var log = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines), await AuditReading.DetectorAsync(cluster));
        var usage = new GrantUse(log, cluster, null).Usage;

        Assert.Equal(("debug-proxy", 4), usage.Bindings.Where(binding => binding.IsGone).Select(binding => (binding.Name, (int)binding.Used.Requests)).Single());
        // Of what could not be read nobody can say that it is gone.
        Assert.Equal(4, usage.Bindings.Single(binding => binding.Name == "oncall-debug").Used.Requests);
    }

    [Fact]
    public async Task Traffic_of_stock_controllers_is_silent()
    {
        var stock = AuditReading.SeedLines.Where(line =>
            line.Contains("\"username\":\"system:kube-controller-manager\"", StringComparison.Ordinal) || line.Contains("\"username\":\"system:apiserver\"", StringComparison.Ordinal)
            || line.Contains("\"username\":\"system:node:worker-1\"", StringComparison.Ordinal) || line.Contains("\"username\":\"system:serviceaccount:kube-system:", StringComparison.Ordinal)).ToList();

        Assert.True(stock.Count > 1500);
        Assert.Empty(await DetectAsync(string.Join('\n', stock)));
    }

    static async Task<IReadOnlyList<Detection>> DetectAsync(string text)
    {
        var detector = await AuditReading.DetectorAsync();
        return detector.Detect(await AuditReading.ReadAsync(text, detector));
    }

    static IEnumerable<(string, UseCount)> Used(AuditLog log) => new GrantUse(log, null, null).Usage.Bindings.Select(binding => ($"{binding.Kind} {binding.Scope} {binding.Name}", binding.Used));

    static byte[] Wrap(string wrapping)
    {
        var lines = AuditReading.SeedLines;
        var random = new Random(7);
        return wrapping switch
        {
            "gzip" => Gzip(string.Join('\n', lines)),
            "EventList" => Bytes(List(lines).ToJsonString()),
            "EventList, indented" => Bytes(List(lines).ToJsonString(new() { WriteIndented = true })),
            "array" => Bytes($"[\n{string.Join(",\n", lines)}\n]"),
            "CloudWatch" => Bytes(new JsonObject { ["events"] = Wrapped(lines, line => new() { ["timestamp"] = 1, ["message"] = line }) }.ToJsonString(new() { WriteIndented = true })),
            "CloudWatch subscription" => Bytes(string.Concat(lines.Chunk(100).Select(chunk => new JsonObject { ["messageType"] = "DATA_MESSAGE", ["logEvents"] = Wrapped(chunk, line => new() { ["message"] = line }) }.ToJsonString()))),
            "Azure" => Bytes(string.Join('\n', lines.Select(line => new JsonObject { ["category"] = "kube-audit", ["properties"] = new JsonObject { ["log"] = line }, ["time"] = "2026-11-21T01:36:53Z" }.ToJsonString()))),
            "AKSAudit" => Bytes(string.Join('\n', lines.Select(line => AzureRow(line, asText: false)))),
            "AKSAudit as text" => Bytes($"[{string.Join(',', lines.Select(line => AzureRow(line, asText: true)))}]"),
            "Docker" => Bytes(string.Join('\n', lines.Select(line => new JsonObject { ["log"] = line + "\n", ["stream"] = "stdout" }.ToJsonString()))),
            "container runtime" => Bytes(string.Join('\n', lines.Select(line => $"2026-11-21T01:36:53.1Z stdout F {line}"))),
            "Loki export" => Bytes(string.Join('\n', lines.Select(line => new JsonObject { ["labels"] = new JsonObject { ["job"] = "audit" }, ["line"] = line, ["timestamp"] = "2026-11-21T01:36:53Z" }.ToJsonString()))),
            "shuffled" => Bytes(string.Join('\n', Shuffled([.. lines], random))),
            "every stage" => Bytes(string.Join('\n', lines.SelectMany(Stages))),
            "every stage, shuffled" => Bytes(string.Join('\n', Shuffled([.. lines.SelectMany(Stages)], random))),
            "twice" => Bytes(string.Join('\n', lines.Concat(lines))),
            _ => Bytes(string.Join('\n', lines) + "\n{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"lev"),
        };
    }

    // The columns of AKSAudit, and one that Azure does not have: without it, impersonation is not told.
    static string AzureRow(string line, bool asText)
    {
        var (row, item) = (new JsonObject { ["TenantId"] = "t", ["Type"] = "AKSAudit", ["PodName"] = "kube-apiserver-1", ["TimeGenerated"] = "2026-11-21T01:36:53.1234567Z" }, JsonNode.Parse(line)!.AsObject());
        foreach (var (field, column) in new[]
        {
            ("level", "Level"), ("auditID", "AuditId"), ("stage", "Stage"), ("requestURI", "RequestUri"), ("verb", "Verb"), ("user", "User"), ("impersonatedUser", "ImpersonatedUser"),
            ("sourceIPs", "SourceIps"), ("userAgent", "UserAgent"), ("objectRef", "ObjectRef"), ("responseStatus", "ResponseStatus"), ("requestObject", "RequestObject"),
            ("responseObject", "ResponseObject"), ("requestReceivedTimestamp", "RequestReceivedTime"), ("stageTimestamp", "StageReceivedTime"), ("annotations", "Annotations"),
        })
            if (item[field] is { } value)
                row[column] = asText && value is JsonObject or JsonArray ? value.ToJsonString() : value.DeepClone();
        return row.ToJsonString();
    }

    // What GKE writes instead: no groups, and the answers of Google's remote calls instead of HTTP's.
    static string Google(string line)
    {
        var item = JsonNode.Parse(line)!.AsObject();
        var (uri, verb) = ($"{item["requestURI"]}".Split('?')[0].TrimStart('/'), $"{item["verb"]}");
        var (name, method) = (uri, $"io.k8s.{verb}");
        if (item["objectRef"] is { } about)
        {
            string Part(string field) => $"{about[field]}";
            var group = Part("apiGroup").Length == 0 ? "core" : Part("apiGroup");
            string[] parts = [group, Part("apiVersion"), .. Part("namespace").Length == 0 ? [] : new[] { "namespaces", Part("namespace") }, Part("resource"), Part("name"), Part("subresource")];
            (name, method) = (string.Join('/', parts.Where(part => part.Length > 0)), $"io.k8s.{group}.{Part("apiVersion")}.{Part("resource")}.{verb}");
        }

        var code = (int?)item["responseStatus"]?["code"] switch { 403 => 7, 404 => 5, 422 => 3, >= 500 => 13, _ => 0 };
        var who = new JsonObject { ["principalEmail"] = $"{item["user"]?["username"]}" };
        if (item["impersonatedUser"] is { } other)
            who["authoritySelector"] = $"{other["username"]}";
        var payload = new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.cloud.audit.AuditLog",
            ["serviceName"] = "k8s.io",
            ["methodName"] = method,
            ["resourceName"] = name,
            ["authenticationInfo"] = who,
            ["requestMetadata"] = new JsonObject { ["callerIp"] = $"{item["sourceIPs"]![0]}", ["callerSuppliedUserAgent"] = "kubectl" },
            ["status"] = new JsonObject { ["code"] = code },
        };
        foreach (var (field, body) in new[] { ("requestObject", "request"), ("responseObject", "response") })
            if (item[field] is { } value)
                payload[body] = value.DeepClone();
        return new JsonObject
        {
            ["protoPayload"] = payload,
            ["insertId"] = $"{item["auditID"]}",
            ["resource"] = new JsonObject { ["type"] = "k8s_cluster" },
            ["timestamp"] = $"{item["requestReceivedTimestamp"]}",
            ["labels"] = item["annotations"]?.DeepClone(),
            ["logName"] = "projects/p/logs/cloudaudit.googleapis.com%2Factivity",
            ["operation"] = new JsonObject { ["id"] = $"{item["auditID"]}", ["first"] = true, ["last"] = $"{item["stage"]}" == "ResponseComplete" },
        }.ToJsonString();
    }

    [Fact]
    public async Task The_entries_of_GKE_show_the_same_deeds_as_far_as_they_tell_them()
    {
        var detector = await AuditReading.DetectorAsync();
        var log = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines.Select(Google)), detector);
        var seen = detector.Detect(log).Where(detection => detection.User != "kubernetes-admin").Select(Plain).Order(StringComparer.Ordinal);

        Assert.Equal((2396, 0, 0), (log.Requests, log.Notes.Broken, log.Notes.Foreign));
        Assert.Equal(Expected.Select(line => string.Join(' ', line.Split(' ').Where(word => !word.Contains('×', StringComparison.Ordinal)))), seen);

        static string Plain(Detection detection) => AuditReading.Lines([detection with { Codes = detection.Codes.Clear() }]).Single().TrimEnd();
    }

    static JsonObject List(IEnumerable<string> lines) => new() { ["kind"] = "EventList", ["apiVersion"] = "audit.k8s.io/v1", ["items"] = new JsonArray([.. lines.Select(line => JsonNode.Parse(line))]) };

    static JsonArray Wrapped(IEnumerable<string> lines, Func<string, JsonObject> wrap) => new([.. lines.Select(wrap)]);

    static IEnumerable<string> Stages(string line)
    {
        var received = JsonNode.Parse(line)!.AsObject();
        received["stage"] = "RequestReceived";
        received.Remove("responseStatus");
        received.Remove("annotations");
        yield return received.ToJsonString();
        yield return line.Replace("\"stage\":\"ResponseComplete\"", "\"stage\":\"ResponseStarted\"", StringComparison.Ordinal);
        yield return line;
    }

    static string[] Shuffled(string[] lines, Random random)
    {
        random.Shuffle(lines);
        return lines;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Bytes(text));
        return packed.ToArray();
    }
}
