using RbacLens.Access;

namespace RbacLens.Policies;

/// <summary>
/// What ships with Kubernetes and was changed since. The API server adds back what is missing from its own roles and bindings when it starts,
/// and never takes away what was added; with <c>autoupdate: "false"</c> it does neither.
/// </summary>
sealed class StockDrift(Snapshot snapshot, Stock stock)
{
    public IEnumerable<Observed> Observe() => Roles().Concat(Bindings());

    // What is aggregated into a role comes from other roles, and is theirs to explain.
    IEnumerable<Observed> Roles() =>
        from role in snapshot.Roles
        where stock.Knows(role)
        let extra = role.Aggregates.IsEmpty ? role.Rules.Index().Where(entry => !stock.Ships(role, entry.Index)).Select(entry => entry.Index).ToList() : []
        let leftover = role.Aggregates.IsEmpty ? role.Rules.Index().Where(entry => stock.IsLeftover(role, entry.Index)).Select(entry => entry.Index).ToList() : []
        where extra.Count > 0 || leftover.Count > 0 || !role.IsReconciled
        let says = extra.Count == 0 ? null : $"ships without {Rules(extra)}"
        let left = leftover.Count == 0 ? null : $"holds {Rules(leftover)} since an older release: Kubernetes ships {(leftover.Count == 1 ? "it" : "them")} no more, and an upgrade takes nothing away"
        select Observed.Of(role, string.Join("; ", new[] { says, left, Frozen(role.IsReconciled) }.OfType<string>())) with
        {
            Severity = extra.Count == 0 ? Severity.Low : null,
        };

    static string Rules(List<int> rules) => $"{(rules.Count == 1 ? "rule" : "rules")} {string.Join(", ", rules)}";

    IEnumerable<Observed> Bindings() =>
        from binding in snapshot.Bindings
        where stock.Knows(binding)
        let refers = stock.KnowsReference(binding) ? null : $"ships with a reference to another role than {binding.RoleRef.Kind} {binding.RoleRef.Name}"
        let extra = refers is null ? binding.Subjects.Where(subject => !stock.Ships(binding, subject)).ToList() : []
        where extra.Count > 0 || refers is not null || !binding.IsReconciled
        let names = extra.Count == 0 ? null : $"ships without {string.Join(", ", extra)}"
        select Observed.Of(binding, string.Join("; ", new[] { refers, names, Frozen(binding.IsReconciled) }.OfType<string>()), extra.FirstOrDefault()) with
        {
            Severity = extra.Count == 0 && refers is null ? Severity.Low : null,
        };

    static string? Frozen(bool isReconciled) => isReconciled ? null : "autoupdate is \"false\", so the API server restores nothing in it";
}
