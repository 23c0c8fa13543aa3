using RbacLens.Cli.Reports.Answers;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>A request as people write it: <c>get nodes/proxy</c>, <c>patch deployments.apps/scale web</c>, <c>get /metrics</c>.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="What">The resource in kubectl's spelling, or a URL.</param>
/// <param name="Name">The object; null where none is named.</param>
/// <param name="Subresource">The subresource where it is not part of <paramref name="What"/>; null otherwise.</param>
sealed record RequestWords(string Verb, string What, string? Name, string? Subresource)
{
    /// <summary>The request, in a namespace where it can have one.</summary>
    /// <param name="premises">Whose resources are known.</param>
    /// <param name="asked">The namespace that was named; null for the usual one, the empty string for none.</param>
    /// <param name="note">Something to know about the answer; null for nothing.</param>
    /// <exception cref="InputException">There is no such verb or resource.</exception>
    public AccessRequest Read(Premises premises, string? asked, out string? note)
    {
        note = null;
        var isUrl = What.StartsWith('/');
        if (RequestVerbs.Problem(Verb, isUrl, premises.MentionedVerbs) is { } problem)
            throw new InputException(problem);
        var request = isUrl ? Url(ref note) : Located(Resolved(premises, ref note), asked, premises.DefaultNamespace, ref note);
        // The name of what is created stands in the body, which authorizers do not see; a subresource is created below a name.
        if (!isUrl && Name is not null && Subresource is null && request is AccessRequest.Resource { Subresource.Length: 0, Verb: "create" or "deletecollection" })
            note = $"{(note is null ? "" : note + "; ")}{Nameless} leave out \"{Name}\" for any other";
        return request;
    }

    // An apply to a name that is not there is authorized as patch, and then as create with that name.
    string Nameless => Verb == "create"
        ? "a create request carries no name, except where an apply (patch) or update makes what is not there: that is what this answer is for;"
        : $"no {Verb} request carries a name, so this is what a SubjectAccessReview says;";

    // The path of a resource is authorized as that resource, whatever rules say about URLs.
    AccessRequest Url(ref string? note)
    {
        if (Name is not null || Subresource is not null)
            throw new InputException($"{What} is a URL, which has neither a name nor a subresource: leave out \"{Name ?? Subresource}\"");
        var request = Verb == "*" ? new AccessRequest.Path(Verb, What) : RequestUrl.TryParse(Verb.ToUpperInvariant(), What);
        if (request is AccessRequest.Resource resource)
            note = $"{Verb.ToUpperInvariant()} {What} is a request to {GrantRows.Spoken(resource)}, and is decided as such";
        return request ?? throw new InputException($"{What} is no URL that an API server answers: a resource is missing behind it");
    }

    (ResourceType Type, string Subresource) Resolved(Premises premises, ref string? note)
    {
        if (Verb == RequestVerbs.TokenAudience)
            return (new("", What, IsNamespaced: true), Subresource ?? "");
        var spelling = Subresource is null ? What : $"{What}/{Subresource}";
        if (premises.Catalog.Resolve(spelling, RequestVerbs.GroupOf(Verb)) is ResourceSpelling.Unclear unclear)
            throw new InputException(unclear.Why);
        var found = (ResourceSpelling.Found)premises.Catalog.Resolve(spelling, RequestVerbs.GroupOf(Verb));
        if (found.Type.IsNamespaced is null)
            note = $"{found.Type.FullName} is not known to Kubernetes itself; it is taken for a resource with a namespace";
        return (found.Type, found.Subresource);
    }

    // A namespace is an object in itself. What is cluster-scoped is asked for without one, so that no RoleBinding ever counts.
    AccessRequest.Resource Located((ResourceType Type, string Subresource) what, string? asked, string usual, ref string? note)
    {
        var request = new AccessRequest.Resource(Verb, what.Type.Group, what.Type.Plural, what.Subresource, Name: Name ?? "");
        if (request is { ApiGroup: "", Plural: "namespaces" })
            return RequestVerbs.NamesNothing(Verb) ? request : request with { Namespace = asked ?? request.Name, Name = Name ?? asked ?? "" };
        if (what.Type.IsNamespaced != false)
            return request with { Namespace = asked ?? usual };
        if (RequestVerbs.CountsInNamespace(Verb, what.Type.Plural))
            return request with { Namespace = asked ?? "" };
        if (asked is { Length: > 0 })
            note = $"{what.Type.FullName} has no namespace, so what is granted in {asked} alone does not count";
        return request;
    }
}
