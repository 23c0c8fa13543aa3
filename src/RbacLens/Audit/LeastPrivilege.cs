using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// The roles that would have been enough for what a log shows of a subject: each request as it was made, no verb, name or scope more.
/// </summary>
public sealed record LeastPrivilege
{
    /// <summary>Roles, the ClusterRole first.</summary>
    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>Bindings, one for each role.</summary>
    public required ImmutableArray<Binding> Bindings { get; init; }

    /// <summary>What people should know about it, sorted.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Requests that were refused, and are not granted either; sorted.</summary>
    public required ImmutableArray<string> Refused { get; init; }

    /// <summary>Requests that were granted here, or that everybody may make anyway.</summary>
    public required long Requests { get; init; }

    /// <summary>What a log shows of a subject, as roles.</summary>
    /// <param name="log">The log.</param>
    /// <param name="subject">A user, a service account, or a group.</param>
    /// <param name="everyone">What every such identity may do anyway, so that it needs no role of its own.</param>
    /// <param name="name">What to call roles and bindings.</param>
    /// <param name="mostNames">More objects than these of one kind are granted without their names, with a note.</param>
    public static LeastPrivilege Of(AuditLog log, Subject subject, Authorizer everyone, string name, int mostNames = 20)
    {
        var needs = new Needs(mostNames);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        var requests = 0L;
        foreach (var count in log.Deeds)
            foreach (var (identity, request) in RequestsOf(count.Deed, subject))
                if (count.Deed.Outcome == Outcome.Refused && (request == count.Deed.Request || count.Deed.IsRefusedToActAs))
                    refused.Add(Text(request));
                else if (count.Deed.Outcome == Outcome.Allowed)
                {
                    requests += count.Requests;
                    if (!everyone.Decide(identity, request).Allowed)
                        needs.Add(request, count.Deed);
                }

        var roles = needs.Rules()
            .GroupBy(rule => rule.Scope, rule => rule.Rule)
            .OrderBy(scope => scope.Key)
            .Select(scope => new Role(scope.Key, name, RuleSet.Of(scope)))
            .ToImmutableArray();
        return new()
        {
            Roles = roles,
            Bindings = [.. roles.Select(role => new Binding(role.Scope, name, [subject], new(role.Kind, name)))],
            Notes = [.. needs.Notes],
            Refused = [.. refused],
            Requests = requests,
        };
    }

    /// <summary>What a subject holds today and would no longer hold, as rules of one verb on one resource each, by binding.</summary>
    /// <param name="cluster">The cluster's grants.</param>
    /// <param name="subject">The subject; what it holds as a member of a group is not its to lose.</param>
    public IEnumerable<(Binding Binding, ImmutableArray<PolicyRule> Lost)> LostAgainst(Snapshot cluster, Subject subject)
    {
        var authorizer = new Authorizer(cluster.Roles, cluster.Bindings);
        foreach (var binding in cluster.Bindings.Where(binding => binding.Subjects.Any(named => named.Canonical == subject.Canonical)))
            if (authorizer.Resolve(binding) is { } role)
                yield return (binding, [.. Coverage.Uncovered(RulesIn(binding.Scope), role.Rules)]);
    }

    IEnumerable<PolicyRule> RulesIn(Scope scope) => Roles.Where(role => role.Scope.IsCluster || role.Scope == scope).SelectMany(role => role.Rules);

    // Whoever acts as somebody else needs the impersonation, and what is done then is the other one's need.
    static IEnumerable<(Identity Identity, AccessRequest Request)> RequestsOf(Deed deed, Subject subject)
    {
        if (!deed.IsRefusedToActAs && Is(deed.Effective, subject))
            yield return (deed.Effective, deed.Request);
        if (deed.ActingAs is not null && Is(deed.User, subject))
            foreach (var request in Impersonation.Requests(deed))
                yield return (deed.User, request);
    }

    static bool Is(Identity identity, Subject subject) => identity.Is(subject.Canonical);

    static string Text(AccessRequest request) => $"{request}{(request.Namespace.Length == 0 ? "" : $" in {request.Namespace}")}";

    /// <summary>Gathers requests, and turns them into as few rules as say the same.</summary>
    sealed class Needs(int mostNames)
    {
        readonly Dictionary<(Scope Scope, string Group, string Resource, string Verb), SortedSet<string>?> resources = [];
        readonly SortedDictionary<string, SortedSet<string>> urls = new(StringComparer.Ordinal);

        public SortedSet<string> Notes { get; } = new(StringComparer.Ordinal);

        public void Add(AccessRequest request, Deed deed)
        {
            if (request is AccessRequest.Path path)
                (urls.TryGetValue(path.Url, out var verbs) ? verbs : urls[path.Url] = new(StringComparer.Ordinal)).Add(path.Verb);
            else if (request is AccessRequest.Resource resource)
                Add(Narrowed(resource, deed));
        }

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
            var subresource = deed.Tail.Length == 0 ? "proxy" : KubeletPath.Subresources(deed.Tail, fineGrained: true)[0];
            if (request.Spelling != "nodes/proxy" || request.Verb != "get" || subresource == "proxy")
                return request;
            Notes.Add($"{deed.Tail} was read through nodes/proxy, which runs commands as well; nodes/{subresource} is granted instead, for direct calls to port 10250 of the node"
                + (subresource is "metrics" or "stats" or "log" ? "" : " (from Kubernetes 1.33)"));
            return new(request.Verb, "", "nodes", subresource, Name: ProxyName.Plain(request.Name));
        }

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
}
