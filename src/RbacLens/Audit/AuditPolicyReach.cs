using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// Which requests of a kind each rule of an audit policy decides. Rules compare texts for equality, so the values a rule names itself, and one
/// that no rule names for each field it leaves open, stand for all there are: what none of these reaches, nothing reaches.
/// </summary>
/// <param name="policy">The policy.</param>
sealed class AuditPolicyReach(AuditPolicy policy)
{
    const string Anybody = "somebody";
    const int MostTried = 20_000;

    readonly string anyNamespace = Unnamed("default", policy.Rules.SelectMany(rule => rule.Namespaces));
    readonly string anyName = Unnamed("any", policy.Rules.SelectMany(rule => rule.Resources).SelectMany(resources => resources.ResourceNames));

    /// <summary>A person, a service account and whoever does not log in, none of whom a policy names.</summary>
    public static ImmutableArray<Identity> Usual { get; } =
        [new(Anybody, [WellKnown.Authenticated]), Identity.Of(new Subject.ServiceAccount(Anybody, Anybody)), new(WellKnown.Anonymous, [WellKnown.Unauthenticated])];

    /// <summary>One request for each rule that decides some of this kind, and for each identity that the rule names; then what no rule decides.</summary>
    /// <param name="kind">What is asked: verb, API group, resource and subresource.</param>
    /// <param name="usual">Who asks where a rule names nobody.</param>
    public IEnumerable<ReachedRequest> Of(AccessRequest.Resource kind, ImmutableArray<Identity> usual)
    {
        for (var i = 0; i < policy.Rules.Length; i++)
        {
            var rule = policy.Rules[i];
            if (!rule.Verbs.IsEmpty && !rule.Verbs.Lists(kind.Verb))
                continue;
            foreach (var asking in Asking(rule, usual))
                if (First(i, rule, asking.Identity, kind) is { } found)
                    yield return found with { NamedAs = asking.Name };
        }

        foreach (var identity in usual)
            if (First(null, null, identity, kind) is { } found)
                yield return found;
    }

    /// <summary>The same for what is outside the API's resources.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="url">The path; a trailing star is a prefix.</param>
    /// <param name="usual">Who asks where a rule names nobody.</param>
    public IEnumerable<ReachedRequest> Of(string verb, string url, ImmutableArray<Identity> usual)
    {
        for (var i = 0; i < policy.Rules.Length; i++)
        {
            var rule = policy.Rules[i];
            foreach (var asking in Asking(rule, usual))
                if (First(i, rule, asking.Identity, verb, url) is { } found)
                    yield return found with { NamedAs = asking.Name };
        }

        foreach (var identity in usual)
            if (First(null, null, identity, verb, url) is { } found)
                yield return found;
    }

    ReachedRequest? First(int? index, AuditPolicyRule? rule, Identity identity, string verb, string url)
    {
        foreach (var path in Paths(rule, url))
        {
            var request = new AccessRequest.Path(verb, path);
            var verdict = policy.LevelOf(identity, request);
            if (verdict.Rule == index)
                return new(identity, request, verdict, IsOfNamespace: false);
        }

        return null;
    }

    // A rule may name a part of what is below a prefix.
    IEnumerable<string> Paths(AuditPolicyRule? rule, string url) => !url.EndsWith('*') ? [url]
        : (rule?.NonResourceUrls ?? Names.None).Where(named => PolicyRule.Covers(url, named)).Select(named => named.TrimEnd('*')).Prepend(url.TrimEnd('*') + anyName);

    // Of the usual identities one is enough: they are all meant.
    static IEnumerable<(Identity Identity, string Name)> Asking(AuditPolicyRule rule, ImmutableArray<Identity> usual)
    {
        if (rule.Users.IsEmpty && rule.UserGroups.IsEmpty)
            return usual.Select(identity => (identity, ""));
        var users = rule.Users.IsEmpty ? [new Identity("", [])] : rule.Users.Where(IsName).Select(user => Identity.Of(new Subject.User(user))).Select(WithOwnGroups);
        var groups = rule.UserGroups.IsEmpty ? [""] : rule.UserGroups.Where(IsName);
        return from user in users
               from @group in groups
               select (Member(user, @group), Name: user.User.Length > 0 ? user.User : IsEverybody(@group) ? "" : @group);
    }

