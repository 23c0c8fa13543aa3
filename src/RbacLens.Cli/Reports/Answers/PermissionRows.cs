using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>How answers spell permissions.</summary>
static class PermissionRows
{
    const int ScopesShown = 4;

    /// <summary>The verbs, and what of <c>*</c> is not meant: <c>* but get, list</c>.</summary>
    public static string Verbs(Permission permission) =>
        string.Join(", ", permission.What.Verbs) + (permission.Except.IsEmpty ? "" : $" but {string.Join(", ", permission.Except)}");

    /// <summary>The resources as kubectl spells them, or the URLs.</summary>
    public static string What(PolicyRule rule) => string.Join(", ", Whats(rule));

    static IEnumerable<string> Whats(PolicyRule rule) =>
        (from apiGroup in rule.ApiGroups from resource in rule.Resources select Spelling(apiGroup, resource)).Concat(rule.NonResourceUrls);

    /// <summary>A resource of a rule as kubectl spells it: <c>deployments.apps/scale</c>, <c>*.*</c>.</summary>
    public static string Spelling(string apiGroup, string resource) =>
        resource.Split('/', 2) is [var plural, var subresource] ? GrantRows.Spelling(apiGroup, plural, subresource) : GrantRows.Spelling(apiGroup, resource, "");

    /// <summary>Bindings, each once, as <c>name</c> or <c>namespace/name</c>.</summary>
    public static string Through(IEnumerable<Grant> grants, Subject? holder = null) => string.Join(", ", grants
        .Select(grant => (grant.Binding.Scope.IsCluster ? grant.Binding.Name : $"{grant.Binding.Scope.Namespace}/{grant.Binding.Name}")
            + (holder is null || grant.Subject.Canonical == holder.Canonical ? "" : $" ({grant.Subject})"))
        .Distinct(StringComparer.Ordinal));

    /// <summary>
    /// Rows for people: things with the same verbs from the same places share one, and so do scopes. Each row holds scope, things, names, verbs
    /// and where it comes from.
    /// </summary>
    public static IEnumerable<string[]> Rows(IEnumerable<Permission> permissions, Subject? holder) =>
        from permission in permissions
        let row = (Where: permission.Scope.ToString() + (permission.ExceptIn.IsEmpty ? "" : $" but {Shown([.. permission.ExceptIn.Select(scope => scope.ToString())])}"), What: What(permission.What), Names: string.Join(", ", permission.What.ResourceNames), Verbs: Verbs(permission), Through: Through(permission.Grants, holder))
        group (permission, row) by (row.What, row.Names, row.Verbs, Through: permission.Scope.IsCluster ? row.Through : "") into things
        let scopes = things.Select(one => one.row.Where).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()
        let through = things.Select(one => one.row.Through).Distinct(StringComparer.Ordinal).ToList()
        select (things.Key, Scopes: Shown(scopes), Through: Shown(through)) into row
        group row by (row.Scopes, row.Key.Names, row.Key.Verbs, row.Through) into same
        select new[] { same.Key.Scopes, string.Join(", ", same.Select(row => row.Key.What)), same.Key.Names, same.Key.Verbs, same.Key.Through };

    static string Shown(List<string> items) =>
        items.Count <= ScopesShown ? string.Join(", ", items) : $"{string.Join(", ", items.Take(ScopesShown))} and {items.Count - ScopesShown} more";

    /// <summary>The columns of <see cref="CsvRow"/>.</summary>
    public static readonly string[] CsvColumns = ["scope", "group", "resource", "name", "url", "verbs", "except", "except_in", "bindings"];

    /// <summary>One permission for spreadsheets.</summary>
    public static string[] CsvRow(Permission permission) =>
    [
        permission.Scope.ToString(), string.Join(' ', permission.What.ApiGroups), string.Join(' ', permission.What.Resources),
        string.Join(' ', permission.What.ResourceNames), string.Join(' ', permission.What.NonResourceUrls), string.Join(' ', permission.What.Verbs),
        string.Join(' ', permission.Except), string.Join(' ', permission.ExceptIn), Through(permission.Grants),
    ];

    /// <summary>One permission for programs: a rule with its scope and grants.</summary>
    public static void Write(Utf8JsonWriter json, Permission permission, Subject? holder)
    {
        json.WriteStartObject();
        json.WriteString("scope", permission.Scope.ToString());
        WriteFields(json, permission);
        json.WriteStartArray("grants");
        foreach (var grant in permission.Grants)
            GrantRows.Write(json, grant, holder ?? grant.Subject);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a permission is about, whoever holds it.</summary>
    public static void WriteRule(Utf8JsonWriter json, Permission permission)
    {
        json.WriteStartObject();
        WriteFields(json, permission);
        json.WriteEndObject();
    }

    static void WriteFields(Utf8JsonWriter json, Permission permission)
    {
        json.WritePropertyName("rule");
        ChainText.WriteRuleObject(json, permission.What);
        if (!permission.Except.IsEmpty)
            GrantRows.Write(json, "except", permission.Except);
        if (!permission.ExceptIn.IsEmpty)
            GrantRows.Write(json, "exceptIn", permission.ExceptIn.Select(scope => scope.ToString()));
    }

    /// <summary>A list of permissions.</summary>
    public static void Write(Utf8JsonWriter json, string property, ImmutableArray<Permission> permissions, Subject? holder)
    {
        json.WriteStartArray(property);
        foreach (var permission in permissions)
            Write(json, permission, holder);
        json.WriteEndArray();
    }
}
