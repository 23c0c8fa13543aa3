using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Turns hits into findings: a severity from what is reached and by whom, explained in one line. Thread-safe.</summary>
sealed class Rating(Power power, Stock stock, PodSecurity podSecurity)
{
    readonly ConcurrentDictionary<Case, ConcurrentDictionary<RuleSet, string>> asked = new(ReferenceEqualityComparer.Instance);

    /// <summary>One finding per policy, subject and reason; a policy's worst case wins in each scope.</summary>
    /// <param name="hits">Those of one policy and subject side by side.</param>
    public IEnumerable<Finding> Findings(IEnumerable<Hit> hits)
    {
        var alike = new List<Rated>();
        foreach (var hit in hits)
        {
            if (Rate(hit) is not { } rated)
                continue;
            if (alike is [{ Hit: var first }, ..] && !(ReferenceEquals(first.Policy, hit.Policy) && ReferenceEquals(first.Holder, hit.Holder)))
            {
                foreach (var finding in OfOne(alike))
                    yield return finding;
                alike = [];
            }

            alike.Add(rated);
        }

        foreach (var finding in OfOne(alike))
            yield return finding;
    }

    /// <summary>What one policy finds about one subject.</summary>
    IEnumerable<Finding> OfOne(List<Rated> all) => all is [] or [_] ? all.Select(only => Combine([only], Because(only))) :
        from worst in WithoutIncluded([.. all.GroupBy(rated => rated.Hit.Scope.Namespace, (_, inScope) => Worst(inScope))])
        group worst by new { worst.Severity, Because = Because(worst) } into alike
        select Combine([.. alike.OrderBy(rated => rated.Hit.Scope)], alike.Key.Because);

    static Rated Worst(IEnumerable<Rated> inScope) => inScope.Aggregate((worst, next) =>
        worst.IsStock == next.IsStock ? (next.Severity > worst.Severity ? next : worst)
        : worst.IsStock ? next : worst);

    /// <summary>What holds in the whole cluster need not be said again of a namespace, unless the namespace adds a worse case.</summary>
    static IEnumerable<Rated> WithoutIncluded(ImmutableArray<Rated> scopes)
    {
        var cluster = scopes.FirstOrDefault(rated => rated.Hit is { Scope.IsCluster: true, ForAnyName: true });
        return cluster is null ? scopes : scopes.Where(rated =>
            ReferenceEquals(rated, cluster) || rated.Severity > cluster.Severity || CaseNumber(rated.Hit) < CaseNumber(cluster.Hit));
    }

    static int CaseNumber(Hit hit) => ((Match.Requests)hit.Policy.Match).Cases.IndexOf(hit.Case);

    sealed record Rated(Hit Hit, Severity Severity, bool IsStock)
    {
        /// <summary>The account of the namespace that makes it worse, if one does.</summary>
        public Subject? PowerfulAccount { get; init; }

        /// <summary>Those of the names it is limited to that make it worse.</summary>
        public List<string> Named { get; init; } = [];

        /// <summary>What Pod Security makes of it, in words; empty where it decides nothing.</summary>
        public string PodSecurity { get; init; } = "";
    }

    static Finding Combine(ImmutableArray<Rated> alike, string because)
    {
        var grants = alike is [var only] ? only.Hit.Grants : [.. alike.SelectMany(rated => rated.Hit.Grants)];
        return new(
            alike[0].Hit.Policy, Target.Of(alike[0].Hit.Holder.Subject), [.. alike.Select(rated => rated.Hit.Scope)],
            alike[0].Severity, because)
        {
            Grants = grants,
            IsStock = alike.All(rated => rated.IsStock),
        };
    }

    Rated? Rate(Hit hit)
    {
        var powerfulAccount = hit.Scope.IsCluster ? null : power.In(hit.Scope.Namespace, hit);
        // What only opens the door to oneself opens nothing.
        if (powerfulAccount == hit.Holder.Subject)
            powerfulAccount = null;
        var byReach = hit.Case.Severity;
        var named = hit.ForAnyName ? [] : power.Powerful(hit).ToList();
        var severity = !hit.ForAnyName && named.Count == 0 ? byReach.Named
            : named.Count > 0 && !hit.Scope.IsCluster && hit.Case.Named == NamedObjects.Accounts ? byReach.Powerful
            : hit.Scope.IsCluster ? byReach.Cluster
            : powerfulAccount is null ? byReach.Namespace
            : byReach.Powerful ?? byReach.Namespace;
        if (severity is not { } rated)
            return null;
        var decided = powerfulAccount is null && hit is { Scope.IsCluster: false, ForAnyName: true } ? podSecurity.Decide(hit.Case, hit.Scope.Namespace) : default;
        rated = (Severity)Math.Clamp((int)rated + decided.Steps, (int)Severity.Info, (int)Severity.Critical);
        var raised = hit.Holder.IsEveryone && rated < Severity.Critical ? rated + 1 : rated;
        return new(hit, raised, hit.Grants.All(stock.Ships)) { PowerfulAccount = byReach.Powerful is null ? null : powerfulAccount, Named = named, PodSecurity = decided.Because ?? "" };
    }

