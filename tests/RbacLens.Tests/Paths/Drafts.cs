using System.Text;

namespace RbacLens.Tests.Paths;

/// <summary>Manifests in a few words, for tables: <c>sa:ci/robot may create pods in ci</c>.</summary>
static class Drafts
{
    static int count;

    /// <summary>Grants by a role and a binding of their own, made anew for each.</summary>
    /// <param name="subject"><c>sa:NAMESPACE/NAME</c>, <c>user:NAME</c> or <c>group:NAME</c>.</param>
    /// <param name="where">A namespace; <c>*</c> for the whole cluster.</param>
    /// <param name="rules">
    /// As kubectl spells them: <c>create,get pods/exec</c>, <c>update deployments.apps:web,api</c>; a star stands alone or for everything, as in
    /// <c>* *.*</c>.
    /// </param>
    public static string May(string subject, string where, params string[] rules)
    {
        var name = $"draft-{Interlocked.Increment(ref count)}";
        return Role(name, where, rules) + Bind(subject, where, where == "*" ? "ClusterRole" : "Role", name);
    }

    /// <summary>A Role, or for <c>*</c> a ClusterRole.</summary>
    public static string Role(string name, string where, params string[] rules) => $$"""
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: {{(where == "*" ? "ClusterRole" : "Role")}}
        metadata: {name: "{{name}}"{{In(where)}}}
        rules: [{{string.Join(", ", rules.Select(Rule))}}]

        """;

    /// <summary>A RoleBinding, or for <c>*</c> a ClusterRoleBinding.</summary>
    public static string Bind(string subject, string where, string kind, string role) => $$"""
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: {{(where == "*" ? "ClusterRoleBinding" : "RoleBinding")}}
        metadata: {name: "{{role.Replace(':', '-')}}-{{Interlocked.Increment(ref count)}}"{{In(where)}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{kind}}, name: "{{role}}"}
        subjects: [{{Subject(subject)}}]

        """;

    /// <summary>A service account that is there.</summary>
    public static string Account(string @namespace, string name) => $$"""
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: {{name}}, namespace: {{@namespace}}}

        """;

    /// <summary>A Namespace that enforces a Pod Security level.</summary>
    public static string Enforcing(string name, string level) => $$"""
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{name}}, labels: {pod-security.kubernetes.io/enforce: {{level}} } }

        """;

    /// <summary>A pod; what follows the account is further YAML of its spec, in flow style.</summary>
    public static string Pod(string @namespace, string name, string account, string spec = "", string owner = "") => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{@namespace}}{{(owner.Length == 0 ? "" : $", ownerReferences: [{{kind: {owner.Split('/')[0]}, name: {owner.Split('/')[1]}, controller: true}}]")}}}
        spec: {serviceAccountName: {{account}}{{(spec.Length == 0 ? "" : ", " + spec)}}}

        """;

    /// <summary>A Deployment.</summary>
    public static string Deployment(string @namespace, string name, string account) => $$"""
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{name}}, namespace: {{@namespace}}}
        spec: {template: {spec: {serviceAccountName: {{account}} } } }

        """;

    /// <summary>A Secret that holds the token of an account.</summary>
    public static string Token(string @namespace, string name, string account) => $$"""
        ---
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/service-account-token
        metadata: {name: {{name}}, namespace: {{@namespace}}, annotations: {kubernetes.io/service-account.name: {{account}} } }

        """;

    static string In(string where) => where == "*" ? "" : $", namespace: \"{where}\"";

    static string Subject(string subject) => subject.Split(':', 2) switch
    {
        ["sa", var name] => $"{{kind: ServiceAccount, namespace: {name.Split('/')[0]}, name: {name.Split('/')[1]}}}",
        ["user", var name] => $"{{kind: User, name: \"{name}\"}}",
        [_, var name] => $"{{kind: Group, name: \"{name}\"}}",
        _ => throw new ArgumentException(subject, nameof(subject)),
    };

    // "verbs plural/sub.group:names"; the group ends the resource, as kubectl has it.
    static string Rule(string words)
    {
        var (verbs, what) = (words.Split(' ')[0], words.Split(' ')[1]);
        var (resource, names) = what.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (what[..colon], what[(colon + 1)..]) : (what, "");
        var (kind, sub) = resource.Split('/') is [var before, var after] ? (before, "/" + after) : (resource, "");
        var dot = kind.IndexOf('.', StringComparison.Ordinal);
        var (plural, group) = dot < 0 ? (kind, "") : (kind[..dot], kind[(dot + 1)..]);
        var rule = new StringBuilder($"{{verbs: [{Quoted(verbs)}], apiGroups: [\"{group}\"], resources: [\"{plural}{sub}\"]");
        if (names.Length > 0)
            rule.Append($", resourceNames: [{Quoted(names)}]");
        return rule.Append('}').ToString();
    }

    static string Quoted(string list) => string.Join(", ", list.Split(',').Select(word => $"\"{word}\""));
}
