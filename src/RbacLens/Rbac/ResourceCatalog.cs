using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>
/// The resources that people can ask about, under all their names. What Kubernetes ships is always among them; a cluster's discovery adds its
/// own; without that, so do the groups and resources that rules name.
/// </summary>
public sealed class ResourceCatalog
{
    // A rule stands for groups × resources; one of a hostile size names nothing.
    const int MostPairs = 10_000;

    readonly ImmutableArray<ResourceType> types;
    readonly HashSet<string> mentionedSpellings = new(StringComparer.Ordinal);

    /// <summary>A catalog.</summary>
    /// <param name="discovered">What the API server says it serves, in its order of preference; empty where it was not asked.</param>
    /// <param name="rules">Rules that name resources.</param>
    public ResourceCatalog(IEnumerable<ResourceType> discovered, IEnumerable<PolicyRule> rules)
    {
        var served = discovered.ToList();
        IsDiscovered = served.Count > 0;
        var mentioned = IsDiscovered ? [] : Mentioned(rules);
        // The built-in order settles which group a name means; discovery has the last word on everything else.
        types = [.. BuiltInTypes.All.Concat(served).Concat(mentioned).GroupBy(type => (type.Group, type.Plural)).Select(same => Joined([.. same]))];
        foreach (var rule in rules)
            mentionedSpellings.UnionWith(rule.Resources);
    }

    /// <summary>Whether an API server said what it serves.</summary>
    public bool IsDiscovered { get; }

    /// <summary>Everything that can be asked about.</summary>
    public IReadOnlyList<ResourceType> Types => types;

    /// <summary>What a word of kubectl's means: <c>po</c>, <c>Deployment</c>, <c>deployments.apps/scale</c>, <c>deployments.v1.apps</c>, <c>*</c>.</summary>
    /// <param name="spelling">The word.</param>
    /// <param name="inGroup">The group that is meant where the word names none; null to find it.</param>
    public ResourceSpelling Resolve(string spelling, string? inGroup = null)
    {
        var (word, group, subresource) = Parts(spelling);
        group ??= inGroup;
        if (word.Length == 0)
            return new ResourceSpelling.Unclear($"\"{spelling}\" names no resource; expected one as in pods, deployments.apps or nodes/proxy");
        if (word == "*")
            return new ResourceSpelling.Found(new(group ?? "*", "*", IsNamespaced: true), subresource);
        var lower = word.ToLowerInvariant();
        var called = types.Where(type => type.IsCalled(lower)).ToList();
        var candidates = group is null ? called : called.FindAll(type => type.Group == group);
        return candidates switch
        {
            [] when group is { Length: > 0 } && !IsDiscovered && !KnownResources.Serves(group) && !types.Any(type => type.Group == group) =>
                new ResourceSpelling.Found(new(group, lower, IsNamespaced: null), subresource),
            [] => Unknown(word, group, called),
            [var first, ..] when group is null && !IsDiscovered && IsAmbiguous(candidates) => Ambiguous(first, candidates),
            [var first, ..] => WithSubresource(first, spelling, subresource),
        };
    }

    // Kubernetes' own groups have an order; those of custom resources have none.
    static bool IsAmbiguous(List<ResourceType> candidates) => !KnownResources.Serves(candidates[0].Group) && candidates.Count > 1;

    static ResourceSpelling.Unclear Ambiguous(ResourceType first, List<ResourceType> candidates) => new(
        $"{first.Plural} is in several groups; name one: {string.Join(", ", candidates.Select(type => type.FullName).Order(StringComparer.Ordinal))}");

    ResourceSpelling WithSubresource(ResourceType type, string spelling, string subresource)
    {
        var isKnown = subresource.Length == 0 || subresource == "*" || type.Subresources.Contains(subresource)
            || type.Plural == "userextras" || mentionedSpellings.Contains($"{type.Plural}/{subresource}") || mentionedSpellings.Contains($"*/{subresource}")
            || (subresource is "status" or "scale" && !KnownResources.Serves(type.Group));
        return isKnown
            ? new ResourceSpelling.Found(type, subresource)
            : new ResourceSpelling.Unclear(
                $"{type.FullName} has no subresource \"{subresource}\"{Similar.Hint(subresource, type.Subresources)}"
                + $" (for an object of that name: {spelling[..spelling.IndexOf('/', StringComparison.Ordinal)]} {subresource})");
    }

