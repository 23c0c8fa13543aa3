using System.Buffers;
using System.Text;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>The chain from a subject to the rules it holds, with the YAML lines that matter.</summary>
static class ChainText
{
    /// <summary>The chain of one grant.</summary>
    /// <param name="holder">Who holds it.</param>
    /// <param name="grant">The grant, with the rules that matter.</param>
    /// <param name="roles">All roles, to tell where an aggregated rule comes from.</param>
    public static string Of(Subject holder, Grant grant, IReadOnlyCollection<Role> roles)
    {
        var text = new StringBuilder();
        text.Append(Safe(holder)).Append('\n');
        var indent = "  ";
        if (grant.Subject.Canonical != holder.Canonical)
        {
            text.Append($"{indent}is in {Safe(grant.Subject)}{Words.Printable(WhyIn(holder, grant.Subject))}\n");
            indent += "  ";
        }

        text.Append($"{indent}is a subject of {Words.Printable($"{GrantRows.Name(grant.Binding)}, which grants {Where(grant.Binding.Scope)}")}\n");
        Append(text, indent + "  ", Yaml(json => WriteBinding(json, grant)));
        text.Append($"{indent}  which refers to {Words.Printable(GrantRows.Name(grant.Role))}\n");
        foreach (var rule in grant.Rules)
        {
            text.Append($"{indent}    rule {rule} of {grant.Role.Rules.Count}{Words.Printable(Source(grant.Role, rule, roles))}\n");
            Append(text, indent + "      ", Yaml(json => WriteRule(json, grant.Role.Rules[rule])));
        }

        return text.ToString();
    }

    // Lines are told apart by their ends: a name that holds one would forge another.
    static string Safe(Subject subject) => Words.Printable(subject.ToString());

    static string Where(Scope scope) => scope.IsCluster ? "in the whole cluster" : $"in namespace {scope.Namespace}";

    static string WhyIn(Subject holder, Subject implied) => (holder, implied.Name) switch
    {
        (Subject.ServiceAccount, WellKnown.ServiceAccounts) => ", as every service account is",
        (Subject.ServiceAccount account, var name) when name == WellKnown.ServiceAccountsOf(account.Namespace) => $", as every service account of namespace {account.Namespace} is",
        (_, WellKnown.Authenticated) => ", as everybody is who logs in",
        (_, WellKnown.Unauthenticated) => ", as everybody is who does not log in",
        _ => "",
    };

    static string Source(Role role, int rule, IEnumerable<Role> roles)
    {
        var sources = Aggregation.SourcesOf(role, role.Rules[rule], roles).Select(source => $"ClusterRole {source.Name}").ToList();
        return sources.Count == 0 ? "" : $", aggregated from {string.Join(" and ", sources)}";
    }

    static void Append(StringBuilder text, string indent, string yaml)
    {
        foreach (var line in yaml.TrimEnd('\n').Split('\n'))
            text.Append(indent).Append("| ").Append(line).Append('\n');
    }

    static string Yaml(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        using var output = new MemoryStream();
        JsonAsYaml.Write(buffer.WrittenMemory, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    static void WriteBinding(Utf8JsonWriter json, Grant grant)
    {
        json.WriteStartObject();
        json.WriteStartArray("subjects");
        json.WriteStartObject();
        json.WriteString("kind", grant.Subject.Kind);
        if (grant.Subject.NamespaceOrEmpty.Length > 0)
            json.WriteString("namespace", grant.Subject.NamespaceOrEmpty);
        json.WriteString("name", grant.Subject.Name);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("roleRef");
        json.WriteString("kind", grant.Binding.RoleRef.Kind);
        json.WriteString("name", grant.Binding.RoleRef.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteRule(Utf8JsonWriter json, PolicyRule rule)
    {
        json.WriteStartArray();
        WriteRuleObject(json, rule);
        json.WriteEndArray();
    }

    /// <summary>A rule as an object of the API.</summary>
    public static void WriteRuleObject(Utf8JsonWriter json, PolicyRule rule)
    {
        json.WriteStartObject();
        foreach (var (field, values) in new[]
        {
            ("apiGroups", rule.ApiGroups), ("resources", rule.Resources), ("resourceNames", rule.ResourceNames), ("nonResourceURLs", rule.NonResourceUrls), ("verbs", rule.Verbs),
        })
            if (!values.IsEmpty)
                GrantRows.Write(json, field, values);
        json.WriteEndObject();
    }
}
