using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>A kind of object as an API server offers it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Plural">The resource as in the URL and in rules: <c>deployments</c>.</param>
/// <param name="IsNamespaced">Whether its objects live in namespaces; null where nothing says so.</param>
public sealed record ResourceType(string Group, string Plural, bool? IsNamespaced)
{
    /// <summary>The kind in lower case: <c>deployment</c>.</summary>
    public string Singular { get; init; } = SingularOf(Plural);

    /// <summary>What kubectl takes for it, too: <c>deploy</c>.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>What can follow the name in the URL: <c>scale</c>; not necessarily all.</summary>
    public ImmutableArray<string> Subresources { get; init; } = [];

    /// <summary>As kubectl writes it: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public string FullName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Whether people may mean this type by a word in lower case.</summary>
    public bool IsCalled(string word) => word == Plural || word == Singular || ShortNames.Contains(word);

    // Enough for the kinds that Kubernetes has; others bring their singular along.
    static string SingularOf(string plural) => plural switch
    {
        "endpoints" => plural,
        _ when plural.EndsWith("ies", StringComparison.Ordinal) => plural[..^3] + "y",
        _ when plural.EndsWith("sses", StringComparison.Ordinal) || plural.EndsWith("uses", StringComparison.Ordinal) => plural[..^2],
        _ => plural.TrimEnd('s'),
    };
}