    ResourceSpelling.Unclear Unknown(string word, string? group, List<ResourceType> elsewhere)
    {
        if (group is not null && elsewhere.Count > 0)
            return new($"there is no resource \"{word}\" in group \"{group}\"; did you mean {string.Join(" or ", elsewhere.Select(type => type.FullName).Take(3))}?");
        var names = types.Where(type => group is null || type.Group == group).SelectMany(type => (string[])[type.Plural, type.Singular, .. type.ShortNames]);
        var where = group is null ? "" : $" in group \"{(group.Length == 0 ? "core" : group)}\"";
        var hint = Similar.Hint(word, names);
        return new($"there is no resource \"{word}\"{where}{(hint.Length > 0 ? hint : "; a custom resource is asked for with its group, as in certificates.cert-manager.io")}");
    }

    // kubectl's order is resource.group/subresource; resource/subresource.group is what people try next.
    static (string Word, string? Group, string Subresource) Parts(string spelling)
    {
        var (head, subresource) = Cut(spelling, '/');
        var (word, group) = Cut(head, '.');
        if (group is null && subresource is not null && word != "userextras" && subresource.Contains('.', StringComparison.Ordinal))
            (subresource, group) = Cut(subresource, '.');
        // resource.version.group, where a version is v1, v2beta1 and the like.
        if (group is not null && Cut(group, '.') is var (version, rest) && IsVersion(version))
            group = rest ?? "";
        return (word, group, subresource ?? "");
    }

    static bool IsVersion(string text) =>
        text.Length > 1 && text[0] == 'v' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[^1])
        && text[1..].Trim("0123456789".ToCharArray()) is "" or "alpha" or "beta";

    static (string Head, string? Tail) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : (text, null);

    static ResourceType Joined(ImmutableArray<ResourceType> same) => same is [var only] ? only : same[^1] with
    {
        ShortNames = [.. same.SelectMany(type => type.ShortNames).Distinct(StringComparer.Ordinal)],
        Subresources = [.. same.SelectMany(type => type.Subresources).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
    };

    // Rules of Kubernetes' own groups name nothing new: what is not known there does not exist. A rule of one group says more than one of many,
    // whose resources may belong to any of them.
    static List<ResourceType> Mentioned(IEnumerable<PolicyRule> rules)
    {
        var named = rules.Where(rule => (long)rule.ApiGroups.Count * rule.Resources.Count <= MostPairs)
            .SelectMany(rule => rule.ApiGroups, (rule, name) => (rule, Group: name))
            .Where(pair => pair.Group.Length > 0 && pair.Group != "*" && !KnownResources.Serves(pair.Group))
            .SelectMany(pair => pair.rule.Resources, (pair, resource) => (pair.Group, Resource: resource, IsSure: pair.rule.ApiGroups.Count == 1))
            .Distinct()
            .ToList();
        var sure = named.Where(one => one.IsSure).Select(one => Cut(one.Resource, '/').Head).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from one in named
               let parts = Cut(one.Resource, '/')
               where parts.Head != "*" && parts.Head.Length > 0 && (one.IsSure || !sure.Contains(parts.Head))
               group parts.Tail by (one.Group, parts.Head) into same
               orderby same.Key.Head, same.Key.Group
               select new ResourceType(same.Key.Group, same.Key.Head, IsNamespaced: null)
               {
                   Subresources = [.. same.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
               },
        ];
    }
}

/// <summary>What a word for a resource came to.</summary>
public abstract record ResourceSpelling
{
    /// <summary>It means this.</summary>
    /// <param name="Type">The resource.</param>
    /// <param name="Subresource">The subresource; empty for the resource itself.</param>
    public sealed record Found(ResourceType Type, string Subresource) : ResourceSpelling;

    /// <summary>It means nothing, or more than one thing.</summary>
    /// <param name="Why">One line for people, with what they may have meant.</param>
    public sealed record Unclear(string Why) : ResourceSpelling;
}
