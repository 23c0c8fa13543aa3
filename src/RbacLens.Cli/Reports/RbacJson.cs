using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>Roles and bindings, as Kubernetes writes them.</summary>
static class RbacJson
{
    const string Group = "rbac.authorization.k8s.io";

    /// <summary>A Role or ClusterRole.</summary>
    public static void WriteRole(Utf8JsonWriter json, Role role)
    {
        SnapshotWriter.Start(json, $"{Group}/v1", role.Kind, role.Scope.Namespace, role.Name, role.Labels, role.IsReconciled, created: role.Created);
        if (!role.Aggregates.IsEmpty)
            WriteAggregation(json, role);
        WriteRules(json, role.Rules);
        json.WriteEndObject();
    }

    /// <summary>A role's rules, as Kubernetes writes them.</summary>
    public static void WriteRules(Utf8JsonWriter json, RuleSet rules)
    {
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            WriteNames(json, "verbs", rule.Verbs);
            WriteNames(json, "apiGroups", rule.ApiGroups);
            WriteNames(json, "resources", rule.Resources);
            WriteNames(json, "resourceNames", rule.ResourceNames);
            WriteNames(json, "nonResourceURLs", rule.NonResourceUrls);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteAggregation(Utf8JsonWriter json, Role role)
    {
        json.WriteStartObject("aggregationRule");
        json.WriteStartArray("clusterRoleSelectors");
        foreach (var selector in role.Aggregates)
        {
            json.WriteStartObject();
            SnapshotWriter.WriteMap(json, "matchLabels", selector.MatchLabels);
            json.WriteStartArray("matchExpressions");
            foreach (var requirement in selector.MatchExpressions)
            {
                json.WriteStartObject();
                json.WriteString("key", requirement.Key);
                json.WriteString("operator", requirement.Operator);
                WriteNames(json, "values", requirement.Values);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteNames(Utf8JsonWriter json, string property, Names names)
    {
        if (names.IsEmpty)
            return;
        json.WriteStartArray(property);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    /// <summary>A RoleBinding or ClusterRoleBinding.</summary>
    public static void WriteBinding(Utf8JsonWriter json, Binding binding)
    {
        SnapshotWriter.Start(json, $"{Group}/v1", binding.Kind, binding.Scope.Namespace, binding.Name, isReconciled: binding.IsReconciled, created: binding.Created);
        json.WriteStartObject("roleRef");
        json.WriteString("apiGroup", Group);
        json.WriteString("kind", binding.RoleRef.Kind);
        json.WriteString("name", binding.RoleRef.Name);
        json.WriteEndObject();
        json.WriteStartArray("subjects");
        foreach (var subject in binding.Subjects)
        {
            json.WriteStartObject();
            json.WriteString("kind", subject.Kind);
            if (subject.NamespaceOrEmpty.Length > 0)
                json.WriteString("namespace", subject.NamespaceOrEmpty);
            json.WriteString("name", subject.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
