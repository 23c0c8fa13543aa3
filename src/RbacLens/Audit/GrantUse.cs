using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// How often each grant was used. A request counts for the binding that the log names, and in that binding's role for the first rule that
/// allows it; every other binding and rule that would have allowed it as well is noted apart.
/// </summary>
public sealed class GrantUse
{
    const int MostMembers = 50;

    readonly Dictionary<Target, Tally> bindings = [];
    readonly Dictionary<(Target Binding, int Rule), Tally> rules = [];
    readonly Dictionary<(Target Binding, Subject Subject, int Rule), Dictionary<Thing, UseCount>> subjects = [];
    readonly Dictionary<Target, AllowReason> named = [];
    readonly Dictionary<(Target Binding, RoleRef Role), Tally> replaced = [];
    readonly Dictionary<string, UseCount> users = new(StringComparer.Ordinal);
    readonly Snapshot? cluster;
    readonly Authorizer? authorizer;
    readonly Attribution attribution;
    readonly Observability observability;
    readonly AuditLog log;

    /// <summary>Counts the use that a log shows.</summary>
    /// <param name="log">The log.</param>
    /// <param name="cluster">The cluster's grants; null where only the log is known.</param>
    /// <param name="recorded">The audit policy that the log was written by; null where it is not known.</param>
    public GrantUse(AuditLog log, Snapshot? cluster, AuditPolicy? recorded)
    {
        (this.log, this.cluster, observability) = (log, cluster, new(recorded, log.To));
        authorizer = cluster is null ? null : new(cluster.Roles, cluster.Bindings);
        attribution = new(authorizer, cluster);
        foreach (var count in log.Deeds)
        {
            users[count.Deed.User.User] = users.GetValueOrDefault(count.Deed.User.User).Plus(count.Use);
            if (count.Deed.Outcome != Outcome.Allowed)
                continue;
            CountRequest(count);
            CountImpersonation(count);
        }
    }

    /// <summary>What the log is called.</summary>
    public string Log { get; init; } = "";

    /// <summary>The use of every binding.</summary>
    public Usage Usage => new(log.From, log.To, log.Requests, [.. OfCluster().Concat(OnlyNamed()).OrderBy(usage => usage.Kind, StringComparer.Ordinal).ThenBy(usage => usage.Scope).ThenBy(usage => usage.Name, StringComparer.Ordinal)])
    {
        Log = Log,
        Accounts = cluster is null ? [] : [.. OfAccounts(cluster)],
    };

    /// <summary>
    /// How often a finding's subject used the grants it is about, for what the finding is about: a rule that allows more than that may be used for
    /// the rest. Null where the log could not show it.
    /// </summary>
    public UseCount? Of(Finding finding)
    {
        if (finding.Grants.IsEmpty)
            return null;
        var used = finding.Grants
            .SelectMany(grant => grant.Rules.Select(rule => (Attribution.TargetOf(grant.Binding), grant.Subject.Canonical, rule)))
            .Distinct()
            .SelectMany(key => subjects.GetValueOrDefault(key) ?? [])
            .Where(use => use.Key.IsMeantBy(finding.Policy.Match))
            .Aggregate(default(UseCount), (sum, use) => sum.Plus(use.Value));
        return used.Requests > 0 || finding.Grants.All(grant => grant.Rules.All(rule => observability.Shows(grant.Binding, grant.Role.Rules[rule]))) ? used : null;
    }

    void CountRequest(DeedCount count)
    {
        var deed = count.Deed;
        // What the log names counts even if the cluster has changed since; what it leaves open is for the authorizer to say.
        Target? by = null;
        var own = count.Use;
        if (deed.AllowedBy is { } reason)
        {
            by = Attribution.TargetOf(reason);
            named.TryAdd(by, reason);
            own = attribution.UseOfToday(count);
            if (own.Requests < count.Requests)
                TallyOf(replaced, (by, reason.RoleRef)).Add(own.Requests == 0 ? count.Use : count.Earlier);
        }
        else if (deed.IsAnnotated || deed.IsLoopback || authorizer is null)
        {
            return;
        }
        else if (attribution.GrantOf(deed.Effective, deed.Request, count) is { } grant)
        {
            by = Attribution.TargetOf(grant.Binding);
        }

        if (by is not null && own.Requests > 0)
            TallyOf(bindings, by).Add(own);
        if (authorizer is not null)
            CountRules(deed.Effective, deed.Request, count, by, own, also: true);
    }

