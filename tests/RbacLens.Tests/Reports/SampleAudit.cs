using System.Collections.Immutable;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

/// <summary>What an audit log might add to <see cref="SamplePosture"/>.</summary>
public static class SampleAudit
{
    static readonly DateTimeOffset First = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Last = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    /// <summary>The sample posture with three detections, one of them accepted, and the use of two bindings.</summary>
    public static Posture Create() => SamplePosture.Create() with { Detections = [.. Detections().Order(Detection.WorstFirst)], Usage = Usage() };

    static IEnumerable<Detection> Detections() =>
    [
        new()
        {
            Id = "service-proxy", Title = "Reaches a service through the API server", Severity = Severity.High, User = "system:serviceaccount:production:proxy-user",
            Because = "3 requests to services monitoring/grafana, across namespaces, into a sensitive namespace",
            Target = new("services", "monitoring", "grafana"), Requests = 3, Codes = Codes((200, 1), (404, 1), (501, 1)), First = First, Last = Last,
            AllowedBy = [new("ClusterRoleBinding", "", "debug-proxy")],
            Details = Detection.NoDetails.Add("crossNamespace", new Detail.Flag()).Add("names", new Detail.Texts(Names.Of("grafana:3000", "http:grafana:3000"))),
        },
        new()
        {
            Id = "exec", Title = "Runs commands in a pod", Severity = Severity.Medium, User = "dave", ActingAs = "<b>root</b>",
            Because = "1 request", Target = new("pods", "shop", "front"), Requests = 1, Codes = Codes((101, 1)), First = Last, Last = Last,
            Suppression = new("dana@example.com", "Runbook 12", new DateOnly(2027, 1, 1)),
        },
        new()
        {
            Id = "anonymous-request", Title = "Is answered without logging in", Severity = Severity.Low, User = "system:anonymous",
            Because = "2 requests without an answer", Target = new("/metrics", "", ""), Requests = 2, Codes = Codes((0, 2)), First = First, Last = First,
            Details = Detection.NoDetails.Add("refused", new Detail.Number(2)),
        },
    ];

    static Usage Usage() => new(First, Last, 1200,
    [
        new() { Scope = Scope.Cluster, Name = "debug-proxy", RoleRef = new("ClusterRole", "debug-proxy"), Used = new(4, First, Last), Rules = [new(0, new(4, First, Last)) { Members = ["get services/proxy"] }, new(1, default)] },
        new() { Scope = new("shop"), Name = "old-operator", RoleRef = new("Role", "old-operator"), Used = default, AlsoAllowed = 2, IsObservable = false },
    ]);

    static ImmutableSortedDictionary<int, long> Codes(params (int Code, long Requests)[] codes) =>
        codes.ToImmutableSortedDictionary(code => code.Code, code => code.Requests);
}
