using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Audit;

/// <summary>Audit policies decide as a kube-apiserver does, and what is said of them holds for logs that they would have written.</summary>
public sealed class AuditPolicyProperties(ITestOutputHelper output)
{
    [Fact]
    public void Generated_policies_decide_as_the_API_servers_own_code_reads()
    {
        var levels = new HashSet<string>();
        Property.Holds(
            output,
            from rules in Any.UpTo(5, Rule)
            from user in Any.Identity
            from request in Any.Request
            select (rules, user, request),
            given =>
            {
                var verdict = Parse(given.rules).LevelOf(given.user, given.request);
                var decides = given.rules.FirstOrDefault(rule => Oracle(rule, given.user, given.request));
                levels.Add($"{verdict.Level}");
                return $"{verdict.Level}" == (decides?["level"]!.GetValue<string>() ?? "None")
                    && verdict.Rule == (decides is null ? null : given.rules.IndexOf(decides))
                    && (decides is null || verdict.OmitStages.Order(StringComparer.Ordinal).SequenceEqual(Texts(decides, "omitStages").Append("RequestReceived").Distinct().Order(StringComparer.Ordinal)));
            });
        Assert.Equal(4, levels.Count);
    }

    // Each example of a detection is an event as the API server writes it at its fullest; a policy takes parts of it away.
    [Fact]
    public async Task The_generated_policy_leaves_every_example_what_it_needs()
    {
        var policy = AuditPolicyReview.Smallest([.. DetectionFiles.BuiltIn]);
        foreach (var rule in DetectionFiles.BuiltIn)
        {
            var proofs = await DetectionProof.RunAsync(AsWritten(rule, policy), default);
            Assert.Empty(proofs.Where(proof => !proof.Holds).Select(proof => $"{proof}"));
        }
    }

    [Fact]
    public void What_a_policy_is_said_to_blind_it_blinds_and_what_it_is_said_to_feed_it_feeds()
    {
        var (whole, none) = (0, 0);
        Property.Holds(
            output,
            from rules in Any.UpTo(4, AuditRule)
            from rule in Gen.Elements(DetectionFiles.BuiltIn.Where(rule => rule.Burst is null).ToArray())
            select (rules, rule),
            given =>
            {
                var policy = Parse([.. given.rules, .. given.rules.Length % 2 == 0 ? new[] { new JsonObject { ["level"] = "RequestResponse" } } : []]);
                var sight = AuditPolicyReview.Sights(policy, [given.rule])[0];
                if (sight.Sight == Sight.Partly)
                    return true;
                var seen = DetectionProof.RunAsync(AsWritten(given.rule, policy) with { Silent = [] }, default).GetAwaiter().GetResult().Count(proof => proof.Found is not null);
                whole += sight.Sight == Sight.Whole ? 1 : 0;
                none += sight.Sight == Sight.None ? 1 : 0;
                return sight.Sight == Sight.None ? seen == 0 : seen == given.rule.Yields.Length;
            },
            tests: 150);
        output.WriteLine($"{whole} whole, {none} none");
        Assert.True(whole > 10 && none > 10, $"{whole} whole, {none} none");
    }

    /// <summary>The rule with its examples as a policy would have had them written down.</summary>
    static DetectionRule AsWritten(DetectionRule rule, AuditPolicy policy) => rule with
    {
        Yields = [.. rule.Yields.Select(example => AsWritten(example, policy))],
        Silent = [.. rule.Silent.Select(example => AsWritten(example, policy))],
    };

