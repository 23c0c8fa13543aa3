using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Policies about objects: facts that no access request can express.</summary>
sealed class ObjectFacts
{
    readonly Snapshot snapshot;
    readonly Standings standings;
    readonly WorkloadFacts workloads;
    readonly RoleFacts roles;
    readonly BindingFacts bindings;
    readonly RedundantBindings redundant;
    readonly StockDrift drift;

    public ObjectFacts(Snapshot snapshot, Authorizer authorizer, ImmutableArray<Holder> holders, Landscape landscape, Power power, Stock stock)
    {
        this.snapshot = snapshot;
        standings = new(holders, power, stock);
        workloads = new(snapshot, landscape, standings);
        roles = new(snapshot, authorizer, stock);
        bindings = new(snapshot, authorizer, landscape.Accounts, power, stock);
        redundant = new(snapshot, authorizer, holders, stock);
        drift = new(snapshot, stock);
    }

    /// <summary>What each of the policies finds, worked out when it is asked for. They may be asked side by side.</summary>
    public IEnumerable<IEnumerable<Finding>> Findings(IEnumerable<Policy> policies) =>
        from policy in policies
        where policy.Match is Match.Fact
        select Findings(policy, (Match.Fact)policy.Match);

    IEnumerable<Finding> Findings(Policy policy, Match.Fact fact)
    {
        foreach (var ofObject in Observe(fact).GroupBy(observed => observed.About))
        {
            var (scopes, worst, isStock, because) = (ImmutableArray<Scope>.Empty, Policies.Severity.Info, true, "");
            foreach (var observed in ofObject)
            {
                if (scopes.IsEmpty)
                    scopes = Scopes(observed);
                var severity = observed.Severity ?? Severity(fact.Severity, observed.Account);
                worst = severity > worst ? severity : worst;
                isStock &= observed.IsStock;
                because += (because.Length == 0 ? "" : "; ") + observed.Because + Reach(observed.Account);
            }

            yield return new(policy, ofObject.Key, scopes, worst, because) { IsStock = isStock };
        }
    }

    IEnumerable<Observed> Observe(Match.Fact fact) => fact.Kind switch
    {
        FactKind.TokenAutomounted => workloads.Automounted(),
        FactKind.PowerfulTokenMounted => workloads.PowerfulTokens(),
        FactKind.LongLivedToken => workloads.LongLivedTokens(),
        FactKind.AccountMissing => workloads.MissingAccounts(),
        FactKind.DefaultAccountUsed => workloads.OnDefaultAccounts(),
        FactKind.DefaultAccountAutomounted => workloads.DefaultAccounts(),
        FactKind.RoleMissing => bindings.MissingRoles(),
        FactKind.SubjectMissing => bindings.MissingSubjects(),
        FactKind.BindingEmpty => bindings.Empty(),
        FactKind.BindingRedundant => redundant.Observe(),
        FactKind.RoleUnused => roles.Unused(),
        FactKind.RuleWithoutEffect => roles.Dead().Concat(bindings.Dead()).Concat(bindings.Nobody()),
        FactKind.ResourceGone => roles.Outdated(fact.Gone),
        FactKind.WildcardInRole => roles.Wildcards(),
        FactKind.AggregationWidened => roles.Widening(),
        FactKind.StockDrift => drift.Observe(),
        FactKind.WebhookFailingOpen => FailingOpen(),
        FactKind.LongCertificateRequest => CredentialFacts.LongRequests(snapshot).Select(Login),
        FactKind.ValidClientCertificate => CredentialFacts.ValidCertificates(snapshot).Select(Login),
        FactKind.LongProjectedToken => workloads.LongTokens(),
        FactKind.CloudIdentity => CredentialFacts.CloudIdentities(snapshot),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static ImmutableArray<Scope> Scopes(Observed observed) => observed.Scopes.IsEmpty ? [new Scope(observed.About.Namespace)] : observed.Scopes;

    Severity Severity(SeverityByPower by, Subject? account) => (account is null ? null : standings.Of(account)) switch
    {
        null => by.Harmless,
        { Power: not null } => by.Powerful,
        { HoldsAnything: true } => by.Granted,
        _ => by.Harmless,
    };

    string Reach(Subject? account) => account is not null && standings.Of(account) is { Power: { } why, Reach: var reach }
        ? $"; {account} leads to {reach} ({why.Policy.Id} by {why.Grants[0].Binding.Kind} {why.Grants[0].Binding.Name})"
        : "";

    // A certificate logs in as all of its identities at once; the strongest counts.
    Observed Login((SigningRequest Request, string Because) found) => new(
        new("CertificateSigningRequest", "", found.Request.Name), found.Because,
        found.Request.Identities.MaxBy(identity => standings.Of(identity) switch { { Power: not null } => 2, { HoldsAnything: true } => 1, _ => 0 }));

    IEnumerable<Observed> FailingOpen() =>
        from webhook in snapshot.Webhooks
        where !webhook.FailingOpen.IsEmpty
        select new Observed(
            new(webhook.Kind, "", webhook.Name), $"failurePolicy is Ignore in {string.Join(", ", webhook.FailingOpen)}: requests pass unseen while it is down");
}
