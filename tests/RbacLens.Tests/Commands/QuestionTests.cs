using System.Text.Json;
using RbacLens.Tests.Inputs;
using YamlDotNet.RepresentationModel;

namespace RbacLens.Tests.Commands;

/// <summary>The questions that people type, on the recorded cluster.</summary>
public sealed class QuestionTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    // Subjects that the API server allowed this, of all that bindings name and all service accounts. These questions were put to other tools: the
    // best named 4 of 10 for /metrics, and took nodes/proxy for a node that is called so.
    [Theory]
    [InlineData("get nodes/proxy", 11)]
    [InlineData("get no --subresource proxy", 11)]
    [InlineData("patch pods/status -n production", 14)]
    [InlineData("create Pod/exec -n production", 15)]
    [InlineData("list secrets -n kube-system", 22)]
    [InlineData("get /metrics", 10)]
    public async Task Who_can_names_everybody(string question, int expected)
    {
        var result = await AskAsync($"who-can {question} --expand -o json");
        Assert.Equal(expected, result.GetProperty("subjects").GetArrayLength());
    }

    [Theory]
    [InlineData("po", "", "pods", "")]
    [InlineData("Deployment", "apps", "deployments", "")]
    [InlineData("deploy", "apps", "deployments", "")]
    [InlineData("deployments.apps/scale", "apps", "deployments", "scale")]
    [InlineData("deployments/scale.apps", "apps", "deployments", "scale")]
    [InlineData("deployments.v1.apps", "apps", "deployments", "")]
    [InlineData("ingress", "networking.k8s.io", "ingresses", "")]
    [InlineData("ingresses.extensions", "extensions", "ingresses", "")]
    [InlineData("nodes/proxy", "", "nodes", "proxy")]
    [InlineData("pods.metrics.k8s.io", "metrics.k8s.io", "pods", "")]
    [InlineData("events", "", "events", "")]
    [InlineData("certificates.cert-manager.io", "cert-manager.io", "certificates", "")]
    [InlineData("users", "", "users", "")]
    [InlineData("userextras/scopes", "authentication.k8s.io", "userextras", "scopes")]
    public async Task Resources_are_spelled_as_for_kubectl(string spelling, string apiGroup, string plural, string subresource)
    {
        var request = (await AskAsync($"who-can get {spelling} -o json")).GetProperty("request");
        Assert.Equal((apiGroup, plural, subresource), (RbacJson.Text(request, "group"), RbacJson.Text(request, "resource"), RbacJson.Text(request, "subresource")));
    }

    [Theory]
    [InlineData("whocan get pods", "unknown command \"whocan\"; did you mean who-can?")]
    [InlineData("who-can get secrets --all-namespace", "unknown option --all-namespace; did you mean --all-namespaces?")]
    [InlineData("who-can get secrets --expnd", "unknown option --expnd; did you mean --expand?")]
    [InlineData("can-i get secrets --al --as alice", "unknown option --al")]
    [InlineData("explain sa:ci/batch get secrets -X", "unknown option -X")]
    [InlineData("explain sa:ci/batch get secrets -A -n ci", "give one or the other")]
    [InlineData("lookup --frm", "unknown option --frm; did you mean --from?")]
    [InlineData("can-i get pods --as user:alice", "--as takes the user's name: alice")]
    [InlineData("can-i get pods --as sa:ci/pipeline", "--as takes the user's name: system:serviceaccount:ci:pipeline")]
    [InlineData("can-i get pods --as group:sre", "for this there is --as-group sre")]
    [InlineData("can-i get pods --as alice --as-group group:sre", "--as-group takes the group's name: sre")]
    [InlineData("who-can gte pods", "\"gte\" is no verb; did you mean get?")]
    [InlineData("who-can GET pods", "verbs are in lower case: get")]
    [InlineData("who-can list /metrics", "\"list\" is no verb of URLs")]
    [InlineData("who-can get wigdets", "there is no resource \"wigdets\"")]
    [InlineData("who-can get deployment", null)]
    [InlineData("who-can get deploymnet", "did you mean deployment")]
    [InlineData("who-can get pods.apps", "there is no resource \"pods\" in group \"apps\"; did you mean pods")]
    [InlineData("who-can get pods/exce", "pods has no subresource \"exce\"; did you mean exec?")]
    [InlineData("who-can get pods/web-1", "for an object of that name: pods web-1")]
    [InlineData("who-can get pods -n prodcution", "-n prodcution: nothing in")]
    [InlineData("who-can get pods -n production -A", "give one or the other")]
    [InlineData("who-can get /metrics name", "is a URL")]
    [InlineData("who-can get /api/v1/watch", "is no URL that an API server answers")]
    [InlineData("who-can get pods -o xml", "-o xml: not a format of answers")]
    [InlineData("can-i get", "get what?")]
    [InlineData("can-i get pods", "name a user with --as")]
    [InlineData("can-i get pods --as-group g", "name a user with --as")]
    [InlineData("can-i get pods --as a --check-live", "--check-live asks the API server")]
    [InlineData("can-i get pods --as a --batch x", "--batch brings its own questions")]
    [InlineData("can-i --batch x -o json", "--batch: --output has no meaning beside it")]
    [InlineData("can-i --batch x -q", "--batch: --quiet has no meaning")]
    [InlineData("can-i --batch x --as a", "--batch: --as has no meaning")]
    [InlineData("can-i --batch x -n ci", "--batch: --namespace has no meaning")]
    [InlineData("permissions alice", "alice: expected sa:NAMESPACE/NAME, user:NAME or group:NAME; did you mean user:alice?")]
    [InlineData("permissions sa:pipeline", "a service account is written sa:NAMESPACE/NAME")]
    [InlineData("permissions me", "a file does not know who you are")]
    [InlineData("permissions user:alice --matrix --compare user:bob", "ask for one of them")]
    [InlineData("explain sa:ci/batch", "to explain what a subject may do, say what")]
    [InlineData("explain 00000000", "has a fingerprint that begins so")]
    [InlineData("lookup alic", "*alic* would find alice")]
    [InlineData("lookup clusteradmin", "did you mean cluster-admin?")]
    public async Task Wrong_input_gets_a_line_that_helps(string command, string? expected)
    {
        var result = await CommandLine.RunAsync([.. command.Split(' '), "--from", Dump]);

        Assert.Equal(expected is null ? 0 : 2, result.ExitCode);
        if (expected is null)
            return;
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("bind clusterroles -n production", "production", "")] // a ClusterRole is bound in the namespace of the RoleBinding
    [InlineData("bind clusterroles", "", "")]
    [InlineData("delete namespaces production", "production", "production")] // a namespace is an object in itself
    [InlineData("delete namespaces -n production", "production", "production")]
    [InlineData("list namespaces -n production", "", "")]
    [InlineData("get nodes -n production", "", "")]
    [InlineData("get pods", "default", "")]
    [InlineData("get pods -A", "", "")]
    public async Task The_namespace_is_the_one_that_the_API_server_would_ask_in(string question, string ns, string name)
    {
        var request = (await AskAsync($"who-can {question} -o json")).GetProperty("request");
        Assert.Equal((ns, name), (RbacJson.Text(request, "namespace"), RbacJson.Text(request, "name")));
    }

    // An answer there is, but nobody should take it for more than it is.
    [Theory]
    [InlineData("who-can get nodes -n production", "nodes has no namespace")]
    [InlineData("who-can get frobs.example.com", "is not known to Kubernetes itself")]
    [InlineData("can-i get pods --as alice --as-group sree", "no binding names Group sree; did you mean sre?")]
    [InlineData("can-i get pods --as nobody --as-group sre", "no binding names User nobody (only what sre, system:authenticated may do counts)")]
    [InlineData("can-i get pods --as system:node:worker-1 --as-group system:nodes", "decided by the node authorizer, too")]
    [InlineData("who-can create pods web", "a create request carries no name, except where an apply (patch) or update makes what is not there")]
    [InlineData("who-can deletecollection pods web -A", "no deletecollection request carries a name")]
    [InlineData("who-can get /api/v1/namespaces/production/secrets", "is a request to list secrets in namespace production")]
    [InlineData("who-can post /apis/apps/v1/namespaces/production/deployments/web/scale", "is a request to create deployments.apps/scale web in namespace production")]
    [InlineData("permissions user:alicia", "no binding names User alicia; did you mean user:alice?")]
    [InlineData("can-i get pods --as system:serviceaccount:ci:nobody", "no binding names ServiceAccount ci/nobody")]
    public async Task Doubtful_input_is_answered_with_a_word_of_warning(string command, string expected)
    {
        var result = await CommandLine.RunAsync([.. command.Split(' '), "--from", Dump]);

        Assert.InRange(result.ExitCode, 0, 1);
        Assert.NotEqual("", result.Output);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create pods/exec -n production --as system:serviceaccount:ci:batch", 0, "yes")]
    [InlineData("create pods/exec -n production --as system:serviceaccount:ci:batch --as-group sre", 1, "no")] // named groups replace the implicit ones
    [InlineData("list secrets --as x --as-group system:masters", 0, "passes every check")]
    [InlineData("get /api --as anybody", 0, "Group system:authenticated")]
    [InlineData("get /api --as system:anonymous", 1, "no")]
    [InlineData("get secrets -n production --as system:serviceaccount:production:secret-reader", 1, "only for objects of certain names (payments-db)")]
    [InlineData("get secrets payments-db -n production --as system:serviceaccount:production:secret-reader", 0, "secret-by-name")]
    [InlineData("list secrets -n production --as system:serviceaccount:production:secret-reader", 1, "only in namespace kube-system")]
    [InlineData("list secrets -A --as system:serviceaccount:production:secret-reader", 1, "not in the whole cluster")]
    public async Task Can_i_says_yes_or_no_and_why(string question, int exitCode, string expected)
    {
        var result = await CommandLine.RunAsync(["can-i", .. question.Split(' '), "--from", Dump]);

        Assert.True(exitCode == result.ExitCode, result.Error);
        Assert.StartsWith(exitCode == 0 ? "yes\n" : "no\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.Equal("", (await CommandLine.RunAsync(["can-i", .. question.Split(' '), "-q", "--from", Dump])).Output);
    }

    [Fact]
    public async Task Explain_shows_every_step_and_the_lines_of_YAML()
    {
        var result = await CommandLine.RunAsync(["explain", "sa:ci/batch", "create", "pods/exec", "-n", "production", "--from", Dump]);

        foreach (var step in new[] { "ServiceAccount ci/batch can create pods/exec", "is in Group system:serviceaccounts:ci", "ClusterRoleBinding ci-edit-everywhere", "name: edit", "aggregated from ClusterRole system:aggregate-to-edit", "resources: [pods, pods/attach, pods/exec" })
            Assert.Contains(step, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_finds_a_finding_by_the_beginning_of_its_fingerprint()
    {
        var posture = (await CommandLine.RunAsync(["scan", "--from", Dump, "-o", "json"])).Output;
        var finding = JsonElement.Parse(posture).GetProperty("findings").EnumerateArray().First(one => one.GetProperty("grants").GetArrayLength() > 0);
        var fingerprint = RbacJson.Text(finding, "fingerprint");
        var result = await CommandLine.RunAsync(["explain", fingerprint[..10], "--from", Dump]);
        using var folder = new Inputs.TemporaryFolder();
        var saved = await CommandLine.RunAsync(["explain", fingerprint[..10], "--from", folder.Write("posture.json", posture)]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(fingerprint, result.Output, StringComparison.Ordinal);
        Assert.Contains(RbacJson.Text(finding, "title"), result.Output, StringComparison.Ordinal);
        Assert.Contains("is a subject of", result.Output, StringComparison.Ordinal);
        // Only where an aggregated rule comes from is not in a posture.
        static string Plain(string text) => string.Join('\n', text.Split('\n').Select(line => line.Split(", aggregated from")[0]));
        Assert.Equal(Plain(result.Output), saved.Output);
    }

    [Theory]
    [InlineData("alice", 5)] // one binding of her own, and those of everybody who logs in
    [InlineData("sa:ci/pipeline", 7)]
    [InlineData("role:cluster-admin", 6)]
    [InlineData("sa:ci/*", 12)] // six of their own, and those of the groups that they are in by themselves
    public async Task Lookup_lists_bindings_by_name(string name, int expected)
    {
        var result = await AskAsync($"lookup {name} -o json");
        Assert.Equal(expected, result.GetProperty("bindings").GetArrayLength());
    }

    [Fact]
    public async Task The_matrix_tells_some_names_from_all_and_leaves_out_what_cannot_be()
    {
        var result = await AskAsync("permissions sa:production/secret-reader --matrix -n production -o json");
        var secrets = result.GetProperty("resources").EnumerateArray().Single(row => RbacJson.Text(row, "resource") == "secrets").GetProperty("verbs");
        Assert.Equal("named", RbacJson.Text(secrets, "get"));
        Assert.Equal("no", RbacJson.Text(secrets, "create"));
    }

    [Fact]
    public async Task Comparing_shows_what_only_one_of_two_may_do()
    {
        var result = await AskAsync("permissions user:alice --compare sa:production/proxy-user -o json");
        Assert.NotEqual(0, result.GetProperty("left").GetProperty("only").GetArrayLength());
        Assert.Equal(0, result.GetProperty("right").GetProperty("only").GetArrayLength());
    }

    public static TheoryData<string> Questions =>
    [
        "who-can list secrets -A --expand", "can-i get pods --as alice", "permissions sa:production/proxy-user", "permissions user:alice --matrix",
        "permissions user:alice --compare group:sre", "explain sa:ci/batch create pods", "lookup sa:ci/*", $"diff {Dump} {Dump}",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Every_question_is_answered_in_every_format_and_YAML_says_what_JSON_says(string question)
    {
        string[] args = question.StartsWith("diff", StringComparison.Ordinal) ? question.Split(' ') : [.. question.Split(' '), "--from", Dump];
        var json = (await CommandLine.RunAsync([.. args, "-o", "json"])).Output;
        var yaml = (await CommandLine.RunAsync([.. args, "-o", "yaml"])).Output;
        var csv = (await CommandLine.RunAsync([.. args, "-o", "csv"])).Output;
        var table = (await CommandLine.RunAsync(args)).Output;

        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        Assert.Equal(Canonical(JsonElement.Parse(json)), Canonical(stream.Documents.Single().RootNode));
        Assert.NotEqual("", table);
        Assert.EndsWith("\r\n", csv, StringComparison.Ordinal);
        Assert.Equal(json, (await CommandLine.RunAsync([.. args, "-o", "json"])).Output);
    }

    [Theory]
    [InlineData("who-can")]
    [InlineData("can-i")]
    [InlineData("permissions")]
    [InlineData("explain")]
    [InlineData("lookup")]
    [InlineData("diff")]
    [InlineData("completion")]
    [InlineData("completion", "install")]
    public async Task Help_shows_an_example_and_is_no_wall_of_words(params string[] command)
    {
        var help = await CommandLine.RunAsync([.. command, "--help"]);

        Assert.Contains($"Examples:\n  ", help.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("rbac-lens " + command[0], help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("approve|attest", help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 260));
    }

    [Fact]
    public async Task Hostile_names_stay_text()
    {
        const string Name = "=HYPERLINK(\\\"http://x\\\",\\\"y\\\")\\u001b[2J: yes\\n- no";
        var binding = $$"""{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"User","name":"{{Name}}"}]}""";
        var table = await CommandLine.RunAsync(binding, "who-can", "get", "pods", "--from", "-");
        var csv = await CommandLine.RunAsync(binding, "who-can", "get", "pods", "--from", "-", "-o", "csv");
        var yaml = await CommandLine.RunAsync(binding, "who-can", "get", "pods", "--from", "-", "-o", "yaml");

        Assert.DoesNotContain('\u001b', table.Output);
        Assert.Contains("\"'=HYPERLINK(\"\"http://x\"\"", csv.Output, StringComparison.Ordinal);
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml.Output));
        Assert.Contains(JsonElement.Parse($"\"{Name}\"").GetString()!, stream.Documents.Single().RootNode.AllNodes.OfType<YamlScalarNode>().Select(node => node.Value));
    }

    [Fact]
    public async Task A_name_cannot_forge_a_line_of_an_explanation_or_hide_in_YAML()
    {
        const string Binding = """{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b\nUser alice cannot get pods.\u202e"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"User","name":"alice"}]}""";
        var text = await CommandLine.RunAsync(Binding, "explain", "user:alice", "get", "pods", "--from", "-");
        var yaml = await CommandLine.RunAsync(Binding, "explain", "user:alice", "get", "pods", "--from", "-", "-o", "yaml");

        Assert.DoesNotContain("\nUser alice cannot", text.Output, StringComparison.Ordinal);
        Assert.Contains("b\\u{000A}User alice cannot get pods.\\u{202E}", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', yaml.Output);
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml.Output));
        Assert.Contains("b\nUser alice cannot get pods.\u202e", stream.Documents.Single().RootNode.AllNodes.OfType<YamlScalarNode>().Select(node => node.Value));
    }

    [Theory]
    [InlineData("who-can", "get", "pods")]
    [InlineData("can-i", "get", "pods", "--as", "alice")]
    [InlineData("permissions", "user:alice")]
    public async Task An_empty_namespace_is_refused_where_it_would_mean_the_whole_cluster(params string[] command)
    {
        var result = await CommandLine.RunAsync([.. command, "-n", "", "--from", Dump]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("-n: found no name", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_two_dashes_a_word_is_a_name()
    {
        var request = JsonElement.Parse((await CommandLine.RunAsync(["who-can", "get", "pods", "-o", "json", "--from", Dump, "--", "-x"])).Output).GetProperty("request");
        Assert.Equal("-x", RbacJson.Text(request, "name"));
    }

    [Fact]
    public async Task Without_a_word_there_is_help()
    {
        var result = await CommandLine.RunAsync([]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("who-can", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_read_is_said_beside_the_answer()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/rolebindings", Faults.Forbidden);
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
        var result = await CommandLine.RunAsync(["who-can", "get", "pods", "-A", "--kubeconfig", kubeconfig, "-o", "json"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("the answer may be incomplete", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, JsonElement.Parse(result.Output).GetProperty("gaps").GetArrayLength());
    }

    [Fact]
    public async Task A_live_question_reads_only_the_lists_it_needs_and_gets_the_same_answer()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RecordedApiServer.StartAsync();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
        var live = await CommandLine.RunAsync(["who-can", "list", "secrets", "-n", "kube-system", "--expand", "--kubeconfig", kubeconfig, "-o", "csv"]);
        var dump = await CommandLine.RunAsync(["who-can", "list", "secrets", "-n", "kube-system", "--expand", "--from", Dump, "-o", "csv"]);

        Assert.True(live.ExitCode == 0, live.Error);
        Assert.Equal(dump.Output, live.Output);
        Assert.DoesNotContain(server.Requests, request => request.Path.Contains("/pods", StringComparison.Ordinal) || request.Path.Contains("/secrets", StringComparison.Ordinal));
    }

    static async Task<JsonElement> AskAsync(string command)
    {
        var result = await CommandLine.RunAsync([.. command.Split(' '), "--from", Dump]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonElement.Parse(result.Output);
    }

    static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(property => $"{property.Name}:{Canonical(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => $"'{element.GetString()}'",
        JsonValueKind.Null => "null",
        _ => element.GetRawText(),
    };

    // As a YAML 1.1 parser would take it: what is not quoted may be no text.
    static string Canonical(YamlNode node) => node switch
    {
        YamlMappingNode mapping => $"{{{string.Join(',', mapping.Children.Select(pair => $"{((YamlScalarNode)pair.Key).Value}:{Canonical(pair.Value)}"))}}}",
        YamlSequenceNode sequence => $"[{string.Join(',', sequence.Children.Select(Canonical))}]",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain when plain.Value is "true" or "false" or "null" || double.TryParse(plain.Value, out _) => plain.Value!,
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => throw new InvalidOperationException(),
    };
}
