using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

/// <summary>A posture with everything a posture can have.</summary>
static class ComparedPosture
{
    static readonly DateTimeOffset Then = new(2026, 8, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The sample as it was three months ago: one finding more, one less, one not yet accepted, one less severe.</summary>
    public static Posture Earlier()
    {
        var now = SamplePosture.Create();
        return now with
        {
            CollectedAt = Then,
            Frameworks = [],
            Tool = "rbac-lens 0.0.9",
            Gaps = [],
            Findings =
            [
                .. from finding in now.Findings
                   where finding.About.Name != "alice@example.com"
                   select finding.Suppression is not null ? finding with { Suppression = null }
                       : finding.About.Name == "bob" ? finding with { Severity = Severity.High } : finding,
                SamplePosture.Find("impersonate", Severity.High, new Subject.User("gone"), "impersonate on users", SamplePosture.Rule("impersonate", "users")),
                SamplePosture.Find("long-lived-token", Severity.Low, new Subject.User("unknown-now"), "never expires", SamplePosture.Rule("get", "secrets")),
            ],
        };
    }

    public static Posture Create()
    {
        var now = SamplePosture.Create();
        var grant = now.Findings[0].Grants[0];
        var account = new Target("ServiceAccount", "ci", "pipeline");
        var group = new Grant(new Subject.Group("sre"), grant.Binding, grant.Role, [0]);
        var posture = now with
        {
            Findings = [.. now.Findings.Select((finding, i) => i == 0 ? finding with { Grants = [.. finding.Grants, group], Usage = new(3, Then, Then.AddDays(1)) } : finding), now.Findings[^1] with { About = new("Role", "kube-system", "stock"), IsStock = true, Platform = "k3s", Lead = now.Findings[0].Fingerprint, ByItself = Severity.High }],
            Sources = ImmutableSortedDictionary<Target, SourceLine>.Empty.Add(account, new("a/b.yaml", 7)).Add(new("Role", "shop", "old-operator"), new("chart/templates/role.yaml", null)),
            Upgrade = new(new(1, 33), new(1, 36)),
            Subjects = [new(account, [group with { Subject = new Subject.ServiceAccount("ci", "pipeline"), Rules = SubjectGrants.AllRules(grant.Role) }])],
            Paths =
            [
                new(account, Goal.ClusterAdmin,
                [
                    new("(token)", "has the token of its account", [], account),
                    new("workload-create", "starts a job", [new(new AccessRequest.Resource("create", "batch", "jobs", "", "ci"), group), new(new AccessRequest.Path("get", "/x"), grant)], Goal.ClusterAdmin),
                ]),
                new(account, new("ServiceAccount", "ci", "other"), [new("impersonate", "acts as", [new(new AccessRequest.Resource("impersonate", "", "users", "sub", "", "n"), grant)], new("Node", "", "*"))]),
            ],
            ChokePoints = [new(new(Scope.Cluster, "b", [], new("", "")), [account], 4, "nothing else") { Usage = new(0, null, null) }],
            Detections =
            [
                new()
                {
                    Id = "service-proxy", Title = "Reaches services", Severity = Severity.High, Because = "because", User = "u", ActingAs = "v", Target = new("services", "monitoring", "grafana"), Requests = 3,
                    Codes = ImmutableSortedDictionary<int, long>.Empty.Add(200, 1).Add(0, 2), First = Then, Last = Then, AllowedBy = [account],
                    Details = Detection.NoDetails.Add("a", new Detail.Flag()).Add("b", new Detail.Number(4)).Add("c", new Detail.Texts(Names.Of("x", "y"))), Suppression = new("me", "why", null),
                },
            ],
            Usage = new(Then, Then.AddDays(2), 1200,
            [
                new() { Scope = new("ci"), Name = "b", RoleRef = new("Role", "r"), Used = new(1, Then, Then), AlsoAllowed = 2, IsObservable = false, Rules = [new(0, new(0, null, null)) { AlsoAllowed = 1, Members = ["get pods"] }] },
            ])
            {
                Accounts = [new(new("ci", "pipeline"), ["Deployment web", "CronJob nightly"], new(0, null, null)), new(new("ci", "other"), ["Pod a"], new(2, null, null)) { IsObservable = false }],
            },
        };
        posture = posture with { Frameworks = FrameworkResult.Of(posture) };
        return posture with { Comparison = Comparison.Between(Earlier(), posture), View = posture.Frameworks[0].Framework };
    }
}