    static EventExample AsWritten(EventExample example, AuditPolicy policy) => example with
    {
        // What only an answer shows no policy writes down that keeps secrets out.
        Severity = example.Events.Contains("responseObject", StringComparison.Ordinal) ? null : example.Severity,
        Events = string.Concat(example.Events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => AsWritten((JsonObject)JsonNode.Parse(line)!, policy)).OfType<JsonObject>().Select(node => node.ToJsonString() + "\n")),
    };

    static JsonObject? AsWritten(JsonObject node, AuditPolicy policy)
    {
        var verdict = policy.LevelOf(UserOf(node), RequestOf(node));
        if (verdict.Level == AuditLevel.None || verdict.OmitStages.Lists($"{node["stage"]}"))
            return null;
        if (verdict.Level < AuditLevel.RequestResponse)
            node.Remove("responseObject");
        if (verdict.Level < AuditLevel.Request)
            node.Remove("requestObject");
        return node;
    }

    // Examples leave out the groups that everybody has.
    static Identity UserOf(JsonObject node)
    {
        var user = Identity.Of(new Subject.User($"{node["user"]?["username"]}").Canonical);
        return user with { Groups = [.. user.Groups.Concat(node["user"]?["groups"]?.AsArray().Select(group => $"{group}") ?? []).Distinct()] };
    }

    static AccessRequest RequestOf(JsonObject node) => node["objectRef"] is { } about
        ? new AccessRequest.Resource($"{node["verb"]}", $"{about["apiGroup"]}", $"{about["resource"]}", $"{about["subresource"]}", $"{about["namespace"]}", $"{about["name"]}")
        : new AccessRequest.Path($"{node["verb"]}", $"{node["requestURI"]}".Split('?')[0]);

    static AuditPolicy Parse(IEnumerable<JsonObject> rules) => AuditPolicyFile.Parse(
        new JsonObject { ["kind"] = "Policy", ["omitStages"] = new JsonArray("RequestReceived"), ["rules"] = new JsonArray([.. rules.Select(rule => rule.DeepClone())]) }.ToJsonString(), "policy");

    // Read from checker.go once more, and spelled out: a field that is there must fit, and which fields there are says what kind of request is meant.
    static bool Oracle(JsonObject rule, Identity user, AccessRequest request)
    {
        if (rule.ContainsKey("users") && !Texts(rule, "users").Contains(user.User))
            return false;
        if (rule.ContainsKey("userGroups") && !Texts(rule, "userGroups").Intersect(user.Groups).Any())
            return false;
        if (rule.ContainsKey("verbs") && !Texts(rule, "verbs").Contains(request.Verb))
            return false;
        if (rule.ContainsKey("namespaces") || rule.ContainsKey("resources"))
            return request is AccessRequest.Resource resource
                && (!rule.ContainsKey("namespaces") || Texts(rule, "namespaces").Contains(resource.Namespace))
                && (!rule.ContainsKey("resources") || rule["resources"]!.AsArray().Any(entry => Oracle((JsonObject)entry!, resource)));
        return !rule.ContainsKey("nonResourceURLs")
            || (request is AccessRequest.Path path && Texts(rule, "nonResourceURLs").Any(url => url[^1] == '*' ? path.Url.StartsWith(url[..^1], StringComparison.Ordinal) : path.Url == url));
    }

    static bool Oracle(JsonObject entry, AccessRequest.Resource request)
    {
        if ($"{entry["group"]}" is var group && group != "*" && group != request.ApiGroup)
            return false;
        if (entry.ContainsKey("resourceNames") && !Texts(entry, "resourceNames").Contains(request.Name))
            return false;
        return !entry.ContainsKey("resources") || Texts(entry, "resources").Any(pattern =>
            pattern == "*" || pattern == request.Plural + (request.Subresource.Length == 0 ? "" : "/" + request.Subresource)
            || pattern == request.Plural + "/*" || (request.Subresource.Length > 0 && pattern == "*/" + request.Subresource));
    }

    static IEnumerable<string> Texts(JsonObject node, string key) => node[key]?.AsArray().Select(text => $"{text}") ?? [];

    static Gen<JsonObject> Rule => RuleOf(
        ["u1", "u2", "system:serviceaccount:n1:s1"], ["g1", WellKnown.Authenticated], ["get", "list", "create"], ["", "n1"],
        ["pods", "pods/*", "pods/exec", "*/exec", "*", "nodes", "*/log"], ["", "apps", "*"]);

    // About what detections look for.
    static Gen<JsonObject> AuditRule => RuleOf(
        ["dave", "alice", "system:anonymous"], [WellKnown.Authenticated, "system:masters"], ["get", "list", "create", "patch"], ["shop", "kube-system", ""],
        ["pods", "pods/*", "*/exec", "*", "secrets", "nodes/proxy", "clusterrolebindings", "*/status", "services/*"], ["", "*", "rbac.authorization.k8s.io", "apps"]);

    static Gen<JsonObject> RuleOf(string[] users, string[] groups, string[] verbs, string[] namespaces, string[] resources, string[] apiGroups) =>
        from level in Gen.Elements("None", "Metadata", "Request", "RequestResponse")
        from fields in Gen.Choose(0, 63)
        from user in Any.Some(users)
        from @group in Any.Some(groups)
        from verb in Any.Some(verbs)
        from ns in Any.Some(namespaces)
        from listed in Any.UpTo(2, Resources(resources, apiGroups))
        from url in Any.Some("/healthz*", "/metrics", "*", "/")
        from stage in Any.Some("ResponseStarted", "Panic", "RequestReceived")
        let isAboutUrls = (fields & 8) != 0 && (fields & 16) != 0 && (fields & 32) == 0
        select Node(level, isAboutUrls || (fields & 16) == 0 ? [] : listed,
            ("users", (fields & 1) != 0 ? user : Names.None), ("userGroups", (fields & 2) != 0 ? @group : Names.None), ("verbs", (fields & 4) != 0 ? verb : Names.None),
            ("namespaces", !isAboutUrls && (fields & 8) != 0 ? ns : Names.None), ("nonResourceURLs", isAboutUrls ? url : Names.None), ("omitStages", (fields & 32) != 0 ? stage : Names.None));

    static Gen<JsonObject> Resources(string[] resources, string[] apiGroups) =>
        from apiGroup in Gen.Elements(apiGroups)
        from listed in Any.Some(resources)
        from names in Gen.Frequency((3, Gen.Constant(Names.None)), (1, Any.Some("a", "b", "")))
        from all in Gen.Elements(false, false, true)
        select Grouped(apiGroup, Node(null, [], ("resources", all ? Names.None : listed), ("resourceNames", all ? Names.None : names)));

    static JsonObject Grouped(string apiGroup, JsonObject node)
    {
        node["group"] = apiGroup;
        return node;
    }

    static JsonObject Node(string? level, IReadOnlyList<JsonObject> resources, params (string Key, Names Values)[] lists)
    {
        var node = new JsonObject();
        if (level is not null)
            node["level"] = level;
        foreach (var (key, values) in lists)
            if (!values.IsEmpty)
                node[key] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        if (resources.Count > 0)
            node["resources"] = new JsonArray([.. resources.Select(entry => entry.DeepClone())]);
        return node;
    }
}
