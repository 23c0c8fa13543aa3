using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>The parts of the JSON report that findings refer to.</summary>
static class EvidenceJson
{
    /// <summary>What the subjects of findings are bound to.</summary>
    public static void WriteSubjects(JsonPieces pieces, Posture posture) =>
        pieces.WriteArray("subjects", posture.Subjects.Length, piece => i => WriteSubject(piece, posture.Subjects[i]));

    static void WriteSubject(Utf8JsonWriter json, SubjectGrants subject)
    {
        json.WriteStartObject();
        JsonReport.WriteTarget(json, JsonReport.Subject, subject.Subject);
        json.WriteStartArray("grants");
        foreach (var grant in subject.Grants)
        {
            json.WriteStartObject();
            JsonReport.WriteBinding(json, JsonReport.Binding, grant.Binding);
            JsonReport.WriteRole(json, JsonReport.Role, grant.Role);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Every role that the document refers to, once, with all its rules.</summary>
    public static void WriteRoles(JsonPieces pieces, Posture posture)
    {
        var roles = RolesOf(posture).DistinctBy(role => (role.Scope, role.Name)).OrderBy(role => role.Scope).ThenBy(role => role.Name, StringComparer.Ordinal).ToList();
        pieces.WriteArray("roles", roles.Count, piece => i => WriteRole(piece, roles[i]));
    }

    // In the order in which they are met; of several that share a name the first counts.
    static List<Role> RolesOf(Posture posture)
    {
        var (roles, known) = (new List<Role>(), new HashSet<Role>(ReferenceEqualityComparer.Instance));
        foreach (var finding in posture.Findings)
            foreach (var grant in finding.Grants)
                Add(grant);
        foreach (var subject in posture.Subjects)
            foreach (var grant in subject.Grants)
                Add(grant);
        foreach (var path in posture.Paths)
            foreach (var step in path.Steps)
                foreach (var request in step.Requests)
                    Add(request.Grant);
        return roles;

        void Add(Grant grant)
        {
            if (known.Add(grant.Role))
                roles.Add(grant.Role);
        }
    }

    static void WriteRole(Utf8JsonWriter json, Role role)
    {
        json.WriteStartObject();
        json.WriteString("kind", role.Kind);
        if (!role.Scope.IsCluster)
            json.WriteString("namespace", role.Scope.Namespace);
        json.WriteString("name", role.Name);
        RbacJson.WriteRules(json, role.Rules);
        json.WriteEndObject();
    }

    /// <summary>Where in the manifests the objects are that findings speak of.</summary>
    public static void WriteSources(Utf8JsonWriter json, Posture posture)
    {
        json.WriteStartArray("sources");
        foreach (var (target, source) in posture.Sources)
        {
            json.WriteStartObject();
            json.WriteString("kind", target.Kind);
            if (target.Namespace.Length > 0)
                json.WriteString("namespace", target.Namespace);
            json.WriteString("name", target.Name);
            json.WriteString("file", source.File);
            if (source.Line is { } line)
                json.WriteNumber("line", line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