    // A star means nothing in a user's name, so such an entry names nobody.
    static bool IsName(string name) => !name.Contains('*', StringComparison.Ordinal);

    static bool IsEverybody(string group) => group is WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts;

    static Identity WithOwnGroups(Identity user) => WellKnown.TryServiceAccount(user.User) is { } account ? Identity.Of(account) : user;

    static Identity Member(Identity user, string group)
    {
        if (user.User.Length > 0)
            return group.Length == 0 || user.Groups.Contains(group) ? user : user with { Groups = user.Groups.Add(group) };
        if (group.StartsWith(WellKnown.ServiceAccounts + ":", StringComparison.Ordinal))
            return Identity.Of(new Subject.ServiceAccount(group[(WellKnown.ServiceAccounts.Length + 1)..], Anybody));
        return group switch
        {
            WellKnown.ServiceAccounts => Usual[1],
            WellKnown.Authenticated => Usual[0],
            WellKnown.Unauthenticated => Usual[2],
            _ => new(Anybody, [group, WellKnown.Authenticated]),
        };
    }

    ReachedRequest? First(int? index, AuditPolicyRule? rule, Identity identity, AccessRequest.Resource kind)
    {
        foreach (var request in Requests(rule, kind).Take(MostTried))
        {
            var verdict = policy.LevelOf(identity, request);
            if (verdict.Rule == index)
                return new(identity, request, verdict, rule is { Namespaces.IsEmpty: false });
        }

        return null;
    }

    IEnumerable<AccessRequest.Resource> Requests(AuditPolicyRule? rule, AccessRequest.Resource kind) =>
        from ns in Namespaces(rule, kind)
        from name in NamesFor(rule, kind)
        where name.Length > 0 || CanBeUnnamed(kind)
        select kind with { Namespace = ns, Name = name };

    IEnumerable<string> Namespaces(AuditPolicyRule? rule, AccessRequest.Resource kind) =>
        KnownResources.AreNamespaced(kind.ApiGroup, kind.Plural) == false ? [""]
        : (rule is { Namespaces.IsEmpty: false } ? rule.Namespaces : Names.Of(anyNamespace, "")).Where(ns => ns.Length > 0 || kind is { Verb: "list" or "watch", Subresource: "" });

    IEnumerable<string> NamesFor(AuditPolicyRule? rule, AccessRequest.Resource kind)
    {
        if (kind is { Verb: "create" or "deletecollection", Subresource: "" })
            return [""];
        return (CanBeUnnamed(kind) ? Names.Of("", anyName) : Names.Of(anyName))
            .Concat((rule?.Resources ?? []).Where(resources => resources.Group == "*" || resources.Group == kind.ApiGroup).SelectMany(resources => resources.ResourceNames).Where(name => name.Length > 0));
    }

    static bool CanBeUnnamed(AccessRequest.Resource kind) => kind is { Verb: "list" or "watch" or "create" or "deletecollection", Subresource: "" };

    static string Unnamed(string usual, IEnumerable<string> named)
    {
        var taken = named.ToHashSet(StringComparer.Ordinal);
        while (taken.Contains(usual))
            usual += "-other";
        return usual;
    }
}

/// <summary>A request that stands for those a rule of an audit policy decides.</summary>
/// <param name="Asking">Who asks.</param>
/// <param name="Request">The request.</param>
/// <param name="Verdict">What is recorded of it, and which rule says so.</param>
/// <param name="IsOfNamespace">Whether the rule names namespaces.</param>
sealed record ReachedRequest(Identity Asking, AccessRequest Request, AuditVerdict Verdict, bool IsOfNamespace)
{
    /// <summary>The user or group the rule names; empty where it is about everybody.</summary>
    public string NamedAs { get; init; } = "";

    /// <summary><c>get secrets db in dev by alice</c>, as far as the rule is about these.</summary>
    public string What =>
        $"{Request}{(!IsOfNamespace ? "" : Request.Namespace.Length == 0 ? " of the whole cluster" : $" in {Request.Namespace}")}{(NamedAs.Length == 0 ? "" : $" by {NamedAs}")}";
}
