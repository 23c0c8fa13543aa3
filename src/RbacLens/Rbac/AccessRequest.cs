namespace RbacLens.Rbac;

/// <summary>One thing asked of the API server, in the terms its authorizers see.</summary>
/// <param name="Verb">The request verb: <c>get</c>, <c>list</c>, <c>create</c>, …, or a synthetic one such as <c>bind</c>.</param>
public abstract record AccessRequest(string Verb)
{
    /// <summary>The namespace asked in; empty for cluster-scoped requests, for all namespaces at once and for URLs.</summary>
    public abstract string Namespace { get; init; }

    /// <summary>A request for an API resource.</summary>
    /// <param name="Verb">The request verb.</param>
    /// <param name="ApiGroup">The API group; empty for the core group.</param>
    /// <param name="Plural">The resource as in the URL: <c>pods</c>. Case matters.</param>
    /// <param name="Subresource">What follows the name in the URL: <c>exec</c>; empty for the resource itself.</param>
    /// <param name="Namespace">Empty: cluster-scoped, or all namespaces at once.</param>
    /// <param name="Name">Empty where the request names no object: list, create, deletecollection.</param>
    public sealed record Resource(
        string Verb, string ApiGroup, string Plural, string Subresource = "", string Namespace = "", string Name = "") : AccessRequest(Verb)
    {
        /// <inheritdoc/>
        public override string Namespace { get; init; } = Namespace;

        /// <summary>The resource as in the URL.</summary>
        public string Plural { get; } = Plural;

        /// <summary>What follows the name in the URL; empty for the resource itself.</summary>
        public string Subresource { get; } = Subresource;

        // Both cannot be changed by "with", which would leave the spelling behind.

        /// <summary>The resource as rules spell it: <c>pods</c> or <c>pods/exec</c>.</summary>
        public string Spelling { get; } = Subresource.Length == 0 ? Plural : $"{Plural}/{Subresource}";

        /// <inheritdoc/>
        public override string ToString() =>
            $"{Verb} {Spelling}{(ApiGroup.Length == 0 ? "" : "." + ApiGroup)}{(Name.Length == 0 ? "" : " " + Name)}";
    }

    /// <summary>A request for a URL outside the API's resources.</summary>
    /// <param name="Verb">The HTTP method in lower case.</param>
    /// <param name="Url">The path: <c>/metrics</c>.</param>
    public sealed record Path(string Verb, string Url) : AccessRequest(Verb)
    {
        /// <inheritdoc/>
        public override string Namespace { get; init; } = "";

        /// <inheritdoc/>
        public override string ToString() => $"{Verb} {Url}";
    }
}
