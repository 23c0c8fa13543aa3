using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads of a role or a binding who is given what. Of a patch that is all the log holds, only what it changes is known: lists of rules and
/// subjects are replaced as a whole by merge and strategic patches, while a JSON patch may change a single word of them.
/// </summary>
static class GrantBody
{
    const int LongestValue = 120;
    const string Aggregate = "rbac.authorization.k8s.io/aggregate-to-";

    /// <summary>The facts.</summary>
    public static BodyFacts Facts(Body body)
    {
        var (whole, operations) = (body.Whole, body.Operations);
        var role = BodyReader.Member(whole, "roleRef");
        var rules = BodyReader.Elements(BodyReader.Member(whole, "rules")).Select(Rule).ToList();
        if (body.Asked.Plural == "clusterroles" && GathersEverything(BodyReader.Member(whole, "aggregationRule")))
            rules.Add(Everything);
        return new()
        {
            RoleRef = role is { ValueKind: JsonValueKind.Object } && BodyReader.Text(BodyReader.Member(role, "name")).Length > 0
                ? new(BodyReader.Text(BodyReader.Member(role, "kind")), BodyReader.Text(BodyReader.Member(role, "name"))) : null,
            Subjects = Names.Of(BodyReader.Elements(BodyReader.Member(whole, "subjects")).Select(SubjectText).Order(StringComparer.Ordinal)),
            Rules = RuleSet.Of(rules.Where(IsWhole)),
            HoldsAllRules = rules.TrueForAll(IsWhole) && (!body.IsPart || (operations.Count == 0 ? BodyReader.Member(whole, "rules") is not null : operations.All(IsAllRules))),
            WritesWildcard = rules.Exists(rule => !IsWhole(rule) && (rule.Verbs.AdmitsAll || rule.ApiGroups.AdmitsAll || rule.Resources.AdmitsAll || rule.NonResourceUrls.AdmitsAll)),
            IsAggregated = BodyReader.Member(whole, "aggregationRule") is not null,
            AggregatesTo = Names.Of(Properties(BodyReader.Member(BodyReader.Member(whole, "metadata"), "labels"))
                .Where(label => label.Name.StartsWith(Aggregate, StringComparison.Ordinal) && BodyReader.Text(label.Value) == "true")
                .Select(label => label.Name[Aggregate.Length..]).Order(StringComparer.Ordinal)),
            Changes = Names.Of(operations.Where(operation => Touched(Path(operation)) == Part.Rights && Kind(operation) != "test").Select(Told)),
            Touches = body is { Asked.Verb: "patch", Written: { } written } ? Touched(written) : Part.Rights,
        };
    }

    static readonly PolicyRule Everything = new() { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") };

    // As every cluster has it (rbac/bootstrappolicy, addDefaultMetadata).
    static readonly Dictionary<string, string> LabelsOfClusterAdmin = new() { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };

    // Who takes in cluster-admin, by a selector of everything or of what ships, allows what it allows.
    static bool GathersEverything(JsonElement? aggregation) =>
        BodyReader.Elements(BodyReader.Member(aggregation, "clusterRoleSelectors")).Any(selector => Selector(selector).Selects(LabelsOfClusterAdmin));

    static LabelSelector Selector(JsonElement selector) => new(
        Properties(BodyReader.Member(selector, "matchLabels")).DistinctBy(label => label.Name).ToImmutableSortedDictionary(label => label.Name, label => BodyReader.Text(label.Value), StringComparer.Ordinal),
        [
            .. from wanted in BodyReader.Elements(BodyReader.Member(selector, "matchExpressions"))
               select new LabelSelector.Requirement(BodyReader.Text(BodyReader.Member(wanted, "key")), BodyReader.Text(BodyReader.Member(wanted, "operator")), BodyReader.Texts(wanted, "values")),
        ]);

    static string SubjectText(JsonElement subject) => (BodyReader.Text(BodyReader.Member(subject, "kind")), BodyReader.Text(BodyReader.Member(subject, "name"))) switch
    {
        ("ServiceAccount", var name) => new Subject.ServiceAccount(BodyReader.Text(BodyReader.Member(subject, "namespace")), name).ToString(),
        ("", var name) => $"{(name.Length == 0 ? "somebody" : name)}, of whom the log shows only a part",
        var (kind, name) => $"{kind} {name}",
    };

    static PolicyRule Rule(JsonElement rule) => new()
    {
        Verbs = BodyReader.Texts(rule, "verbs"),
        ApiGroups = BodyReader.Texts(rule, "apiGroups"),
        Resources = BodyReader.Texts(rule, "resources"),
        ResourceNames = BodyReader.Texts(rule, "resourceNames"),
        NonResourceUrls = BodyReader.Texts(rule, "nonResourceURLs"),
    };

    // The API server takes no other rule, so that anything less is a part of one.
    static bool IsWhole(PolicyRule rule) => !rule.Verbs.IsEmpty && (!rule.NonResourceUrls.IsEmpty || (!rule.ApiGroups.IsEmpty && !rule.Resources.IsEmpty));

    static string Kind(JsonElement operation) => BodyReader.Text(BodyReader.Member(operation, "op"));

    static string[] Path(JsonElement operation) =>
        [.. BodyReader.Text(BodyReader.Member(operation, "path")).Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    static bool IsAllRules(JsonElement operation) =>
        Kind(operation) is "add" or "replace" && BodyReader.Text(BodyReader.Member(operation, "path")) is "/rules" or "/aggregationRule";

    static string Told(JsonElement operation)
    {
        var what = Kind(operation) is "copy" or "move" ? $" from {BodyReader.Text(BodyReader.Member(operation, "from"))}"
            : Kind(operation) != "remove" && BodyReader.Member(operation, "value") is { } value ? $": {Short(value.GetRawText())}" : "";
        return $"{Kind(operation)} {BodyReader.Text(BodyReader.Member(operation, "path"))}{what}";
    }

    static string Short(string text) =>
        text.Length <= LongestValue ? text : text[..(char.IsHighSurrogate(text[LongestValue - 1]) ? LongestValue - 1 : LongestValue)] + "…";

    /// <summary>What a patch changes: the most telling part of it.</summary>
    static Part Touched(JsonElement patch) => patch.ValueKind == JsonValueKind.Array
        ? patch.EnumerateArray().Where(operation => Kind(operation) != "test").Select(operation => Touched(Path(operation))).DefaultIfEmpty(Part.Nothing).Max()
        : Properties(patch).SelectMany(Paths).Select(Touched).DefaultIfEmpty(Part.Nothing).Max();

    static IEnumerable<string[]> Paths(JsonProperty property) => property.Name == "metadata" && property.Value.ValueKind == JsonValueKind.Object
        ? Properties(property.Value).Select(below => new[] { "metadata", below.Name }) : [[property.Name]];

    // A label may make a role a part of others (aggregationRule), whatever it is called. What is only about who owns an object is not checked again by
    // the API server (registry/rbac, IsOnlyMutatingGCFields).
    static Part Touched(string[] path) => path switch
    {
        ["apiVersion" or "kind"] => Part.Nothing,
        ["metadata", "name" or "namespace" or "uid" or "resourceVersion", ..] => Part.Nothing,
        ["metadata", "ownerReferences" or "finalizers" or "managedFields", ..] or ["metadata", ['$', ..], ..] => Part.Ownership,
        [] or ["metadata"] or ["metadata", "labels", ..] or ["rules" or "subjects" or "roleRef" or "aggregationRule", ..] => Part.Rights,
        _ => Part.Description,
    };

    static IEnumerable<JsonProperty> Properties(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : Enumerable.Empty<JsonProperty>();
}
