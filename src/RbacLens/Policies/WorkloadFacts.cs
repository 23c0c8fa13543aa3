using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Facts about pods, the accounts they run as, and the tokens they hold.</summary>
sealed class WorkloadFacts(Snapshot snapshot, Landscape landscape, Standings standings)
{
    public IEnumerable<Observed> Automounted() =>
        from workload in landscape.Mounted.TopLevel
        where landscape.Mounted.IsAutomounted(workload)
        let asked = workload.Automount == true ? "the pod asks for it" : "nothing says no"
        select new Observed(About(workload), $"the token of {workload.ServiceAccount} is mounted: {asked}", AccountOf(workload));

    public IEnumerable<Observed> PowerfulTokens() =>
        from workload in landscape.Mounted.TopLevel
        from token in landscape.Mounted.Of(workload)
        let account = new Subject.ServiceAccount(workload.Namespace, token.Account)
        where standings.Of(account).Power is not null
        let everywhere = workload.Kind == "DaemonSet" ? " on every node" : ""
        select new Observed(About(workload), $"holds the token of {account.Name}{everywhere} ({token.How})", account)
        {
            Severity = IsForOthers(workload, token.How) ? Severity.Medium : workload.Kind == "DaemonSet" ? Severity.Critical : null,
        };

    public IEnumerable<Observed> LongLivedTokens() =>
        from secret in snapshot.TokenSecrets
        let whose = secret.ServiceAccount is null ? "an account" : $"ServiceAccount {secret.ServiceAccount}"
        select new Observed(
            new("Secret", secret.Namespace, secret.Name), $"holds a token of {whose} that never expires{CredentialFacts.Fate(secret, snapshot)}",
            secret.ServiceAccount is null ? null : new Subject.ServiceAccount(secret.Namespace, secret.ServiceAccount));

    public IEnumerable<Observed> LongTokens() =>
        from found in CredentialFacts.LongTokens(landscape.Mounted.TopLevel)
        select new Observed(About(found.Workload), found.Because, AccountOf(found.Workload));

    /// <summary>Workloads whose account does not exist. Manifests that bring no accounts at all leave them to somebody else.</summary>
    public IEnumerable<Observed> MissingAccounts()
    {
        if (!snapshot.IsComplete("ServiceAccount") || snapshot.Accounts.IsEmpty)
            return [];
        return from workload in landscape.Mounted.TopLevel
               let account = AccountOf(workload)
               where !landscape.Accounts.Contains(account) && !(account.Name == "default" && snapshot.Cluster.IsManifests)
               select new Observed(
                   About(workload), $"runs as {account}, which does not exist: its pods cannot start, until whoever may create the account does", account);
    }

    /// <summary>Who shares the default account of a namespace, token included: one finding for each such account.</summary>
    public IEnumerable<Observed> OnDefaultAccounts() =>
        from workload in landscape.Mounted.TopLevel
        where workload.ServiceAccount == "default" && landscape.Mounted.IsAutomounted(workload)
        group $"{workload.Kind} {workload.Name}" by workload.Namespace into sharing
        let names = sharing.Order(StringComparer.Ordinal).ToList()
        select new Observed(
            new("ServiceAccount", sharing.Key, "default"),
            $"{string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? $" and {names.Count - Shown} more" : "")} {(names.Count == 1 ? "runs" : "run")} as the default account, and {(names.Count == 1 ? "has" : "have")} its token",
            new Subject.ServiceAccount(sharing.Key, "default"));

    const int Shown = 5;

    /// <summary>The default accounts of all namespaces are one finding: what is wrong with them is the same everywhere.</summary>
    public IEnumerable<Observed> DefaultAccounts()
    {
        var silent = snapshot.Accounts.Where(account => account.Name == "default" && account.Automount != false)
            .Select(account => new Scope(account.Namespace)).Distinct().Order().ToList();
        if (silent.Count > 0)
            yield return new(new("ServiceAccount", "", "default"), $"{Spell(silent.Count)} no to mounting the token of the default account")
            {
                Scopes = [.. silent],
            };
    }

    static string Spell(int namespaces) => namespaces == 1 ? "one namespace does not say" : $"{namespaces} namespaces do not say";

    // The API server refuses a token made for another audience, unless it was set up to accept that one.
    static bool IsForOthers(Workload workload, string how) => workload.TokenAudience is not null && how.StartsWith("projected", StringComparison.Ordinal);

    static Subject.ServiceAccount AccountOf(Workload workload) => new(workload.Namespace, workload.ServiceAccount);

    static Target About(Workload workload) => new(workload.Kind, workload.Namespace, workload.Name);
}
