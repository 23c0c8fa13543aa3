namespace RbacLens.Tests.Policies;

/// <summary>What SEVERITY.md says is what happens.</summary>
public sealed class SeverityTests
{
    public static TheoryData<string> Rows => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "policies/SEVERITY.md"))
        .SkipWhile(line => !line.StartsWith("| verb", StringComparison.Ordinal)).Skip(2).Where(line => line.StartsWith('|'))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task The_page_about_severity_is_right(string row)
    {
        var cells = row.Split('|').Select(cell => cell.Trim()).ToArray();
        var (verb, resource, names, where, holder, policy, severity) = (cells[1], cells[2], cells[3], cells[4], cells[5].Split(' '), cells[6], cells[7]);
        (where, var level) = where.TrimEnd(')').Split(" (") is [var ns, var enforced] ? (ns, enforced) : (where, "");
        var labelled = level.Length == 0 ? "" : $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {where}, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}}}";
        var (kind, metadata) = where == "cluster" ? ("ClusterRole", "{name: example}") : ("Role", $"{{name: example, namespace: {where}}}");

        var findings = await Judging.ManifestsAsync($$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{kind}}
            metadata: {{metadata}}
            rules: [{verbs: [{{verb}}], apiGroups: [""], resources: [{{resource}}], resourceNames: [{{names}}]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{kind}}Binding
            metadata: {{metadata}}
            roleRef: {kind: {{kind}}, name: example}
            subjects: [{kind: {{holder[0]}}, name: "{{holder[1]}}"}]
            ---
            {{labelled}}
            """);

        var found = findings.Where(finding => !finding.IsStock && finding.Policy.Id == policy && finding.About.Name == holder[1]).Select(finding => finding.Severity.ToString().ToLowerInvariant());
        Assert.Equal(severity, found.SingleOrDefault("none"));
    }
}
