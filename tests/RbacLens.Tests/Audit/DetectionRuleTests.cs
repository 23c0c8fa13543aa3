using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Policies;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

/// <summary>Every detection rule is proved by its own events.</summary>
public sealed class DetectionRuleTests
{
    public static TheoryData<string> Ids => [.. DetectionFiles.BuiltIn.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Its_events_yield_the_detection_and_the_others_do_not(string id)
    {
        var rule = DetectionFiles.BuiltIn.Single(rule => rule.Id == id);
        var proofs = await DetectionProof.RunAsync(rule, default);

        Assert.Equal(rule.Yields.Length + rule.Silent.Length, proofs.Count);
        Assert.Empty(proofs.Where(proof => !proof.Holds).Select(proof => proof.ToString()));
        Assert.NotEmpty(rule.References);
        Assert.DoesNotContain('\n', rule.Title);
    }

    [Theory]
    [InlineData("anonymous_creates_namespace_foo", "anonymous-request", Severity.High)]
    [InlineData("attach_cluster_admin_role", "rbac-change", Severity.Medium)]
    [InlineData("attach_pod", "attach", Severity.Medium)]
    [InlineData("exec_pod", "exec", Severity.Medium)]
    [InlineData("create_cluster_role_wildcard_resources", "rbac-change", Severity.Info)]
    [InlineData("delete_clusterrolebinding", "rbac-change", Severity.Info)]
    [InlineData("create_nginx_pod_hostnetwork", null, null)] // a controller did it; whoever made the replica set is not in the file
    [InlineData("create_nginx_pod_privileged_2nd_container", null, null)] // a controller did it; whoever made the replica set is not in the file
    [InlineData("create_nginx_pod_sensitive_mount", null, null)] // a controller did it; whoever made the replica set is not in the file
    [InlineData("create_nginx_pod_nohostnetwork", null, null)]
    [InlineData("create_nginx_pod_unprivileged", null, null)]
    [InlineData("create_configmap", null, null)]
    [InlineData("create_service", null, null)]
    [InlineData("minikube_creates_namespace_foo", null, null)]
    public async Task Falcos_events_yield_what_Falco_sees_in_them(string file, string? id, Severity? severity)
    {
        var detector = await AuditReading.DetectorAsync();
        var log = await AuditReading.ReadAsync(await File.ReadAllBytesAsync(Vectors.PathOf($"audit/falco/{file}.json")), detector);
        var detections = detector.Detect(log);

        Assert.True(log.Requests > 0);
        Assert.Equal((id, severity), (detections.SingleOrDefault()?.Id, detections.SingleOrDefault()?.Severity));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("v1.33.5", 0)]        // baseline did not know of it
    [InlineData("v1.34.0", 1)]
    public async Task The_standard_is_that_of_the_clusters_version(string? version, int detections)
    {
        var cluster = version is null ? null : (await AuditReading.SeedCluster) with { Cluster = new("c", version, "dump") };
        var detector = await AuditReading.DetectorAsync(cluster);
        var log = await AuditReading.ReadAsync(
            """{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods","verb":"create","user":{"username":"dave","groups":["system:authenticated"]},"objectRef":{"resource":"pods","namespace":"shop","name":"p","apiVersion":"v1"},"responseStatus":{"code":201},"requestObject":{"spec":{"containers":[{"name":"a","startupProbe":{"tcpSocket":{"host":"10.0.0.1","port":6443}}},{"name":"b","livenessProbe":{"httpGet":{"host":"db","port":1}}}]}}}""", detector);

        var seen = detector.Detect(log).Where(detection => detection.Id == "privileged-workload").ToList();
        Assert.Equal(detections, seen.Count);
        Assert.All(seen, detection => Assert.Equal("10.0.0.1, db", $"{detection.Details["probeHosts"]}"));
    }

    [Theory]
    [InlineData("/openid/v1/jwks", Severity.Low)]       // somebody made a binding for it, and everybody may know it
    [InlineData("/readyz/etcd", Severity.Low)]
    [InlineData("/readyzzz", Severity.High)]
    [InlineData("/metrics", Severity.High)]
    public async Task What_everybody_may_know_is_no_alarm(string path, Severity severity)
    {
        var detector = await AuditReading.DetectorAsync();
        var log = await AuditReading.ReadAsync(
            $$$"""{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","requestURI":"{{{path}}}","verb":"get","user":{"username":"system:anonymous","groups":["system:unauthenticated"]},"responseStatus":{"code":200},"annotations":{"authorization.k8s.io/decision":"allow"}}""", detector);

        Assert.Equal(severity, Assert.Single(detector.Detect(log)).Severity);
    }
}
