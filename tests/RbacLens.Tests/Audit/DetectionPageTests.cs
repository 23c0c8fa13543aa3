using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Audit;

public sealed class DetectionPageTests
{
    [Fact]
    public void The_page_about_detections_lists_each_of_them()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "audit.README.md"));
        Assert.All(DetectionFiles.BuiltIn, rule => Assert.Contains($"| [{rule.Id}]({rule.Id}.yaml) | {char.ToLowerInvariant(rule.Title[0])}{rule.Title[1..]} | {rule.Level} |", page, StringComparison.Ordinal));
    }
}
