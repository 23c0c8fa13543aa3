using System.Collections.Immutable;
using RbacLens.Access;

namespace RbacLens.Policies;

/// <summary>Which workloads have a service account token in their file system, and how it got there.</summary>
sealed class MountedTokens
{
    readonly HashSet<(string Namespace, string Name)> silent;
    readonly Dictionary<(string Namespace, string Name), string?> tokenSecrets;

    public MountedTokens(Snapshot snapshot)
    {
        silent = snapshot.Accounts.Where(account => account.Automount == false).Select(account => (account.Namespace, account.Name)).ToHashSet();
        tokenSecrets = snapshot.TokenSecrets.ToDictionary(secret => (secret.Namespace, secret.Name), secret => secret.ServiceAccount);
        // Pods are most of the workloads, and own none.
        var present = snapshot.Workloads.Where(workload => workload.Kind != "Pod").Select(workload => (workload.Namespace, $"{workload.Kind}/{workload.Name}")).ToHashSet();
        // Pods of one controller that the input does not hold are alike, too: the first speaks for them.
        TopLevel =
        [
            .. snapshot.Workloads.Where(workload => workload.Owner is null),
            .. snapshot.Workloads
                .Where(workload => workload.Owner is not null && !present.Contains((workload.Namespace, workload.Owner)))
                .GroupBy(workload => (workload.Namespace, workload.Owner), (_, alike) => alike.MinBy(workload => workload.Name, StringComparer.Ordinal)!),
        ];
    }

    /// <summary>What people made: a pod of a Deployment is spoken of as the Deployment.</summary>
    public ImmutableArray<Workload> TopLevel { get; }

    /// <summary>
    /// The pod's word counts, else the account's, else yes (plugin/pkg/admission/serviceaccount). An account that is not known has said nothing.
    /// </summary>
    public bool IsAutomounted(Workload workload) =>
        !workload.IsMirror && (workload.Automount ?? !silent.Contains((workload.Namespace, workload.ServiceAccount)));

    /// <summary>The accounts whose tokens a workload holds, each with how, in words.</summary>
    public IEnumerable<(string Account, string How)> Of(Workload workload)
    {
        if (IsAutomounted(workload))
            yield return (workload.ServiceAccount, workload.Automount == true ? "mounted as the pod asks" : "mounted by default");
        else if (workload.ProjectsToken && !workload.IsMirror)
            yield return (workload.ServiceAccount, workload.TokenAudience is { } audience ? $"projected by hand for {audience}" : "projected by hand");
        foreach (var secret in workload.SecretVolumes)
            if (tokenSecrets.TryGetValue((workload.Namespace, secret), out var account))
                yield return (account ?? workload.ServiceAccount, $"mounted from Secret {secret}");
        foreach (var secret in workload.SecretVariables)
            if (!workload.SecretVolumes.Contains(secret) && tokenSecrets.TryGetValue((workload.Namespace, secret), out var account))
                yield return (account ?? workload.ServiceAccount, $"in its environment from Secret {secret}");
    }
}
