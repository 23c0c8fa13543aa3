using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Any of some requests: every verb on every resource (or URL).</summary>
/// <param name="Verbs">The verbs to try.</param>
/// <param name="ApiGroup">The API group of the resources.</param>
/// <param name="Resources">The resources to try: <c>pods</c>, <c>pods/exec</c>.</param>
/// <param name="Names">Object names to try; empty to ask for objects of any name.</param>
/// <param name="Urls">URLs to try instead of resources.</param>
/// <param name="Place">Where such a request can be made.</param>
/// <param name="IsByApply">
/// Whether objects are created by an apply: of that the API server knows the name, and asks for patch and for create of it
/// (apiserver endpoints/handlers, patch.go).
/// </param>
public sealed record Question(Names Verbs, string ApiGroup, Names Resources, Names Names, Names Urls, Question.Places Place, bool IsByApply = false)
{
    /// <summary>Where a request can be made, and so which bindings can allow it.</summary>
    public enum Places
    {
        /// <summary>Only for the whole cluster: cluster-scoped resources and URLs.</summary>
        Cluster,

        /// <summary>In a namespace, or in all of them.</summary>
        Namespace,
    }

    /// <summary>An object name that no rule lists.</summary>
    public const string AnyName = "\u0001any";

    /// <summary>The only namespaces where holding it means anything; empty for any. What holds for the whole cluster holds there, too.</summary>
    public Names Namespaces { get; init; } = Names.None;

    /// <summary>Whether a binding in this scope can allow it.</summary>
    public bool CanHoldIn(Scope scope) =>
        scope.IsCluster || (Place == Places.Namespace && (Namespaces.IsEmpty || Namespaces.Lists(scope.Namespace)));

    /// <summary>
    /// The requests, as they are for objects of any name: list and create of an object name none, the rest names one that no rule lists.
    /// </summary>
    public ImmutableArray<AccessRequest> Requests { get; } =
    [
        .. from url in Urls from verb in Verbs select new AccessRequest.Path(verb, url),
        .. from resource in Resources
           from verb in Verbs
           from name in IsByApply ? Names.Of(AnyName) : NamesFor(Names, verb, resource)
           select Request(verb, ApiGroup, resource, name),
    ];

    /// <summary>The same request for one object, or null where the API server never learns a name.</summary>
    public static AccessRequest.Resource? ForName(AccessRequest request, string name) =>
        CanName(request) ? (AccessRequest.Resource)request with { Name = name } : null;

    /// <summary>Whether the API server learns a name with such a request.</summary>
    public static bool CanName(AccessRequest request) =>
        request is AccessRequest.Resource resource && (resource.Name == AnyName || CanName(resource.Verb, resource.Spelling));

    static Names NamesFor(Names asked, string verb, string resource) =>
        !asked.IsEmpty ? asked : CanName(verb, resource) && !IsCollection(verb) ? Names.Of(AnyName) : Names.Of("");

    // The name is not known when an object is created, and deletecollection never looks at it; subresources have it in their path.
    static bool CanName(string verb, string resource) => verb switch
    {
        "create" => resource.Contains('/'),
        "deletecollection" => false,
        _ => true,
    };

    // list and watch can be narrowed to a name by a field selector, but ask for all otherwise.
    static bool IsCollection(string verb) => verb is "list" or "watch";

    static AccessRequest.Resource Request(string verb, string group, string resource, string name) =>
        resource.Split('/', 2) is [var plural, var subresource]
            ? new(verb, group, plural, subresource, Name: name)
            : new(verb, group, resource, Name: name);
}
