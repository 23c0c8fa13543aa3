using System.IO.Compression;
using RbacLens.Access;
using RbacLens.Cli.Inputs;

namespace RbacLens.Tests.Inputs;

/// <summary>Where an object stands in the manifests it was read from.</summary>
public sealed class SourceLineTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rbac-lens-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string, string, string> Shapes => new()
    {
        { "YAML documents", "# about\n---\n\n# a role\nkind: ClusterRole\nmetadata: {name: a}\n---\nkind: ClusterRole\nmetadata: {name: b}\n", "a:5 b:8" },
        { "a YAML List", "apiVersion: v1\nkind: List\nitems:\n- kind: ClusterRole\n  metadata: {name: a}\n\n- metadata: {name: b}\n  kind: ClusterRole\n", "a:4 b:7" },
        { "a YAML sequence", "- kind: ClusterRole\n  metadata: {name: a}\n-\n  kind: ClusterRole\n  metadata: {name: b}\n", "a:1 b:4" },
        { "a JSON object", "\n\n{\"kind\":\"ClusterRole\",\n\"metadata\":{\"name\":\"a\"}}", "a:3" },
        { "JSON objects", "{\"kind\":\"ClusterRole\",\n\"metadata\":{\"name\":\"a\"}}\n{\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"b\"}}", "a:1 b:3" },
        { "a JSON List", "{\"kind\":\"List\",\n\"items\":[\n{\"kind\":\"ClusterRole\",\"metadata\":\n{\"name\":\"a\"}},\n\n{\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"b\"}}]}", "a:3 b:6" },
        { "what a server had stored", "kind: ClusterRole\nmetadata: {name: a, uid: 1-2-3}\n", "" },
        { "a dump", "{\"items\":[{\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"a\",\"uid\":\"x\"}}]}", "" },
        { "a snapshot of ours", "{\"rbacLens\":{\"collectedAt\":\"2026-11-21T10:00:00Z\"},\"items\":[{\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"a\"}}]}", "" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_object_of_a_manifest_has_its_file_and_line(string shape, string text, string expected)
    {
        var file = Path.Combine(folder, "manifest");
        await File.WriteAllTextAsync(file, text);
        var snapshot = await new FileSource("default", recursive: false).ReadAsync([file], () => Stream.Null, CommandLine.Now, default);
        var lines = snapshot.Sources.OrderBy(source => source.Key.Name, StringComparer.Ordinal).Select(source => $"{source.Key.Name}:{source.Value.Line}");
        Assert.True(expected == string.Join(' ', lines), $"{shape}: {string.Join(' ', lines)}");
        Assert.All(snapshot.Sources.Values, source => Assert.Equal(file, source.File));
    }

    [Fact]
    public async Task Lines_are_right_across_buffers()
    {
        var file = Path.Combine(folder, "large.json");
        var items = Enumerable.Range(0, 20_000).Select(i => $$$"""{"kind":"ClusterRole","metadata":{"name":"{{{i:00000}}}","labels":{"a":"{{{new string('x', i % 90)}}}"} } }""");
        await File.WriteAllTextAsync(file, "[\n" + string.Join(",\n", items) + "\n]");
        var snapshot = await new FileSource("default", recursive: false).ReadAsync([file], () => Stream.Null, CommandLine.Now, default);
        Assert.Equal(20_000, snapshot.Sources.Count);
        Assert.All(snapshot.Sources, source => Assert.Equal(int.Parse(source.Key.Name) + 2, source.Value.Line));
    }

    [Fact]
    public async Task The_first_of_two_copies_counts_as_it_does_for_the_object()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), "kind: ClusterRole\nmetadata: {name: a}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "b.yaml"), "\nkind: ClusterRole\nmetadata: {name: a}\n");
        var snapshot = await new FileSource("default", recursive: false).ReadAsync([folder], () => Stream.Null, CommandLine.Now, default);
        Assert.Equal(new SourceLine(Path.Combine(folder, "a.yaml"), 1), snapshot.Sources[("ClusterRole", "", "a")]);
    }

    [Fact]
    public async Task Of_a_rendered_chart_on_standard_input_the_template_is_known()
    {
        var text = "---\n# Source: chart/templates/role.yaml\nkind: ClusterRole\nmetadata: {name: a}\n---\nkind: ClusterRole\nmetadata: {name: b}\n"u8.ToArray();
        var snapshot = await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(text), CommandLine.Now, default);
        Assert.Equal(new SourceLine("chart/templates/role.yaml", null), Assert.Single(snapshot.Sources).Value);
    }

    [Fact]
    public async Task Packed_manifests_have_lines_too()
    {
        var file = Path.Combine(folder, "packed.gz");
        await using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
            gzip.Write("\nkind: ClusterRole\nmetadata: {name: a}\n"u8);
        var snapshot = await new FileSource("default", recursive: false).ReadAsync([file], () => Stream.Null, CommandLine.Now, default);
        Assert.Equal(2, Assert.Single(snapshot.Sources).Value.Line);
    }

    [Fact]
    public async Task A_manifest_below_the_current_directory_is_known_by_its_path_from_there()
    {
        var name = $"here-{Guid.NewGuid():N}.yaml";
        var file = Path.Combine(Environment.CurrentDirectory, name);
        await File.WriteAllTextAsync(file, "kind: ClusterRoleBinding\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {name: a}\nroleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}\nsubjects: [{kind: User, name: eve}]\n");
        try
        {
            var result = await CommandLine.RunAsync(["scan", "--from", file, "-o", "gitlab"]);
            Assert.Contains($"\"path\": \"{name}\"", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_input_without_roles_is_never_all_clear()
    {
        foreach (var format in new[] { "text", "markdown", "html" })
        {
            var result = await CommandLine.RunAsync("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}""", "scan", "--from", "-", "-o", format);
            Assert.Contains("nothing about access was judged", result.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("could be read", result.Output, StringComparison.Ordinal);
        }
    }
}
