using System.Text.Json;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>Writes roles, bindings and audit policies as YAML that kubectl and kube-apiserver read. Texts are in JSON's quotes where they need any.</summary>
static class RbacYaml
{
    public static IEnumerable<string> Role(Role role)
    {
        yield return "---";
        yield return "apiVersion: rbac.authorization.k8s.io/v1";
        yield return $"kind: {role.Kind}";
        yield return Metadata(role.Name, role.Scope);
        yield return "rules:";
        foreach (var rule in role.Rules)
            foreach (var line in Rule(rule))
                yield return line;
    }

    public static IEnumerable<string> Binding(Binding binding)
    {
        yield return "---";
        yield return "apiVersion: rbac.authorization.k8s.io/v1";
        yield return $"kind: {binding.Kind}";
        yield return Metadata(binding.Name, binding.Scope);
        yield return $"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {binding.RoleRef.Kind}, name: {Text(binding.RoleRef.Name)}}}";
        yield return "subjects:";
        foreach (var subject in binding.Subjects)
            yield return subject is Subject.ServiceAccount account
                ? $"- {{kind: ServiceAccount, namespace: {Text(account.Namespace)}, name: {Text(account.Name)}}}"
                : $"- {{apiGroup: rbac.authorization.k8s.io, kind: {subject.Kind}, name: {Text(subject.Name)}}}";
    }

    public static IEnumerable<string> Policy(AuditPolicy policy)
    {
        yield return "apiVersion: audit.k8s.io/v1";
        yield return "kind: Policy";
        if (!policy.OmitStages.IsEmpty)
            yield return $"omitStages: {List(policy.OmitStages)}";
        yield return "rules:";
        foreach (var rule in policy.Rules)
        {
            yield return $"- level: {rule.Level}";
            if (!rule.Users.IsEmpty)
                yield return $"  users: {List(rule.Users)}";
            if (!rule.Verbs.IsEmpty)
                yield return $"  verbs: {List(rule.Verbs)}";
            if (!rule.Resources.IsEmpty)
                yield return "  resources:";
            foreach (var resources in rule.Resources)
                yield return $"  - {{group: {Text(resources.Group)}, resources: {List(resources.Resources)}}}";
        }
    }

    static string Metadata(string name, Scope scope) => scope.IsCluster ? $"metadata: {{name: {Text(name)}}}" : $"metadata: {{name: {Text(name)}, namespace: {Text(scope.Namespace)}}}";

    static IEnumerable<string> Rule(PolicyRule rule)
    {
        yield return $"- verbs: {List(rule.Verbs)}";
        if (!rule.NonResourceUrls.IsEmpty)
            yield return $"  nonResourceURLs: {List(rule.NonResourceUrls)}";
        if (rule.Resources.IsEmpty)
            yield break;
        yield return $"  apiGroups: {List(rule.ApiGroups)}";
        yield return $"  resources: {List(rule.Resources)}";
        if (!rule.ResourceNames.IsEmpty)
            yield return $"  resourceNames: {List(rule.ResourceNames)}";
    }

    static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    // Plain where nothing can be misread; else as JSON, which is YAML as well.
    static string Text(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or '_')
        && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n") && !text.Equals("true", StringComparison.OrdinalIgnoreCase)
            ? text
            : $"\"{JsonEncodedText.Encode(text)}\"";
}
