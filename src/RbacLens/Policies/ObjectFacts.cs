using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Policies about objects: facts that no access request can express.</summary>
sealed class ObjectFacts(Snapshot snapshot, Authorizer authorizer, ImmutableArray<Holder> holders, Power power, Stock stock)
{
    readonly Standings standings = new(holders, power, stock);
    readonly MountedTokens tokens = new(snapshot);

    public IEnumerable<Finding> Findings(IEnumerable<Policy> policies) =>
        from policy in policies
        where policy.Match is Match.Fact
        let fact = (Match.Fact)policy.Match
        from observed in Observe(fact.Kind)
        let severity = observed.Severity ?? Severity(fact.Severity, observed.Account)
        select new Finding(policy, observed.About, [new Scope(observed.About.Namespace)], severity, observed.Because + Reach(observed.Account))
        {
            IsStock = observed.IsStock,
        };

    /// <summary>A fact about one object; the account it concerns, if any, decides how bad it is.</summary>
    sealed record Observed(Target About, string Because, Subject? Account = null)
    {
        public bool IsStock { get; init; }

        public Severity? Severity { get; init; }
    }

    IEnumerable<Observed> Observe(FactKind kind) => kind switch
    {
        FactKind.TokenAutomounted => Automounted(),
        FactKind.PowerfulTokenMounted => PowerfulTokens(),
        FactKind.LongLivedToken => LongLivedTokens(),
        FactKind.RoleMissing => MissingRoles(),
        FactKind.SubjectMissing => MissingSubjects(),
        FactKind.RoleUnused => UnusedRoles(),
        FactKind.RuleWithoutEffect => DeadRoles().Concat(DeadBindings()).Concat(NobodyBound()),
        FactKind.WebhookFailingOpen => FailingOpen(),
        FactKind.LongCertificateRequest => CredentialFacts.LongRequests(snapshot).Select(Login),
        FactKind.ValidClientCertificate => CredentialFacts.ValidCertificates(snapshot).Select(Login),
        FactKind.LongProjectedToken => CredentialFacts.LongTokens(tokens.TopLevel).Select(found =>
            new Observed(About(found.Workload), found.Because, new Subject.ServiceAccount(found.Workload.Namespace, found.Workload.ServiceAccount))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    Severity Severity(SeverityByPower by, Subject? account) => (account is null ? null : standings.Of(account)) switch
    {
        null => by.Harmless,
        { Power: not null } => by.Powerful,
        { HoldsAnything: true } => by.Granted,
        _ => by.Harmless,
    };

    string Reach(Subject? account) => account is not null && standings.Of(account).Power is { } why
        ? $"; {account} leads to the whole cluster ({why.Policy.Id} by {why.Grants[0].Binding.Kind} {why.Grants[0].Binding.Name})"
        : "";

    IEnumerable<Observed> Automounted() =>
        from workload in tokens.TopLevel
        where tokens.IsAutomounted(workload)
        let asked = workload.Automount == true ? "the pod asks for it" : "nothing says no"
        select new Observed(
            About(workload), $"the token of {workload.ServiceAccount} is mounted: {asked}", new Subject.ServiceAccount(workload.Namespace, workload.ServiceAccount));

    IEnumerable<Observed> PowerfulTokens() =>
        from workload in tokens.TopLevel
        from token in tokens.Of(workload)
        let account = new Subject.ServiceAccount(workload.Namespace, token.Account)
        where standings.Of(account).Power is not null
        let everywhere = workload.Kind == "DaemonSet" ? " on every node" : ""
        select new Observed(About(workload), $"holds the token of {account.Name}{everywhere} ({token.How})", account)
        {
            Severity = IsForOthers(workload, token.How) ? Policies.Severity.Medium : workload.Kind == "DaemonSet" ? Policies.Severity.Critical : null,
        };

    // The API server refuses a token made for another audience, unless it was set up to accept that one.
    static bool IsForOthers(Workload workload, string how) => workload.TokenAudience is not null && how.StartsWith("projected", StringComparison.Ordinal);

    IEnumerable<Observed> LongLivedTokens() =>
        from secret in snapshot.TokenSecrets
        let whose = secret.ServiceAccount is null ? "an account" : $"ServiceAccount {secret.ServiceAccount}"
        select new Observed(
            new("Secret", secret.Namespace, secret.Name), $"holds a token of {whose} that never expires{CredentialFacts.Fate(secret, snapshot)}",
            secret.ServiceAccount is null ? null : new Subject.ServiceAccount(secret.Namespace, secret.ServiceAccount));

    // A certificate logs in as all of its identities at once; the strongest counts.
    Observed Login((SigningRequest Request, string Because) found) => new(
        new("CertificateSigningRequest", "", found.Request.Name), found.Because,
        found.Request.Identities.MaxBy(identity => standings.Of(identity) switch { { Power: not null } => 2, { HoldsAnything: true } => 1, _ => 0 }));

    IEnumerable<Observed> MissingRoles() =>
        from binding in snapshot.Bindings
        where authorizer.Resolve(binding) is null && IsComplete(binding.RoleRef.Kind)
        let why = binding.Scope.IsCluster && !binding.RoleRef.IsClusterRole
            ? "which a ClusterRoleBinding cannot: it can never grant anything"
            : "which does not exist: whoever may create it decides what it grants"
        select new Observed(About(binding), $"refers to {binding.RoleRef.Kind} {binding.RoleRef.Name}, {why}");

    IEnumerable<Observed> MissingSubjects()
    {
        if (!IsComplete("ServiceAccount"))
            return [];
        var existing = snapshot.Accounts.Select(account => account.Subject).ToHashSet();
        var known = snapshot.Namespaces.Select(ns => ns.Name).Concat(existing.Select(account => account.Namespace)).ToHashSet(StringComparer.Ordinal);
        return from binding in snapshot.Bindings
               let missing = (from subject in binding.Subjects
                              let account = subject.Canonical as Subject.ServiceAccount
                              where account is { Namespace.Length: > 0 } && !existing.Contains(account) && !stock.Ships(binding, subject)
                              where !IsManifests || (known.Contains(account.Namespace) && account.Name != "default")
                              select account).ToList()
               where missing.Count > 0
               let names = string.Join(", ", missing)
               select new Observed(About(binding), $"names {names}, which does not exist: whoever may create it gets what is bound", missing.Find(power.Has) ?? missing[0]);
    }

    IEnumerable<Observed> UnusedRoles()
    {
        if (!IsComplete("RoleBinding") || !IsComplete("ClusterRoleBinding"))
            return [];
        var bound = snapshot.Bindings.Select(authorizer.Resolve).OfType<Role>().ToHashSet(ReferenceEqualityComparer.Instance);
        var aggregating = snapshot.Roles.Where(role => !role.Aggregates.IsEmpty).ToList();
        return from role in snapshot.Roles
               where !bound.Contains(role) && !ComesWithKubernetes(role) && !IsAggregated(role)
               select new Observed(new(role.Kind, role.Scope.Namespace, role.Name), "no binding refers to it, and no role in use aggregates it");

        bool IsAggregated(Role role) => role.Scope.IsCluster && aggregating.Exists(other =>
            other.Name != role.Name && other.Aggregates.Any(selector => selector.Selects(role.Labels)) && (bound.Contains(other) || ComesWithKubernetes(other)));

        // view, edit and admin are there for anyone to be bound to, whatever was aggregated into them.
        bool ComesWithKubernetes(Role role) => stock.Ships(role with { Rules = RuleSet.Empty });
    }

    IEnumerable<Observed> DeadRoles() =>
        from role in snapshot.Roles
        where !stock.Ships(role)
        let dead = DeadRules.In(role).ToList()
        where dead.Count > 0
        select new Observed(new(role.Kind, role.Scope.Namespace, role.Name), string.Join("; ", dead));

    IEnumerable<Observed> DeadBindings() =>
        from binding in snapshot.Bindings
        where !binding.Scope.IsCluster
        let role = authorizer.Resolve(binding)
        where role is not null && role.Scope.IsCluster && !stock.Ships(role)
        let dead = DeadRules.Through(role).ToList()
        where dead.Count > 0
        select new Observed(About(binding), string.Join("; ", dead));

    IEnumerable<Observed> NobodyBound() =>
        from binding in snapshot.Bindings
        let nobody = binding.Subjects.Where(subject => subject is Subject.ServiceAccount { Namespace.Length: 0 }).ToList()
        where nobody.Count > 0
        select new Observed(
            About(binding), $"names ServiceAccount {string.Join(", ", nobody.Select(account => account.Name))} without a namespace, which in a ClusterRoleBinding is nobody");

    IEnumerable<Observed> FailingOpen() =>
        from webhook in snapshot.Webhooks
        where !webhook.FailingOpen.IsEmpty
        select new Observed(
            new(webhook.Kind, "", webhook.Name), $"failurePolicy is Ignore in {string.Join(", ", webhook.FailingOpen)}: requests pass unseen while it is down");

    bool IsManifests => snapshot.Cluster.Source == "manifests";

    bool IsComplete(string kind) => !snapshot.Gaps.Any(gap => (gap.Kind == kind || gap.Kind == "*") && gap.Reason != Gap.Reasons.Contradicting);

    static Target About(Workload workload) => new(workload.Kind, workload.Namespace, workload.Name);

    static Target About(Binding binding) => new(binding.Kind, binding.Scope.Namespace, binding.Name);
}