    // One request asks for the user and for each group. A binding that allows several of these was used once.
    void CountImpersonation(DeedCount count)
    {
        if (authorizer is null)
            return;
        var used = new HashSet<Target>();
        var usedRules = new HashSet<(Target, int)>();
        foreach (var request in Impersonation.Requests(count.Deed))
            if (attribution.GrantOf(count.Deed.User, request, count) is { } grant)
            {
                var by = Attribution.TargetOf(grant.Binding);
                if (used.Add(by))
                    TallyOf(bindings, by).Add(count.Use);
                CountRules(count.Deed.User, request, count, by, count.Use, also: used.Count == 1, usedRules);
            }
    }

    // What was made after the last of the requests allowed none of them.
    void CountRules(Identity user, AccessRequest request, DeedCount count, Target? by, UseCount own, bool also, HashSet<(Target, int)>? once = null)
    {
        foreach (var grant in authorizer!.PermissionsOf(user).GrantsIn(request.Namespace).Where(grant => !(grant.Binding.Created > count.Last)))
        {
            var binding = Attribution.TargetOf(grant.Binding);
            if (binding == by && own.Requests == 0)
                continue;
            var first = true;
            foreach (var rule in grant.Rules.Where(rule => grant.Role.Rules[rule].Allows(request)))
            {
                if (binding == by && first)
                    CountRule(binding, grant, rule, request, once?.Add((binding, rule)) == false ? default : own);
                else if (also)
                    TallyOf(rules, (binding, rule)).AlsoAllowed += count.Requests;
                if (first && binding != by && also)
                    TallyOf(bindings, binding).AlsoAllowed += count.Requests;
                first = false;
            }
        }
    }

    void CountRule(Target binding, Grant grant, int rule, AccessRequest request, UseCount use)
    {
        var tally = TallyOf(rules, (binding, rule));
        tally.Add(use);
        if (HasWildcard(grant.Role.Rules[rule]) && tally.Members.Count < MostMembers)
            tally.Members.Add(MemberText(request));
        var key = (binding, grant.Subject.Canonical, rule);
        if (!subjects.TryGetValue(key, out var things))
            subjects.Add(key, things = []);
        var thing = Thing.Of(request);
        things[thing] = things.GetValueOrDefault(thing).Plus(use);
    }

    static bool HasWildcard(PolicyRule rule) =>
        rule.Verbs.AdmitsAll || rule.ApiGroups.AdmitsAll || rule.Resources.Any(resource => resource.Contains('*', StringComparison.Ordinal))
        || rule.NonResourceUrls.Any(url => url.EndsWith('*'));

    static string MemberText(AccessRequest request) => request switch
    {
        AccessRequest.Resource resource => new AccessRequest.Resource(resource.Verb, resource.ApiGroup, resource.Plural, resource.Subresource).ToString(),
        _ => $"{request}",
    };

    IEnumerable<AccountUsage> OfAccounts(Snapshot held)
    {
        var tokens = new MountedTokens(held);
        var made = UnusedTokens.Made(held);
        // What is projected for another audience is shown to somebody else.
        return from workload in tokens.TopLevel
               from token in tokens.Of(workload)
               where workload.TokenAudience is null || !token.How.StartsWith("projected", StringComparison.Ordinal)
               group $"{workload.Kind} {workload.Name}" by new Subject.ServiceAccount(workload.Namespace, token.Account) into mounted
               orderby mounted.Key.Namespace, mounted.Key.Name
               let identity = Identity.Of(mounted.Key)
               select new AccountUsage(mounted.Key, [.. mounted.Distinct().Order(StringComparer.Ordinal)], users.GetValueOrDefault(identity.User))
               {
                   // Requests that were only counted may have been its own.
                   IsObservable = log.Notes.NotKeptApart == 0 && !(made.GetValueOrDefault(mounted.Key) >= log.To) && observability.Shows(identity, mounted.Key.Namespace, GrantsOf(identity, mounted.Key)),
               };
    }

