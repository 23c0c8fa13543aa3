using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Gathers requests, and turns them into as few rules as say the same.</summary>
/// <param name="mostNames">More objects than these of one kind are granted without their names.</param>
sealed class Needs(int mostNames)
{
    readonly Dictionary<(Scope Scope, string Group, string Resource, string Verb), SortedSet<string>?> resources = [];
    readonly SortedDictionary<string, SortedSet<string>> urls = new(StringComparer.Ordinal);

    /// <summary>What people should know about it.</summary>
    public SortedSet<string> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a request.</summary>
    /// <returns>False where a rule could only say more than was asked; a note tells.</returns>
    public bool TryAdd(AccessRequest request, Deed deed)
    {
        if (IsWildcard(request))
        {
            Notes.Add($"{SubjectUse.Text(request)} was asked for as it stands, and is left out: in a rule it would be a wildcard");
            return false;
        }

        if (request is AccessRequest.Path path)
            (urls.TryGetValue(path.Url, out var verbs) ? verbs : urls[path.Url] = new(StringComparer.Ordinal)).Add(path.Verb);
        else if (request is AccessRequest.Resource resource)
            Add(Narrowed(resource, deed));
        return true;
    }

    // Anybody may ask for such things, and nothing of it means a wildcard; within a name or a path it is a letter like others.
    static bool IsWildcard(AccessRequest request) => request.Verb == "*" || request switch
    {
        AccessRequest.Path path => path.Url.EndsWith('*'),
        AccessRequest.Resource resource => resource.ApiGroup == "*" || resource.Spelling.Contains('*', StringComparison.Ordinal),
        _ => false,
    };

    void Add(AccessRequest.Resource resource)
    {
        var key = (new Scope(resource.Namespace), resource.ApiGroup, resource.Spelling, resource.Verb);
        var isKnown = resources.TryGetValue(key, out var names);
        // Without a name it is about all of them, and names add nothing to that.
        if (resource.Name.Length == 0 || (isKnown && names is null))
            resources[key] = null;
        else
            (names ?? (resources[key] = new(StringComparer.Ordinal)))!.Add(resource.Name);
    }

    // What a kubelet tells under a narrower permission should not need the one that runs commands.
    AccessRequest.Resource Narrowed(AccessRequest.Resource request, Deed deed)
    {
        if (request.Spelling != "nodes/proxy" || request.Verb != "get" || deed.Tail.Length == 0)
            return request;
        if (LeadsElsewhere(deed.Tail))
        {
            Notes.Add($"{deed.Tail} was asked for through nodes/proxy of {request.Name}: such a path may lead to another one, commands included, so nodes/proxy stays; look at who asks for it");
            return request;
        }

        var subresource = KubeletPath.Subresources(deed.Tail, fineGrained: true)[0];
        if (subresource == "proxy")
            return request;
        Notes.Add($"{deed.Tail} was read through nodes/proxy, which runs commands as well; nodes/{subresource} is granted instead, for direct calls to port 10250 of the node"
            + (subresource is "metrics" or "stats" or "log" ? "" : " (from Kubernetes 1.33)"));
        return new(request.Verb, "", "nodes", subresource, Name: ProxyName.Plain(request.Name));
    }

    // Dots that climb, and what is escaped twice or cut up with other signs, are resolved by whoever comes next.
    static bool LeadsElsewhere(string path) =>
        path.Contains("//", StringComparison.Ordinal) || path.AsSpan().IndexOfAny("%\\;") >= 0 || path.Split('/').Any(part => part is "." or "..");

    /// <summary>The rules that say all of it.</summary>
    public IEnumerable<(Scope Scope, PolicyRule Rule)> Rules()
    {
        var atoms = resources.Select(need => (need.Key.Scope, Rule: new PolicyRule
        {
            Verbs = Names.Of(need.Key.Verb),
            ApiGroups = Names.Of(need.Key.Group),
            Resources = Names.Of(need.Key.Resource),
            ResourceNames = NamesOf(need.Key.Scope, need.Key.Resource, need.Value),
        })).ToList();
        var everywhere = atoms.Where(atom => atom.Scope.IsCluster).Select(atom => atom.Rule).ToList();
        return Compacted(atoms.Where(atom => atom.Scope.IsCluster || !Coverage.Covers(everywhere, [atom.Rule]))).Concat(UrlRules());
    }

    Names NamesOf(Scope scope, string resource, SortedSet<string>? names)
    {
        if (names is null || names.Count <= mostNames)
            return Names.Of(names ?? []);
        Notes.Add($"{names.Count} different {resource} were asked for{(scope.IsCluster ? "" : $" in {scope}")}, more than can sensibly be listed: granted without names");
        return Names.None;
    }

    // The same resource first by verbs, then the same verbs by resources; both say the same in fewer rules.
    static IEnumerable<(Scope Scope, PolicyRule Rule)> Compacted(IEnumerable<(Scope Scope, PolicyRule Rule)> atoms) =>
        from atom in atoms
        group atom.Rule by (atom.Scope, Group: atom.Rule.ApiGroups[0], Resource: atom.Rule.Resources[0], atom.Rule.ResourceNames) into alike
        let verbs = Sorted(alike.SelectMany(rule => rule.Verbs))
        group alike.Key by (alike.Key.Scope, alike.Key.Group, verbs, alike.Key.ResourceNames) into same
        orderby same.Key.Scope, same.Key.Group, same.Min(key => key.Resource), same.Key.ResourceNames.ToString()
        select (same.Key.Scope, new PolicyRule
        {
            Verbs = same.Key.verbs,
            ApiGroups = Names.Of(same.Key.Group),
            Resources = Sorted(same.Select(key => key.Resource)),
            ResourceNames = same.Key.ResourceNames,
        });

    IEnumerable<(Scope Scope, PolicyRule Rule)> UrlRules() =>
        from url in urls
        group url.Key by Sorted(url.Value) into same
        orderby same.Min()
        select (Scope.Cluster, new PolicyRule { Verbs = same.Key, NonResourceUrls = Sorted(same) });

    static Names Sorted(IEnumerable<string> values) => Names.Of(values.Distinct().Order(StringComparer.Ordinal));
}
