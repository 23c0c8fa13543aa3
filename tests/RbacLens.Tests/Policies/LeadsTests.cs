using System.Collections.Immutable;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

public sealed class LeadsTests
{
    static readonly Suppression Accepted = new("jo", "why", null);

    [Theory]
    [InlineData("critical: secrets-read, nodes-proxy", "nodes-proxy")]                     // the most direct way leads
    [InlineData("critical: pods-exec, cluster-admin-binding", "cluster-admin-binding")]    // what is the cluster, before what leads to it
    [InlineData("critical: namespaces-write, wildcard-write", "wildcard-write")]           // everything, before one of the things
    [InlineData("critical: nodes-proxy, cluster-admin-equivalent", "cluster-admin-equivalent")]
    [InlineData("critical: pods-create, argo-workflows-create", "pods-create")]            // a controller may not be there
    [InlineData("high: crds-write, wildcard-delete", "crds-write")]
    public void One_finding_about_a_subject_leads_and_the_others_stand_beside_it(string found, string lead)
    {
        var severity = Enum.Parse<Severity>(found.Split(':')[0], ignoreCase: true);
        var marked = Leads.Mark([.. found.Split(": ")[1].Split(", ").Select(id => Find(id, severity))]);

        Assert.Equal((lead, severity), (marked[0].Policy.Id, marked[0].Severity));
        Assert.Null(marked[0].Lead);
        Assert.All(marked.Skip(1), finding => Assert.Equal((Severity.Medium, marked[0].Fingerprint), (finding.Severity, finding.Lead)));
        Assert.Contains($"{severity.ToString().ToLowerInvariant()} by itself, beside {lead}", marked[1].Because);
    }

    [Fact]
    public void What_is_accepted_or_ships_leads_nobody()
    {
        ImmutableArray<Finding> found =
        [
            Find("cluster-admin-binding", Severity.Critical) with { Suppression = Accepted },
            Find("escalate", Severity.Critical) with { IsStock = true },
            Find("secrets-read", Severity.Critical),
        ];

        Assert.All(Leads.Mark(found), finding => Assert.Equal((Severity.Critical, (string?)null), (finding.Severity, finding.Lead)));
    }

    [Fact]
    public void Other_subjects_objects_and_lesser_findings_stay_as_they_are()
    {
        ImmutableArray<Finding> found =
        [
            Find("secrets-read", Severity.Critical),
            Find("secrets-read", Severity.Critical) with { About = new("User", "", "kim") },
            Find("powerful-token-mounted", Severity.High) with { About = new("Deployment", "app", "web") },
            Find("pods-delete", Severity.Low),
        ];

        Assert.Equal(found.Select(finding => finding.Severity), Leads.Mark(found).Select(finding => finding.Severity));
    }

    [Fact]
    public async Task The_recorded_cluster_has_no_more_alarms_about_subjects_than_subjects_that_earn_one()
    {
        var read = await new FileSource("default", recursive: false).ReadAsync([Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz")], () => Stream.Null, default, default);
        var posture = Posture.Of(read, PolicyFiles.BuiltIn, [.. await Judging.SnapshotAsync(read)], "test", includeStock: false);
        var alarms = posture.Findings.Where(finding => finding.Severity >= Severity.High && finding.About.Kind is "User" or "Group" or "ServiceAccount").ToList();

        Assert.Equal(posture.Findings.Length, posture.Findings.Select(finding => finding.Fingerprint).Distinct().Count());
        Assert.Equal(alarms.Select(finding => finding.About).Distinct().Count(), alarms.Count);
        foreach (var line in File.ReadLines(Vectors.PathOf("seed-scenario/EXPECTED.tsv")).Select(row => row.Split('\t')).Where(fields => fields.Length > 6).Where(fields => fields[6].StartsWith("critical", StringComparison.Ordinal)))
            Assert.Contains(alarms, finding => finding.Policy.Id == line[1] && finding.About.Equals(new Target(line[2], line[3], line[4])));
    }

    static Finding Find(string id, Severity severity) =>
        new(PolicyFiles.BuiltIn.Single(policy => policy.Id == id), new("User", "", "jane"), [Scope.Cluster], severity, "because");
}
