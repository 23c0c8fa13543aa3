using RbacLens.Audit;
using RbacLens.Tests.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

public sealed class AllowedUseTests
{
    static readonly DateOnly Today = new(2026, 11, 21);

    // What is only worth knowing is told once of many objects; an entry that names some of them is about these, and the rest stays told.
    [Theory]
    [InlineData("clusterrolebindings *", 20, 0)]
    [InlineData("clusterrolebindings owned", 19, 1)]
    [InlineData("clusterrolebindings ci-*", 18, 2)]
    [InlineData("rolebindings *", 20, 0)]
    public async Task An_entry_for_one_of_many_is_found_among_them(string target, long told, int apart)
    {
        var detector = await AuditReading.DetectorAsync();
        var log = await AuditReading.ReadAsync(string.Join('\n', AuditReading.SeedLines), detector);
        var use = new AllowedUse("rbac-change", "kubernetes-admin", target, new("me", "set-up", new(2027, 1, 1)));
        var (marked, idle) = AllowedUse.Allow(detector.Detect(log, [use]), [use], Today);
        var bindings = marked.Where(detection => detection is { Id: "rbac-change", User: "kubernetes-admin", Target.Resource: "clusterrolebindings" }).ToList();

        Assert.Empty(idle);
        Assert.Equal(told, bindings.Single(detection => detection.Target.Name.Length == 0).Requests);
        Assert.Equal(apart, bindings.Count(detection => detection.Target.Name.Length > 0 && detection.Suppression is not null));
        Assert.Equal(20, bindings.Sum(detection => detection.Requests));
    }
}