    string Because(Rated rated)
    {
        var (hit, named, powerfulAccount) = (rated.Hit, rated.Named, rated.PowerfulAccount);
        var limits = hit.ForAnyName ? "" : $"; limited to {Limits(hit)}";
        var strong = named.Count == 0 ? "" : hit.Case.Named switch
        {
            NamedObjects.Roles => $", and {string.Join(", ", named)} allows everything",
            NamedObjects.OwnRoles => $", and it is bound to {string.Join(", ", named)} itself",
            NamedObjects.Users => $", and {string.Join(", ", named)} leads to {Reach(named.Select(name => new Subject.User(name)), hit)}",
            NamedObjects.Accounts when !hit.Scope.IsCluster => $", and {string.Join(", ", named)} leads to {Reach(named.Select(name => new Subject.ServiceAccount(hit.Scope.Namespace, name)), hit)}",
            _ => $", and {string.Join(", ", named)} leads to the whole cluster",
        };
        var reach = powerfulAccount is null || !hit.ForAnyName ? ""
            : (powerfulAccount is Subject.Group ? $"; the accounts of {hit.Scope.Namespace} are in {powerfulAccount}" : $"; {hit.Scope.Namespace} holds {powerfulAccount}")
                + $", which leads to {power.Reach(powerfulAccount, hit)}" + (power.Opens(hit) ? "" : ", though no way from here to there shows");
        var who = hit.Holder.IsEveryone ? $"; {hit.Holder.Subject.Name} is everyone" : "";
        var means = hit.ForAnyName ? hit.Case.Means : hit.Case.MeansNamed ?? hit.Case.Means;
        return $"{Allowed(hit)} {means}{limits}{strong}{reach}{rated.PodSecurity}{who}";
    }

    // Two questions may be limited each to names of its own: of roles, and of bindings.
    static string Limits(Hit hit)
    {
        var byResources = hit.Case.All.Length == 1 ? [] : hit.Case.All
            .Select(question => (question.Resources, Names: Paths.Asking.NamesOf(hit, question) ?? []))
            .Where(limited => !limited.Names.IsEmpty)
            .DistinctBy(limited => (limited.Resources, string.Join(',', limited.Names)))
            .ToList();
        return byResources.Select(limited => string.Join(',', limited.Names)).Distinct().Count() <= 1
            ? Listed(hit.Names)
            : string.Join(" and ", byResources.Select(limited => $"{Listed(limited.Names)} of {string.Join(" or ", limited.Resources)}"));
    }

    static string Listed(ImmutableArray<string> names) => $"the name{(names.Length == 1 ? "" : "s")} {string.Join(", ", names)}";

    // What all of them come to, in as many words as are true of each.
    string Reach(IEnumerable<Subject> subjects, Hit by) => string.Join(" or ", subjects.Select(subject => power.Reach(subject, by)).Distinct());

    /// <summary>The part of a case that is really allowed, worked out once for each role body.</summary>
    string Allowed(Hit hit)
    {
        if (hit.Grants.Length > 1)
            return Ask();
        return asked.GetOrAdd(hit.Case, _ => []).GetOrAdd(hit.Grants[0].Role.Rules, _ => Ask());

        string Ask() => string.Join(" and ", hit.Case.All.Select(question => Allowed(question, hit)));
    }

    /// <summary>The part of a question that is really allowed, as in "get, create on services/proxy".</summary>
    static string Allowed(Question question, Hit hit)
    {
        var rules = hit.Grants.SelectMany(grant => grant.Rules.Select(rule => grant.Role.Rules[rule])).Distinct().ToList();
        var allowed = question.Requests.Where(request => rules.Exists(rule => Allows(rule, request))).ToList();
        var verbs = allowed.Select(request => request.Verb == "*" ? "every verb" : request.Verb).Distinct();
        var things = allowed.Select(request => request switch
        {
            AccessRequest.Resource { Plural: "*" } => "every resource",
            AccessRequest.Resource resource => resource.Spelling,
            AccessRequest.Path path => path.Url,
            _ => "",
        }).Distinct();
        return $"{string.Join(", ", verbs)} on {string.Join(", ", things)}";
    }

    static bool Allows(PolicyRule rule, AccessRequest request) =>
        rule.Allows(request) || rule.ResourceNames.Any(name => Question.ForName(request, name) is { } named && rule.Allows(named));
}
