using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>The fields of roles and bindings.</summary>
static class RbacReader
{
    public static RuleSet Rules(ref JsonCursor json)
    {
        if (!json.EntersArray("rules"))
            return RuleSet.Empty;
        var rules = new List<PolicyRule>();
        while (json.NextElement())
            if (json.EntersObject("rules[]"))
                rules.Add(Rule(ref json));
        return RuleSet.Of(rules);
    }

    static PolicyRule Rule(ref JsonCursor json)
    {
        var (verbs, groups, resources, names, urls) = (Names.None, Names.None, Names.None, Names.None, Names.None);
        while (json.NextProperty())
        {
            if (json.Is("verbs"u8) && json.Read())
                verbs = json.Names("rules[].verbs");
            else if (json.Is("apiGroups"u8) && json.Read())
                groups = json.Names("rules[].apiGroups");
            else if (json.Is("resources"u8) && json.Read())
                resources = json.Names("rules[].resources");
            else if (json.Is("resourceNames"u8) && json.Read())
                names = json.Names("rules[].resourceNames");
            else if (json.Is("nonResourceURLs"u8) && json.Read())
                urls = json.Names("rules[].nonResourceURLs");
            else if (json.Read())
                json.Skip();
        }

        return new() { Verbs = verbs, ApiGroups = groups, Resources = resources, ResourceNames = names, NonResourceUrls = urls };
    }

    public static RoleRef RoleRef(ref JsonCursor json)
    {
        var (kind, name) = ("", "");
        if (json.EntersObject("roleRef"))
            while (json.NextProperty())
            {
                if (json.Is("kind"u8) && json.Read())
                    kind = json.String("roleRef.kind");
                else if (json.Is("name"u8) && json.Read())
                    name = json.String("roleRef.name");
                else if (json.Read())
                    json.Skip();
            }

        return new(kind, name);
    }

    public static ImmutableArray<Subject> Subjects(ref JsonCursor json)
    {
        if (!json.EntersArray("subjects"))
            return [];
        var subjects = ImmutableArray.CreateBuilder<Subject>();
        while (json.NextElement())
            if (json.EntersObject("subjects[]"))
                subjects.Add(Subject(ref json));
        return subjects.DrainToImmutable();
    }

    static Subject Subject(ref JsonCursor json)
    {
        var (kind, ns, name) = ("", "", "");
        while (json.NextProperty())
        {
            if (json.Is("kind"u8) && json.Read())
                kind = json.String("subjects[].kind");
            else if (json.Is("name"u8) && json.Read())
                name = json.String("subjects[].name");
            else if (json.Is("namespace"u8) && json.Read())
                ns = json.String("subjects[].namespace");
            else if (json.Read())
                json.Skip();
        }

        return kind switch
        {
            "User" => new Subject.User(name),
            "Group" => new Subject.Group(name),
            "ServiceAccount" => new Subject.ServiceAccount(ns, name),
            _ => new Subject.Unknown(kind, name),
        };
    }

    public static ImmutableArray<LabelSelector> AggregationRule(ref JsonCursor json)
    {
        var selectors = ImmutableArray.CreateBuilder<LabelSelector>();
        if (json.EntersObject("aggregationRule"))
            while (json.NextProperty())
            {
                var isSelectors = json.Is("clusterRoleSelectors"u8);
                if (json.Read() && isSelectors && json.EntersArray("aggregationRule.clusterRoleSelectors"))
                    while (json.NextElement())
                        selectors.Add(Selector(ref json));
                else
                    json.Skip();
            }

        return selectors.DrainToImmutable();
    }

    static LabelSelector Selector(ref JsonCursor json)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var expressions = ImmutableArray.CreateBuilder<LabelSelector.Requirement>();
        if (json.EntersObject("aggregationRule.clusterRoleSelectors[]"))
            while (json.NextProperty())
            {
                if (json.Is("matchLabels"u8) && json.Read())
                    MatchLabels(ref json, labels);
                else if (json.Is("matchExpressions"u8) && json.Read() && json.EntersArray("matchExpressions"))
                    while (json.NextElement())
                        expressions.Add(Requirement(ref json));
                else if (json.Read())
                    json.Skip();
            }

        return new(labels.ToImmutable(), expressions.DrainToImmutable());
    }

    static void MatchLabels(ref JsonCursor json, ImmutableSortedDictionary<string, string>.Builder labels)
    {
        if (!json.EntersObject("matchLabels"))
            return;
        while (json.NextProperty())
        {
            var key = json.PropertyName();
            if (json.Read())
                labels[key] = json.String("matchLabels");
        }
    }

    static LabelSelector.Requirement Requirement(ref JsonCursor json)
    {
        var (key, operation, values) = ("", "", Names.None);
        if (json.EntersObject("matchExpressions[]"))
            while (json.NextProperty())
            {
                if (json.Is("key"u8) && json.Read())
                    key = json.String("matchExpressions[].key");
                else if (json.Is("operator"u8) && json.Read())
                    operation = json.String("matchExpressions[].operator");
                else if (json.Is("values"u8) && json.Read())
                    values = json.Names("matchExpressions[].values");
                else if (json.Read())
                    json.Skip();
            }

        return new(key, operation, values);
    }
}
