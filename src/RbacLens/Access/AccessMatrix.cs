using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>What somebody may do in one namespace, resource by resource and verb by verb.</summary>
/// <param name="Rows">One row for each resource.</param>
public sealed record AccessMatrix(ImmutableArray<AccessMatrix.Row> Rows)
{
    /// <summary>One resource.</summary>
    /// <param name="Type">The resource.</param>
    /// <param name="Subresource">The subresource; empty for the resource itself.</param>
    /// <param name="Cells">What may be done, by the verbs of <see cref="RequestVerbs.OfResources"/>.</param>
    public sealed record Row(ResourceType Type, string Subresource, ImmutableArray<Cell> Cells);

    /// <summary>What may be done with a verb.</summary>
    public enum Cell
    {
        /// <summary>Nothing.</summary>
        No,

        /// <summary>To objects of certain names.</summary>
        Named,

        /// <summary>To every object.</summary>
        Yes,
    }

    /// <summary>Asks for every resource and verb.</summary>
    /// <param name="held">Who asks.</param>
    /// <param name="types">The resources; of their subresources, those that are known.</param>
    /// <param name="namespace">The namespace; resources without one are asked for in the whole cluster.</param>
    public static AccessMatrix Of(EffectivePermissions held, IEnumerable<ResourceType> types, string @namespace)
    {
        var named = held.GrantsIn(@namespace).SelectMany(grant => grant.Role.Rules).Where(rule => !rule.ResourceNames.IsEmpty).ToList();
        return new(
        [
            .. from type in types
               from subresource in type.Subresources.Prepend("")
               select new Row(type, subresource, [.. RequestVerbs.OfResources.Select(verb => Ask(new(verb, type.Group, type.Plural, subresource, Place(type, verb))))]),
        ]);

        // A namespace is asked for in itself.
        string Place(ResourceType type, string verb) =>
            type.IsNamespaced == false && (type is not { Group: "", Plural: "namespaces" } || RequestVerbs.NamesNothing(verb)) ? "" : @namespace;

        Cell Ask(AccessRequest.Resource request) =>
            held.Decide(request).Allowed ? Cell.Yes
            : named.Exists(rule => rule.ResourceNames.Any(name => name.Length > 0 && held.Decide(request with { Name = name }).Allowed)) && CanBeNamed(request) ? Cell.Named
            : Cell.No;
    }

    static bool CanBeNamed(AccessRequest.Resource request) =>
        request.Verb != "deletecollection" && (request.Verb != "create" || request.Subresource.Length > 0);
}
