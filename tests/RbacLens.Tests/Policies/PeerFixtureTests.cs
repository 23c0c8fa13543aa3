using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>
/// What other tools' own test suites say of their inputs: we agree, or <c>differences.tsv</c> says in one line why not. Others judge roles;
/// we judge who holds them, so a role that nobody is bound to in an input is given to one user first.
/// </summary>
public sealed class PeerFixtureTests
{
    const string Reader = "fixture-reader";

    public static TheoryData<string> Checks => [.. Fixtures.Select(fixture => fixture.Check).Distinct().Order(StringComparer.Ordinal)];

    static readonly Lazy<Dictionary<string, string[]>> PoliciesOf = new(() =>
        Lines("checks.tsv").ToDictionary(line => line[0], line => line[1].Split(' ')));

    static readonly Lazy<List<string[]>> Differences = new(() => [.. Lines("differences.tsv")]);

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task We_agree_with_the_tools_own_verdict_or_say_why_not(string check)
    {
        var wrong = new List<string>();
        foreach (var fixture in Fixtures.Where(fixture => fixture.Check == check && fixture.Expected != "unknown"))
        {
            var found = await FindAsync(fixture);
            var agrees = found.Count > 0 == (fixture.Expected == "fail");
            var explained = Differences.Value.Any(line => IsAbout(line, fixture));
            if (agrees == explained)
                wrong.Add($"{fixture.File}\t{fixture.Object}\t{fixture.Expected}, {(explained ? "is explained, but we agree" : $"found {string.Join(", ", found.DefaultIfEmpty("nothing"))}")}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Every_difference_is_about_an_input_and_gives_a_reason()
    {
        foreach (var line in Differences.Value)
        {
            Assert.Contains(Fixtures, fixture => IsAbout(line, fixture));
            Assert.Contains("https://", line[3]);
        }
    }

    [Fact]
    public void Every_policy_in_the_table_of_checks_exists() =>
        Assert.Empty(PoliciesOf.Value.Values.SelectMany(ids => ids).Select(id => id.Split('@')[0]).Where(id => id != "-").Except(PolicyFiles.BuiltIn.Select(policy => policy.Id)));

    static async Task<List<string>> FindAsync(Fixture fixture)
    {
        if (await ReadAsync(fixture.Manifests) is not { } read)
            return [];
        var findings = await Judging.SnapshotAsync(await Shipped.ApplyAsync(read with { Bindings = [.. read.Bindings, .. Bound(read)] }, default));
        return [.. findings.Where(finding => !finding.IsStock && Answers(finding, PoliciesOf.Value[fixture.Check]) && IsAbout(finding, fixture.Object))
            .Select(finding => finding.Policy.Id).Distinct()];
    }

    // Some inputs hold nothing that the API server would take: "kind: ClusterRolebinding", subjects that are no list.
    static async Task<Snapshot?> ReadAsync(string manifests)
    {
        try
        {
            return await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(manifests)), default, default);
        }
        catch (InputException)
        {
            return null;
        }
    }

    // "policy", or "policy@severity" for findings at least as bad.
    static bool Answers(Finding finding, string[] answers) => answers.Select(answer => answer.Split('@')).Any(answer =>
        answer[0] == finding.Policy.Id && (answer.Length == 1 || finding.Severity >= Enum.Parse<Severity>(answer[1], ignoreCase: true)));

    static IEnumerable<Binding> Bound(Snapshot snapshot) =>
        from role in snapshot.Roles
        where !snapshot.Bindings.Any(binding => binding.RoleRef.Name == role.Name && binding.RoleRef.IsClusterRole == role.Scope.IsCluster)
        select new Binding(role.Scope, $"{role.Name}-{Reader}", [new Subject.User(Reader)], new(role.Kind, role.Name));

    // The suites name roles, bindings, subjects or workloads, as "Role/namespace/name", "Kind.namespace.name", or by kind alone.
    static bool IsAbout(Finding finding, string objects) =>
        objects.Length == 0 || objects.Split(" ; ").Any(named =>
        {
            var parts = named.Split(named.Contains('/') ? '/' : '.', named.Contains('/') ? 4 : 3);
            return parts.Length == 1 ? finding.About.Kind == named || finding.Because.StartsWith(named + " ", StringComparison.Ordinal) || finding.Because.Contains($" {named} ", StringComparison.Ordinal) || finding.Grants.Any(grant => grant.Binding.Kind == named || grant.Role.Kind == named)
                : Names(finding).Contains(parts[^1]);
        });

    static IEnumerable<string> Names(Finding finding) =>
        finding.Grants.SelectMany(grant => new[] { grant.Binding.Name, grant.Role.Name }).Append(finding.About.Name).Append(finding.About.Namespace);

    static bool IsAbout(string[] line, Fixture fixture) =>
        Fits(line[0], fixture.File) && (line[1].Length == 0 || line[1] == fixture.Object) && line[2] == fixture.Expected;

    static bool Fits(string pattern, string file) => Regex.IsMatch(file, "^" + Regex.Escape(pattern).Replace("\\*", ".*") + "$");

    static readonly IReadOnlyList<Fixture> Fixtures = ReadFixtures();

    sealed record Fixture(string File, string Check, string Expected, string Object, string Manifests);

    static List<Fixture> ReadFixtures()
    {
        using var packed = new GZipStream(File.OpenRead(Vectors.PathOf("peer-fixtures/fixtures.jsonl.gz")), CompressionMode.Decompress);
        using var text = new StreamReader(packed);
        var fixtures = new List<Fixture>();
        while (text.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            string Text(string key) => json.RootElement.GetProperty(key).GetString()!;
            fixtures.Add(new(Text("file"), Text("check").Split(' ')[0], Text("expected"), Text("object"), Text("manifests")));
        }

        return fixtures;
    }

    static IEnumerable<string[]> Lines(string name) =>
        File.ReadLines(Vectors.PathOf("peer-fixtures/" + name)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t'));
}
