using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// What a kube-apiserver would say of a policy file, and what it would silently read otherwise than it looks (apiserver audit/policy, reader.go
/// and apis/audit/validation). Fields it does not know are left out with a warning in its own log.
/// </summary>
static class AuditPolicyRemarks
{
    static readonly string[] OfPolicy = ["apiVersion", "kind", "metadata", "omitManagedFields", "omitStages", "rules"];
    static readonly string[] OfRule = ["level", "namespaces", "nonResourceURLs", "omitManagedFields", "omitStages", "resources", "userGroups", "users", "verbs"];
    static readonly string[] OfResources = ["group", "resourceNames", "resources"];
    static readonly string[] Literal = ["users", "userGroups", "verbs", "namespaces"];
    static readonly string[] Stages = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

    /// <summary>The remarks, in the order of the file; none for a policy that is loaded and means what it says.</summary>
    /// <exception cref="InputException">The file is no YAML.</exception>
    public static IEnumerable<PolicyRemark> Of(string yaml, string file)
    {
        var documents = YamlDocuments.Split(new StringReader(yaml), file).Select(document => YamlDocuments.ToJson(document.Text, file, document.Line)).OfType<ReadOnlyMemory<byte>>().ToList();
        if (documents.Count == 0)
            yield break;
        using var parsed = JsonDocument.Parse(documents[0]);
        foreach (var remark in OfDocument(parsed.RootElement))
            yield return remark;
        if (documents.Count > 1)
            yield return new(false, $"the file holds {documents.Count} YAML documents; kube-apiserver reads the first and ignores the rest");
    }

    static IEnumerable<PolicyRemark> OfDocument(JsonElement policy) =>
    [
        .. Version(BodyReader.Text(BodyReader.Member(policy, "apiVersion"))),
        .. Unknown(policy, "", OfPolicy),
        .. BadStages(policy, ""),
        .. BodyReader.Elements(BodyReader.Member(policy, "rules")).SelectMany((rule, i) => OfOneRule(rule, $"rules[{i}].")),
        .. BodyReader.Elements(BodyReader.Member(policy, "rules")).Any() ? Array.Empty<PolicyRemark>() : [new(true, "rules is empty, expected at least one")],
    ];

    static IEnumerable<PolicyRemark> Version(string version) => version switch
    {
        "audit.k8s.io/v1" => [],
        "" => [new(true, "apiVersion is missing, expected audit.k8s.io/v1")],
        "audit.k8s.io/v1beta1" or "audit.k8s.io/v1alpha1" => [new(true, $"apiVersion is {version}, which is gone since Kubernetes 1.24, expected audit.k8s.io/v1")],
        _ => [new(true, $"apiVersion is {version}, expected audit.k8s.io/v1")],
    };

    static IEnumerable<PolicyRemark> OfOneRule(JsonElement rule, string at)
    {
        var urls = Texts(rule, "nonResourceURLs").ToList();
        return
        [
            .. Unknown(rule, at, OfRule),
            .. BadStages(rule, at),
            .. from url in urls
               where url != "*" && (!url.StartsWith('/') || url.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < url.Length - 1)
               select new PolicyRemark(true, $"{at}nonResourceURLs holds {url}, expected a path that begins with a slash and has a star at its end at most"),
            .. urls.Count > 0 && (Texts(rule, "namespaces").Any() || BodyReader.Elements(BodyReader.Member(rule, "resources")).Any())
                ? [new(true, $"{at}nonResourceURLs stands beside resources or namespaces, expected either in one rule")] : Array.Empty<PolicyRemark>(),
            .. from field in Literal
               from text in Texts(rule, field)
               where text.Contains('*', StringComparison.Ordinal)
               select new PolicyRemark(false, $"{at}{field} holds {text}: it is compared letter by letter, a star has no meaning there"),
            .. BodyReader.Elements(BodyReader.Member(rule, "resources")).SelectMany((resources, i) => OfSomeResources(resources, $"{at}resources[{i}].")),
        ];
    }

    static IEnumerable<PolicyRemark> OfSomeResources(JsonElement resources, string at)
    {
        var group = BodyReader.Text(BodyReader.Member(resources, "group"));
        return
        [
            .. Unknown(resources, at, OfResources),
            .. group == "*" ? [new(false, $"{at}group is *: every group since Kubernetes 1.36; before that the policy is refused")]
                : group.Length > 0 && !IsGroupName(group) ? [new(true, $"{at}group is {group}, expected an API group without its version, as apps")] : Array.Empty<PolicyRemark>(),
            .. Texts(resources, "resourceNames").Any() && !Texts(resources, "resources").Any() ? [new(true, $"{at}resourceNames stands without resources, expected at least one")] : Array.Empty<PolicyRemark>(),
            .. from text in Texts(resources, "resources")
               where text.Contains('*', StringComparison.Ordinal) && !IsWildcard(text)
               select new PolicyRemark(false, $"{at}resources holds {text}: it is compared letter by letter; only *, */exec and pods/* are wildcards"),
            .. from text in Texts(resources, "resourceNames")
               where text.Contains('*', StringComparison.Ordinal)
               select new PolicyRemark(false, $"{at}resourceNames holds {text}: it is compared letter by letter, a star has no meaning there"),
        ];
    }

    static IEnumerable<PolicyRemark> Unknown(JsonElement element, string at, string[] known) =>
        element.ValueKind != JsonValueKind.Object ? []
        : from property in element.EnumerateObject()
          where !known.Contains(property.Name)
          select new PolicyRemark(false, $"{at}{property.Name} is no field of an audit policy, expected one of {string.Join(", ", known)}; kube-apiserver reads the policy without it");

    static IEnumerable<PolicyRemark> BadStages(JsonElement element, string at) =>
        from stage in Texts(element, "omitStages")
        where !Stages.Contains(stage)
        select new PolicyRemark(true, $"{at}omitStages holds {stage}, expected some of {string.Join(", ", Stages)}");

    static IEnumerable<string> Texts(JsonElement element, string name) => BodyReader.Elements(BodyReader.Member(element, name)).Select(item => BodyReader.Text(item));

    // A DNS subdomain, as apimachinery's NameIsDNSSubdomain has it.
    static bool IsGroupName(string group) => group.Split('.').All(part =>
        part.Length > 0 && part[0] != '-' && part[^1] != '-' && part.All(letter => letter is '-' or (>= 'a' and <= 'z') or (>= '0' and <= '9')));

    static bool IsWildcard(string resource) => resource == "*" || (resource.Split('/') is [var plural, var sub]
        && ((plural == "*" && !sub.Contains('*', StringComparison.Ordinal)) || (sub == "*" && !plural.Contains('*', StringComparison.Ordinal))));
}

/// <summary>One thing about a policy file.</summary>
/// <param name="IsRefused">Whether a kube-apiserver does not start with it.</param>
/// <param name="Text">What it is.</param>
readonly record struct PolicyRemark(bool IsRefused, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsRefused ? "kube-apiserver refuses it: " : "not what it seems: ")}{Text}";
}
