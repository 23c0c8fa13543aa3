using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>The recorded cluster: what a scan must and must not report, from its dump and from its manifests.</summary>
public sealed class SeedScenarioTests
{
    static readonly Lazy<Task<IReadOnlyList<Finding>>> FromDump = new(() => ReadAsync(Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz")));
    static readonly Lazy<Task<IReadOnlyList<Finding>>> FromManifests = new(() => ReadAsync(
        [.. Directory.GetFiles(Vectors.PathOf("seed-scenario"), "*.yaml").Order(StringComparer.Ordinal)]));

    public static TheoryData<string> Expected =>
        [.. File.ReadLines(Vectors.PathOf("seed-scenario/EXPECTED.tsv")).Skip(1).Where(line => line.Length > 0)];

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task The_dump_yields_what_is_expected(string line) => Check(line, await FromDump.Value);

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task The_manifests_yield_what_is_expected(string line) => Check(line, await FromManifests.Value);

    static void Check(string line, IReadOnlyList<Finding> findings)
    {
        var fields = line.Split('\t');
        var (verdict, policy, about, scope, note) = (fields[0], fields[1], new Target(fields[2], fields[3], fields[4]), fields[5], fields[6]);
        var scopes = scope == "*" ? Scope.Cluster : new(scope);
        // A finding about an object stands in its namespace; the table writes * for objects that have none.
        var found = findings.Where(finding => !finding.IsStock && finding.Policy.Id == policy && finding.About == about && finding.Scopes.Contains(scopes)).ToList();
        Assert.True(found.Count > 0 == (verdict == "must"), $"{line}: found {string.Join("; ", found.Select(finding => finding.Because))}");
        if (Enum.TryParse<Severity>(note.Split(':', ' ')[0], ignoreCase: true, out var severity) && note.Length > 0)
            Assert.Equal(severity, found[0].Severity);
        if (note.Contains("not critical by itself", StringComparison.Ordinal))
            Assert.NotEqual(Severity.Critical, found[0].Severity);
    }

    static async Task<IReadOnlyList<Finding>> ReadAsync(params string[] paths)
    {
        var read = await new FileSource("default", recursive: false).ReadAsync(paths, () => Stream.Null, default, default);
        return await Judging.SnapshotAsync(read.Cluster.Source == "manifests" ? await Shipped.ApplyAsync(read, default) : read);
    }
}
