using System.IO.Compression;
using System.Text;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Tests.Inputs;

public sealed class FileSourceTests
{
    const string Rules = """ "rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}] """;

    static string Role(string name, string more = "") =>
        $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"{{name}}"{{more}}},{{Rules}}}""";

    static Task<Snapshot> ReadAsync(string text, string defaultNamespace = "default") => ReadAsync(Encoding.UTF8.GetBytes(text), defaultNamespace);

    static Task<Snapshot> ReadAsync(byte[] bytes, string defaultNamespace = "default") =>
        new FileSource(defaultNamespace, recursive: false).ReadAsync(["-"], () => new MemoryStream(bytes), CommandLine.Now, default);

    public static TheoryData<string, string> Shapes => new()
    {
        { "a List", $$"""{"apiVersion":"v1","kind":"List","items":[{{Role("a")}},{{Role("b")}}]}""" },
        { "a List whose kind comes last, as kubectl sorts it", $$"""{"apiVersion":"v1","items":[{{Role("a")}},{{Role("b")}}],"kind":"List"}""" },
        { "a typed list, whose items do not say their kind", $$"""{"kind":"RoleList","apiVersion":"rbac.authorization.k8s.io/v1","items":[{"metadata":{"name":"a"},{{Rules}}},{"metadata":{"name":"b"},{{Rules}}}]}""" },
        { "an array", $"[{Role("a")},{Role("b")}]" },
        { "one object after the other", Role("a") + "\n" + Role("b") + "\n" },
        { "two Lists", $$"""{"kind":"List","apiVersion":"v1","items":[{{Role("a")}}]}{"kind":"List","apiVersion":"v1","items":[{{Role("b")}}]}""" },
        { "YAML documents", $"# a comment\n---\n{Role("a")}\n---\n# nothing here\n---\n{Role("b")}\n...\n" },
        { "a YAML List", $"apiVersion: v1\nkind: List\nitems:\n- {Role("a")}\n- {Role("b")}\n" },
        { "fields in any order", $$"""[{ {{Rules}},"metadata":{"name":"a"},"kind":"Role"},{"metadata":{"labels":{"x":"y"},"name":"b"},{{Rules}},"kind":"Role"}]""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_same_objects_in_any_shape_are_the_same_snapshot(string shape, string text)
    {
        var snapshot = await ReadAsync(text);

        Assert.True(snapshot.Roles.Select(role => role.Name).SequenceEqual(["a", "b"]), shape);
        Assert.All(snapshot.Roles, role => Assert.Equal(new Scope("default"), role.Scope));
        Assert.All(snapshot.Roles, role => Assert.True(role.Rules[0].Allows(new AccessRequest.Resource("get", "", "pods"))));
        Assert.Empty(snapshot.Gaps);
    }

    [Fact]
    public async Task Gzip_is_unpacked_even_twice()
    {
        var packed = Gzip(Gzip(Encoding.UTF8.GetBytes(Role("a"))));
        Assert.Single((await ReadAsync(packed)).Roles);
    }

    [Fact]
    public async Task Objects_larger_than_a_buffer_are_read_whole()
    {
        var names = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"name-{i}\""));
        var big = $$"""{"kind":"Role","metadata":{"name":"big"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["secrets"],"resourceNames":[{{names}}]}]}""";
        var snapshot = await ReadAsync($"[{Role("a")},{big},{Role("c")}]");

        Assert.Equal(["a", "big", "c"], snapshot.Roles.Select(role => role.Name));
        Assert.Equal(300_000, snapshot.Roles[1].Rules[0].ResourceNames.Count);
    }

    [Fact]
    public async Task Every_way_to_cut_the_input_into_buffers_gives_the_same_snapshot()
    {
        var text = $$"""{"apiVersion":"v1","kind":"List","rbacLens":{"context":"c","version":"v1.34.0","collectedAt":"2026-01-02T03:04:05Z","kinds":[],"gaps":[]},"items":[{{Role("a\u0105")}},{{Role("b")}}]}""";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var builder = new SnapshotBuilder();
            var reader = new ListReader(builder, "test", firstBuffer: size);
            await reader.ReadAsync(new DrippingStream(bytes, 1 + (size % 13)), kind: null, default);
            var snapshot = builder.Build(new("test", null, "dump"), default);

            Assert.Equal(["a\u0105", "b"], snapshot.Roles.Select(role => role.Name));
            Assert.Empty(snapshot.Gaps);
            Assert.Equal("v1.34.0", reader.Note?.Cluster.Version);
        }
    }

    [Fact]
    public async Task What_an_API_server_stored_is_a_dump_and_what_it_lacks_is_unknown()
    {
        var dump = await ReadAsync(Role("a", ""","uid":"1" """));
        var manifests = await ReadAsync(Role("a"));

        Assert.Equal("dump", dump.Cluster.Source);
        Assert.Contains(dump.Gaps, gap => gap is { Kind: "ClusterRole", Reason: Gap.Reasons.Absent });
        Assert.DoesNotContain(dump.Gaps, gap => gap.Kind == "Role");
        Assert.Equal("manifests", manifests.Cluster.Source);
        Assert.Empty(manifests.Gaps);
    }

    [Fact]
    public async Task Namespaced_objects_that_name_no_namespace_get_the_current_one()
    {
        var binding = """{"kind":"RoleBinding","metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"a"},"subjects":[{"kind":"ServiceAccount","name":"robot"}]}""";
        var snapshot = await ReadAsync(binding, "staging");

        Assert.Equal(new Scope("staging"), snapshot.Bindings[0].Scope);
        Assert.Equal(new Subject.ServiceAccount("staging", "robot"), snapshot.Bindings[0].Subjects[0]);
    }

    [Fact]
    public async Task A_directory_is_read_without_what_lies_beside_the_manifests()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "below"));
        File.WriteAllText(Path.Combine(folder.Path, "role.txt"), Role("a"));
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), "# Roles\n\nkind of a readme\n");
        File.WriteAllText(Path.Combine(folder.Path, "run.sh"), "#!/bin/sh\necho hello\n");
        File.WriteAllText(Path.Combine(folder.Path, "below", "role.yaml"), "kind: Role\nmetadata: {name: b}\n");

        var flat = await new FileSource("default", recursive: false).ReadAsync([folder.Path], () => Stream.Null, CommandLine.Now, default);
        var deep = await new FileSource("default", recursive: true).ReadAsync([folder.Path], () => Stream.Null, CommandLine.Now, default);

        Assert.Equal(["a"], flat.Roles.Select(role => role.Name));
        Assert.Equal(["a", "b"], deep.Roles.Select(role => role.Name));
        Assert.Empty(deep.Gaps);
    }

    [Fact]
    public async Task Null_lists_are_empty_ones()
    {
        var snapshot = await ReadAsync("""[{"kind":"ClusterRole","metadata":{"name":"r"},"rules":null},{"kind":"ClusterRoleBinding","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":null}]""");

        Assert.Empty(snapshot.Roles[0].Rules);
        Assert.Empty(snapshot.Bindings[0].Subjects);
        Assert.Empty(snapshot.Gaps);
    }

    [Fact]
    public async Task Merge_keys_and_anchors_mean_what_they_mean_to_kubectl()
    {
        var yaml = """
            kind: Role
            metadata: &meta {name: a, namespace: staging}
            rules:
            - &rule {verbs: [get], apiGroups: [""], resources: [pods]}
            - {<<: *rule, resources: [secrets]}
            - *rule
            """;
        var rules = (await ReadAsync(yaml)).Roles[0].Rules;

        Assert.Equal(["pods", "secrets", "pods"], rules.Select(rule => rule.Resources.ToString()));
        Assert.All(rules, rule => Assert.Equal("get", rule.Verbs.ToString()));
    }

    [Fact]
    public async Task An_input_of_many_stretches_is_read_whole_however_it_arrives()
    {
        // Each item is as long as its number says, so that stretches end everywhere in them; two are longer than what may be left of a stretch.
        var names = Enumerable.Range(0, 20_000).Select(i => $"role-{i:d5}").ToList();
        var text = new StringBuilder("""{"kind":"List","items":[""");
        foreach (var (i, name) in names.Index())
            text.Append(i == 0 ? "" : ",\n").Append(Role(name, $",\"managedFields\":[\"{new string('x', i is 7_000 or 13_000 ? 400_000 : 100 + (i % 257))}\"]"));
        var bytes = Encoding.UTF8.GetBytes(text.Append("]}").ToString());

        foreach (var stream in new[] { new MemoryStream(bytes), new DrippingStream(bytes, 99_991), new GZipStream(new MemoryStream(Gzip(bytes)), CompressionMode.Decompress) as Stream })
        {
            var builder = new SnapshotBuilder();
            await new ListReader(builder, "test").ReadAsync(stream, kind: null, default);

            Assert.Equal(names, builder.Build(new("test", null, "dump"), default).Roles.Select(role => role.Name));
        }

        var broken = await Assert.ThrowsAsync<InputException>(() => ReadAsync([.. bytes.AsSpan(0, bytes.Length - 2), .. ",!"u8]));
        Assert.Contains($"line {names.Count}, byte ", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_a_pod_are_the_same_however_they_are_written()
    {
        const string Plain = """
            {"kind":"Pod","metadata":{"name":"p","ownerReferences":[{"kind":"Job","name":"nightly","controller":true}]},"spec":{
              "containers":[{"name":"c","env":[{"name":"LONG_ENOUGH_TO_BE_JUMPED_OVER","value":"and nothing of it is read at all"},{"name":"P","valueFrom":{"secretKeyRef":{"name":"password","key":"k"}}}],
                "envFrom":[{"configMapRef":{"name":"long-enough-to-be-jumped-over-unless"}},{"secretRef":{"name":"keys"}}],
                "volumeMounts":[{"name":"disk","mountPath":"/disk","readOnly":true}]}],
              "serviceAccount":"robot","volumes":[{"hostPath":{"path":"/var/log"},"name":"disk"}]}}
            """;
        var escaped = Plain.Replace("\"Job\"", "\"J\\u006fb\"").Replace("secretKeyRef", "secretKey\\u0052ef").Replace("secretRef", "\\u0073ecretRef")
            .Replace("\"name\":\"disk\",", "\"name\":\"d\\u0069sk\",").Replace("robot", "r\\u006fbot");

        foreach (var text in new[] { Plain, escaped })
        {
            var pod = Assert.Single((await ReadAsync(text)).Workloads);

            Assert.Equal(("Job/nightly", "robot"), (pod.Owner, pod.ServiceAccount));
            Assert.Equal<string>(["keys", "password"], pod.SecretVariables);
            Assert.Equal<string>(["/var/log"], pod.ReadOnlyHostPaths);
        }
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Gives a few bytes at a time, as a slow connection does.</summary>
    sealed class DrippingStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
