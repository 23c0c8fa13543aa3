using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Policies about objects: facts that no access request can express.</summary>
sealed class ObjectFacts(Snapshot snapshot, Authorizer authorizer, ImmutableArray<Holder> holders, Power power, Stock stock)
{
    readonly Standings standings = new(holders, power, stock);

    public IEnumerable<Finding> Findings(IEnumerable<Policy> policies) =>
        from policy in policies
        where policy.Match is Match.Fact
        let fact = (Match.Fact)policy.Match
        from observed in Observe(fact.Kind)
        let severity = observed.Severity ?? Severity(fact.Severity, observed.Account)
        select new Finding(policy, observed.About, Scopes(observed), severity, observed.Because + Reach(observed.Account))
        {
            IsStock = observed.IsStock,
        };

    IEnumerable<Observed> Observe(FactKind kind)
    {
        var workloads = new WorkloadFacts(snapshot, standings);
        var roles = new RoleFacts(snapshot, authorizer, stock);
        var bindings = new BindingFacts(snapshot, authorizer, power, stock);
        return kind switch
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
            FactKind.BindingRedundant => new RedundantBindings(snapshot, authorizer, stock).Observe(),
            FactKind.RoleUnused => roles.Unused(),
            FactKind.RuleWithoutEffect => roles.Dead().Concat(bindings.Dead()).Concat(bindings.Nobody()),
            FactKind.ResourceGone => roles.Outdated(),
            FactKind.WildcardInRole => roles.Wildcards(),
            FactKind.AggregationWidened => roles.Widening(),
            FactKind.StockDrift => new StockDrift(snapshot, stock).Observe(),
            FactKind.WebhookFailingOpen => FailingOpen(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    static ImmutableArray<Scope> Scopes(Observed observed) => observed.Scopes.IsEmpty ? [new Scope(observed.About.Namespace)] : observed.Scopes;

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

    IEnumerable<Observed> FailingOpen() =>
        from webhook in snapshot.Webhooks
        where !webhook.FailingOpen.IsEmpty
        select new Observed(
            new(webhook.Kind, "", webhook.Name), $"failurePolicy is Ignore in {string.Join(", ", webhook.FailingOpen)}: requests pass unseen while it is down");
}
