using System.Globalization;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>How the report puts things into words.</summary>
static class Wording
{
    const int Listed = 24;

    /// <summary><c>1 finding</c>, <c>2 findings</c>.</summary>
    public static string Count(int count, string one, string? many = null) =>
        $"{Number(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary><c>12,345</c>.</summary>
    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-21 10:00 UTC</c>; <c>unknown</c> where none is known.</summary>
    public static string Moment(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>A long list is cut and says so; the JSON report has all of it.</summary>
    public static string List(IEnumerable<string> items, int most = Listed)
    {
        var all = items.ToList();
        var shown = string.Join(", ", all.Take(most));
        return all.Count > most ? $"{shown} and {Number(all.Count - most)} more" : shown;
    }

    /// <summary>Where something holds.</summary>
    public static string Scopes(IEnumerable<Scope> scopes) =>
        List(scopes.Select(scope => scope.IsCluster ? "whole cluster" : scope.Namespace));

    /// <summary><c>ci/pipeline</c>; the cluster itself has no name.</summary>
    public static string Name(Target target) =>
        target.Kind == "Cluster" ? "the cluster itself" : target.Name.Length == 0 ? Html.SubjectModel.Nameless : target.Namespace.Length == 0 ? target.Name : $"{target.Namespace}/{target.Name}";

    /// <summary><c>ClusterRole edit</c>, <c>RoleBinding ci/deployers</c>.</summary>
    public static string Named(string kind, Scope scope, string name) =>
        scope.IsCluster ? $"{kind} {name}" : $"{kind} {scope.Namespace}/{name}";

    /// <summary>One of a role's rules: <c>rules[0]: get, list on secrets [db-password]</c>.</summary>
    public static string Rule(Role role, int index) =>
        index >= 0 && index < role.Rules.Count
            ? $"rules[{index}]: {Rule(role.Rules[index])}"
            : $"rules[{index}] is not in the role as it was read";

    /// <summary>A rule in one line: verbs on resources, of API groups other than core, and the names it is limited to.</summary>
    public static string Rule(PolicyRule rule)
    {
        var verbs = List(rule.Verbs, 12);
        if (!rule.NonResourceUrls.IsEmpty)
            return $"{verbs} on URL {List(rule.NonResourceUrls, 12)}";
        var names = rule.ResourceNames.IsEmpty ? "" : $" [{List(rule.ResourceNames, 12)}]";
        return $"{verbs} on {List(rule.Resources, 12)}{Groups(rule.ApiGroups)}{names}";
    }

    /// <summary>A gap's reason in plain words; empty where its detail says it.</summary>
    public static string Reason(Gap gap) => gap.Reason switch
    {
        Gap.Reasons.Forbidden => "The API server refused to list them.",
        Gap.Reasons.NotFound => "The API server does not serve them.",
        Gap.Reasons.Malformed => "One object could not be understood; the others were.",
        Gap.Reasons.Unavailable => "The list began but could not be finished.",
        _ => "",
    };

    /// <summary>A kind as a gap names it.</summary>
    public static string Kind(Gap gap) => gap.Kind == "*" ? "everything" : gap.Kind;

    /// <summary>A reference: <c>CIS 5.1.10</c>, or the page's address.</summary>
    public static string Reference(Reference reference) =>
        reference.Framework is null ? reference.Id : $"{reference.Framework} {reference.Id}";

    static string Groups(Names groups) =>
        groups.AdmitsAll ? " of every API group"
        : groups.All(group => group.Length == 0) ? ""
        : $" of {List(groups.Select(group => group.Length == 0 ? "the core group" : group), 12)}";
}
