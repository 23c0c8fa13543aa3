using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Turns hits into findings: a severity from what is reached and by whom, explained in one line. Thread-safe.</summary>
sealed class Rating(Power power, Stock stock, PodSecurity podSecurity)
{
    readonly Func<Grant, bool> ships = stock.Ships;
    readonly AllowedParts allowed = new();

    /// <summary>One finding per policy, subject and reason; a policy's worst case wins in each scope.</summary>
    /// <param name="hits">Those of one policy and subject side by side.</param>
    public IEnumerable<Finding> Findings(IEnumerable<Hit> hits)
    {
        var found = new List<Finding>();
        var alike = new List<Rated>();
        foreach (var hit in hits)
        {
            if (Rate(hit) is not { } rated)
                continue;
            if (alike is [{ Hit: var first }, ..] && !(ReferenceEquals(first.Policy, hit.Policy) && ReferenceEquals(first.Holder, hit.Holder)))
            {
                AddOfOne(alike, found);
                alike.Clear();
            }

            alike.Add(rated);
        }

        AddOfOne(alike, found);
        foreach (var finding in found)
            yield return finding;
    }

    /// <summary>Adds what one policy finds about one subject: most often one thing in one scope.</summary>
    void AddOfOne(List<Rated> all, List<Finding> found)
    {
        if (all.Count == 0)
            return;
        if (AreInOneScope(all))
        {
            var worst = all is [var only] ? only : Worst(all);
            found.Add(Combine([worst], Because(worst)));
            return;
        }

        found.AddRange(
            from worst in WithoutIncluded([.. all.GroupBy(rated => rated.Hit.Scope.Namespace, (_, inScope) => Worst(inScope))])
            group worst by new { worst.Severity, Because = Because(worst) } into alike
            select Combine([.. alike.OrderBy(rated => rated.Hit.Scope)], alike.Key.Because));
    }

    static bool AreInOneScope(List<Rated> all)
    {
        foreach (var rated in all)
            if (rated.Hit.Scope != all[0].Hit.Scope)
                return false;
        return true;
    }

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
        public ImmutableArray<string> Named { get; init; } = [];

        /// <summary>What Pod Security makes of it, in words; empty where it decides nothing.</summary>
        public string PodSecurity { get; init; } = "";
    }

    static Finding Combine(ImmutableArray<Rated> alike, string because)
    {
        var (rated, hit) = (alike[0], alike[0].Hit);
        return alike.Length == 1
            ? new(hit.Policy, hit.Holder.About, [hit.Scope], rated.Severity, because) { Grants = hit.Grants, IsStock = rated.IsStock }
            : new(hit.Policy, hit.Holder.About, [.. alike.Select(one => one.Hit.Scope)], rated.Severity, because)
            {
                Grants = [.. alike.SelectMany(one => one.Hit.Grants)],
                IsStock = alike.All(one => one.IsStock),
            };
    }

    Rated? Rate(Hit hit)
    {
        var powerfulAccount = hit.Scope.IsCluster ? null : power.In(hit.Scope.Namespace, hit);
        // What only opens the door to oneself opens nothing.
        if (powerfulAccount == hit.Holder.Subject)
            powerfulAccount = null;
        var byReach = hit.Case.Severity;
        ImmutableArray<string> named = hit.ForAnyName ? [] : [.. power.Powerful(hit)];
        var severity = !hit.ForAnyName && named.IsEmpty ? byReach.Named
            : !named.IsEmpty && !hit.Scope.IsCluster && hit.Case.Named == NamedObjects.Accounts ? byReach.Powerful
            : hit.Scope.IsCluster ? byReach.Cluster
            : powerfulAccount is null ? byReach.Namespace
            : byReach.Powerful ?? byReach.Namespace;
        if (severity is not { } rated)
            return null;
        var decided = powerfulAccount is null && hit is { Scope.IsCluster: false, ForAnyName: true } ? podSecurity.Decide(hit.Case, hit.Scope.Namespace) : default;
        rated = (Severity)Math.Clamp((int)rated + decided.Steps, (int)Severity.Info, (int)Severity.Critical);
        var raised = hit.Holder.IsEveryone && rated < Severity.Critical ? rated + 1 : rated;
        return new(hit, raised, hit.Grants.All(ships)) { PowerfulAccount = byReach.Powerful is null ? null : powerfulAccount, Named = named, PodSecurity = decided.Because ?? "" };
    }

    string Because(Rated rated)
    {
        var (hit, powerfulAccount) = (rated.Hit, rated.PowerfulAccount);
        var limits = hit.ForAnyName ? "" : $"; limited to {Limits(hit)}";
        var reach = powerfulAccount is null || !hit.ForAnyName ? ""
            : (powerfulAccount is Subject.Group ? $"; the accounts of {hit.Scope.Namespace} are in {powerfulAccount}" : $"; {hit.Scope.Namespace} holds {powerfulAccount}")
                + $", which leads to {power.Reach(powerfulAccount, hit)}" + (power.Opens(hit) ? "" : ", though no way from here to there shows");
        var who = hit.Holder.IsEveryone ? $"; {hit.Holder.Subject.Name} is everyone" : "";
        var means = hit.ForAnyName ? hit.Case.Means : hit.Case.MeansNamed ?? hit.Case.Means;
        return $"{allowed.Of(hit)} {means}{limits}{Strong(rated)}{reach}{rated.PodSecurity}{who}";
    }

    // Those of the names that make it worse.
    string Strong(Rated rated)
    {
        var (hit, named) = (rated.Hit, rated.Named);
        return named.IsEmpty ? "" : hit.Case.Named switch
        {
            NamedObjects.Roles => $", and {string.Join(", ", named)} allows everything",
            NamedObjects.OwnRoles => $", and it is bound to {string.Join(", ", named)} itself",
            NamedObjects.Users => $", and {string.Join(", ", named)} leads to {Reach(named.Select(name => new Subject.User(name)), hit)}",
            NamedObjects.Accounts when !hit.Scope.IsCluster => $", and {string.Join(", ", named)} leads to {Reach(named.Select(name => new Subject.ServiceAccount(hit.Scope.Namespace, name)), hit)}",
            _ => $", and {string.Join(", ", named)} leads to the whole cluster",
        };
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
}
