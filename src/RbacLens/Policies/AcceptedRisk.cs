using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>An entry of a suppressions file: findings that somebody accepted, for a reason and until a day.</summary>
/// <param name="Policy">The policy's id; <c>*</c> stands for any text, as in <see cref="TextPattern"/>.</param>
/// <param name="Subject">The finding's subject as reports write it, as in <c>Group oncall-*</c> or <c>ServiceAccount ci/*</c>.</param>
/// <param name="Scopes">Namespaces, with <c>*</c> for any text; the whole cluster is written <c>*</c>. Empty accepts any scope.</param>
/// <param name="Suppression">Who accepted it, why, and the last day it is accepted.</param>
public sealed record AcceptedRisk(string Policy, string Subject, Names Scopes, Suppression Suppression)
{
    /// <summary>Whether the entry is about this finding; every scope of it must be meant.</summary>
    public bool IsAbout(Finding finding) =>
        TextPattern.Fits(Policy, finding.Policy.Id)
        && TextPattern.Fits(Subject, finding.About.ToString())
        && (Scopes.IsEmpty || finding.Scopes.All(scope => Scopes.Any(pattern => scope.IsCluster ? pattern == "*" : TextPattern.Fits(pattern, scope.Namespace))));

    /// <summary>Marks what is accepted on a day. An entry that has expired accepts nothing.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="risks">The entries; the first that fits counts.</param>
    /// <param name="today">The day.</param>
    /// <returns>The findings, and the entries that accept none of them although they have not expired, or have.</returns>
    public static (ImmutableArray<Finding> Findings, ImmutableArray<AcceptedRisk> Idle) Accept(
        ImmutableArray<Finding> findings, IReadOnlyList<AcceptedRisk> risks, DateOnly today)
    {
        if (risks.Count == 0)
            return (findings, []);
        var valid = risks.Where(risk => risk.Suppression.Until >= today).ToList();
        var used = new HashSet<AcceptedRisk>(ReferenceEqualityComparer.Instance);
        var marked = findings.Select(finding =>
        {
            if (finding.IsStock || valid.Find(risk => risk.IsAbout(finding)) is not { } risk)
                return finding;
            used.Add(risk);
            return finding with { Suppression = risk.Suppression };
        }).ToImmutableArray();
        return (marked, [.. risks.Where(risk => !used.Contains(risk))]);
    }

    /// <summary>What became of the entries on a day.</summary>
    /// <param name="findings">The findings, accepted as <see cref="Accept"/> did.</param>
    /// <param name="risks">The entries.</param>
    /// <param name="today">The day.</param>
    public static ImmutableArray<RiskStatus> Statuses(ImmutableArray<Finding> findings, IReadOnlyList<AcceptedRisk> risks, DateOnly today) =>
    [
        .. from risk in risks
           let expired = risk.Suppression.Until < today
           let count = findings.Count(finding => !finding.IsStock && (expired ? finding.Suppression is null && risk.IsAbout(finding) : ReferenceEquals(finding.Suppression, risk.Suppression)))
           select new RiskStatus(risk, expired ? RiskState.Expired : count == 0 ? RiskState.Unused : RiskState.Active, count),
    ];
}

/// <summary>What became of an entry.</summary>
public enum RiskState
{
    /// <summary>It accepts findings.</summary>
    Active,

    /// <summary>Its last day has passed: it accepts nothing any more.</summary>
    Expired,

    /// <summary>There is no such finding, or an entry before it accepts them.</summary>
    Unused,
}

/// <summary>An entry of a suppressions file, and what became of it.</summary>
/// <param name="Risk">The entry.</param>
/// <param name="State">What became of it.</param>
/// <param name="Findings">How many findings it accepts; for an expired one, how many are open again.</param>
public sealed record RiskStatus(AcceptedRisk Risk, RiskState State, int Findings);
