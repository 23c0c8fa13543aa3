using System.Text;

namespace RbacLens.Benchmarks;

/// <summary>Writes an audit log as the API server's log backend does: one event a line, mostly dull, now and then not.</summary>
static class AuditLogGenerator
{
    static readonly (string Verb, string Resource, string Subresource)[] Requests =
    [
        ("get", "configmaps", ""), ("list", "pods", ""), ("watch", "pods", ""), ("update", "leases", ""), ("patch", "events", ""), ("get", "endpoints", ""),
        ("get", "services", "proxy"), ("create", "pods", "exec"), ("patch", "pods", "status"), ("get", "secrets", ""), ("create", "serviceaccounts", "token"),
    ];

    /// <summary>Writes so many events; the same bytes every time.</summary>
    public static void Write(Stream output, int events)
    {
        using var log = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20) { NewLine = "\n" };
        var start = new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < events; i++)
        {
            // Every hundredth request is one of the interesting ones.
            var (verb, resource, subresource) = Requests[i % 100 == 0 ? 6 + (i / 100 % 5) : i % 6];
            var (ns, time) = ($"team-{i % 977:d4}", start.AddMilliseconds(i * 3).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"));
            var user = i % 5 == 0 ? $"user-{i % 83}@example.com" : $"system:serviceaccount:{ns}:account-{i % 10}";
            var path = $"/api/v1/namespaces/{ns}/{resource}/name-{i % 331}{(subresource.Length == 0 ? "" : "/" + subresource)}";
            log.WriteLine($$$"""{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"{{{i:x8}}}-0000-4000-8000-000000000000","stage":"ResponseComplete","requestURI":"{{{path}}}","verb":"{{{verb}}}","user":{"username":"{{{user}}}","groups":["system:authenticated"]},"sourceIPs":["10.0.{{{i % 250}}}.7"],"userAgent":"client/v1.34.2","objectRef":{"resource":"{{{resource}}}","namespace":"{{{ns}}}","name":"name-{{{i % 331}}}","apiVersion":"v1"{{{(subresource.Length == 0 ? "" : $",\"subresource\":\"{subresource}\"")}}}},"responseStatus":{"metadata":{},"code":{{{(i % 50 == 0 ? 403 : 200)}}}},"requestReceivedTimestamp":"{{{time}}}","stageTimestamp":"{{{time}}}","annotations":{"authorization.k8s.io/decision":"{{{(i % 50 == 0 ? "forbid" : "allow")}}}","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"binding-{{{i % 20000}}}/{{{ns}}}\" of Role \"role-{{{i % 10000}}}\" to ServiceAccount \"account-{{{i % 10}}}/{{{ns}}}\""}}""");
        }
    }
}