    // What everybody holds by being a service account says nothing about this one.
    IEnumerable<Grant> GrantsOf(Identity identity, Subject.ServiceAccount account) => authorizer!.PermissionsOf(identity).Grants
        .Where(grant => grant.Subject.Canonical is Subject.ServiceAccount || grant.Subject.Name == WellKnown.ServiceAccountsOf(account.Namespace));

    IEnumerable<BindingUsage> OfCluster() =>
        from binding in cluster?.Bindings ?? []
        let target = Attribution.TargetOf(binding)
        let tally = bindings.GetValueOrDefault(target)
        let ofRules = RulesOf(binding).ToImmutableArray()
        select new BindingUsage
        {
            Scope = binding.Scope,
            Name = binding.Name,
            RoleRef = binding.RoleRef,
            Used = tally?.Used ?? default,
            AlsoAllowed = tally?.AlsoAllowed ?? 0,
            IsObservable = observability.Reaches(binding) && ofRules.All(rule => rule.IsObservable),
            Rules = ofRules,
        };

    IEnumerable<RuleUsage> RulesOf(Binding binding)
    {
        var target = Attribution.TargetOf(binding);
        foreach (var (index, rule) in (authorizer!.Resolve(binding)?.Rules ?? RuleSet.Empty).Index())
        {
            var tally = rules.GetValueOrDefault((target, index));
            yield return new(index, tally?.Used ?? default)
            {
                AlsoAllowed = tally?.AlsoAllowed ?? 0,
                IsObservable = observability.Shows(binding, rule),
                Members = tally is null ? [] : [.. tally.Members],
            };
        }
    }

    // Bindings that were used and are gone, those included that another has taken the name of, or all of them where the cluster is not known.
    IEnumerable<BindingUsage> OnlyNamed()
    {
        var known = (cluster?.Bindings ?? []).Select(Attribution.TargetOf).ToHashSet();
        return (from entry in named
                where !known.Contains(entry.Key)
                select new BindingUsage
                {
                    Scope = entry.Value.Scope,
                    Name = entry.Value.Binding,
                    RoleRef = entry.Value.RoleRef,
                    Used = bindings[entry.Key].Used,
                    IsGone = cluster?.IsComplete(entry.Key.Kind) == true,
                }).Concat(
                    from entry in replaced
                    orderby entry.Key.Role.Kind, entry.Key.Role.Name
                    select new BindingUsage { Scope = new(entry.Key.Binding.Namespace), Name = entry.Key.Binding.Name, RoleRef = entry.Key.Role, Used = entry.Value.Used, IsGone = true });
    }

    static Tally TallyOf<TKey>(Dictionary<TKey, Tally> tallies, TKey key)
        where TKey : notnull
    {
        if (!tallies.TryGetValue(key, out var tally))
            tallies.Add(key, tally = new());
        return tally;
    }

    /// <summary>What was asked, as policies ask for it.</summary>
    readonly record struct Thing(string Verb, string ApiGroup, string Spelling)
    {
        public static Thing Of(AccessRequest request) => request switch
        {
            AccessRequest.Resource resource => new(resource.Verb, resource.ApiGroup, resource.Spelling),
            AccessRequest.Path path => new(path.Verb, "", path.Url),
            _ => default,
        };

        public bool IsMeantBy(Match match)
        {
            var thing = this;
            return match is not Match.Requests { IsEverything: false } requests || requests.Cases.Any(@case => @case.All.Any(thing.IsAskedBy));
        }

        bool IsAskedBy(Question question) => question.Verbs.Admits(Verb) && (question.Resources.IsEmpty
            ? question.Urls.Any(Covers)
            : (question.ApiGroup == "*" || question.ApiGroup == ApiGroup) && question.Resources.Admits(Spelling));

        bool Covers(string url) => PolicyRule.Covers(url, Spelling);
    }

    sealed class Tally
    {
        public UseCount Used { get; private set; }

        public long AlsoAllowed { get; set; }

        public SortedSet<string> Members { get; } = new(StringComparer.Ordinal);

        public void Add(UseCount use) => Used = Used.Plus(use);
    }
}
