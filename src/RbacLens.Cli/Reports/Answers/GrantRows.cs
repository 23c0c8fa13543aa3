using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>How answers spell subjects, objects and grants.</summary>
static class GrantRows
{
    /// <summary><c>ClusterRoleBinding x</c>, <c>RoleBinding ns/x</c>.</summary>
    public static string Name(Binding binding) => Target(binding).ToString();

    /// <summary><c>ClusterRole x</c>, <c>Role ns/x</c>.</summary>
    public static string Name(Role role) => Target(role).ToString();

    static Target Target(Binding binding) => new(binding.Kind, binding.Scope.Namespace, binding.Name);

    static Target Target(Role role) => new(role.Kind, role.Scope.Namespace, role.Name);

    /// <summary>The rules by number, as in evidence elsewhere.</summary>
    public static string Rules(Grant grant) => string.Join(' ', grant.Rules);

    /// <summary>The kind, namespace and name of a subject; the namespace is there for every kind, empty where it has none.</summary>
    public static void WriteSubject(Utf8JsonWriter json, Subject subject)
    {
        json.WriteString("kind", subject.Kind);
        json.WriteString("namespace", subject.NamespaceOrEmpty);
        json.WriteString("name", subject.Name);
    }

    /// <summary>A grant with where it holds, what it is limited to, and the group it comes through.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="holder">Who holds it: where the grant is to someone else, that is a group the holder is in.</param>
    public static void Write(Utf8JsonWriter json, Grant grant, Subject holder)
    {
        json.WriteStartObject();
        Write(json, "binding", Target(grant.Binding));
        Write(json, "role", Target(grant.Role));
        json.WriteStartArray("rules");
        foreach (var rule in grant.Rules)
            json.WriteNumberValue(rule);
        json.WriteEndArray();
        json.WriteString("scope", grant.Binding.Scope.ToString());
        var names = Allowance.NamesOf(grant);
        if (!names.IsEmpty)
            Write(json, "names", names);
        if (grant.Subject.Canonical != holder.Canonical)
            json.WriteString("through", grant.Subject.ToString());
        json.WriteEndObject();
    }

    /// <summary>A list of texts.</summary>
    public static void Write(Utf8JsonWriter json, string property, IEnumerable<string> texts)
    {
        json.WriteStartArray(property);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>An object by kind, namespace and name.</summary>
    public static void Write(Utf8JsonWriter json, string property, Target target)
    {
        json.WriteStartObject(property);
        json.WriteString("kind", target.Kind);
        if (target.Namespace.Length > 0)
            json.WriteString("namespace", target.Namespace);
        json.WriteString("name", target.Name);
        json.WriteEndObject();
    }

    /// <summary>A request in the terms of a SubjectAccessReview.</summary>
    public static void Write(Utf8JsonWriter json, string property, AccessRequest request)
    {
        json.WriteStartObject(property);
        if (request is AccessRequest.Path path)
        {
            json.WriteString("verb", path.Verb);
            json.WriteString("path", path.Url);
        }
        else if (request is AccessRequest.Resource resource)
        {
            json.WriteString("verb", resource.Verb);
            json.WriteString("group", resource.ApiGroup);
            json.WriteString("resource", resource.Plural);
            json.WriteString("subresource", resource.Subresource);
            json.WriteString("namespace", resource.Namespace);
            json.WriteString("name", resource.Name);
        }

        json.WriteEndObject();
    }

    /// <summary>The properties that every answer begins with.</summary>
    public static void WriteKind(Utf8JsonWriter json, string kind)
    {
        json.WriteString("apiVersion", "rbac-lens/v1");
        json.WriteString("kind", kind);
    }

    /// <summary>A request as people say it: <c>list secrets in namespace kube-system</c>.</summary>
    public static string Spoken(AccessRequest request, string? place = null) => request switch
    {
        AccessRequest.Resource resource =>
            $"{resource.Verb} {Spelling(resource.ApiGroup, resource.Plural, resource.Subresource)}{(resource.Name.Length == 0 ? "" : " " + resource.Name)}{place ?? In(resource)}",
        _ => request.ToString()!,
    };

    static string In(AccessRequest.Resource request) =>
        request.Namespace.Length == 0 || (request is { ApiGroup: "", Plural: "namespaces" } && request.Name == request.Namespace) ? "" : $" in namespace {request.Namespace}";

    /// <summary>As kubectl spells it: <c>deployments.apps/scale</c>.</summary>
    public static string Spelling(string apiGroup, string plural, string subresource) =>
        $"{plural}{(apiGroup.Length == 0 ? "" : "." + apiGroup)}{(subresource.Length == 0 ? "" : "/" + subresource)}";
}
