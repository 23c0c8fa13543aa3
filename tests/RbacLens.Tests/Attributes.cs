using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests;

/// <summary>Authorizer attributes, as Kubernetes' tables and SubjectAccessReviews spell them.</summary>
static class Attributes
{
    /// <summary>The identity with exactly the groups that are listed.</summary>
    public static Identity Identity(JsonElement item) => new(RbacJson.Text(item, "user"), [.. RbacJson.Texts(item, "groups")]);

    /// <summary>A row of a table: <c>resourceRequest</c> tells which fields count.</summary>
    public static AccessRequest Request(JsonElement attributes) => attributes.GetProperty("resourceRequest").GetBoolean()
        ? Resource(attributes, RbacJson.Text(attributes, "apiGroup"))
        : new AccessRequest.Path(RbacJson.Text(attributes, "verb"), RbacJson.Text(attributes, "path"));

    /// <summary>The <c>spec</c> of a SubjectAccessReview.</summary>
    public static AccessRequest Review(JsonElement spec) => spec.TryGetProperty("nonResourceAttributes", out var url)
        ? new AccessRequest.Path(RbacJson.Text(url, "verb"), RbacJson.Text(url, "path"))
        : Resource(spec.GetProperty("resourceAttributes"), RbacJson.Text(spec.GetProperty("resourceAttributes"), "group"));

    static AccessRequest.Resource Resource(JsonElement attributes, string group) => new(
        RbacJson.Text(attributes, "verb"),
        group,
        RbacJson.Text(attributes, "resource"),
        RbacJson.Text(attributes, "subresource"),
        RbacJson.Text(attributes, "namespace"),
        RbacJson.Text(attributes, "name"));
}
