using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// One subject, one alarm: the worst finding about a subject leads, and what else the subject holds at high or critical is shown as medium
/// beside it. All of it must go before the subject is harmless, but the tenth way to what one already has adds nothing to the urgency.
/// </summary>
public static class Leads
{
    static readonly string[] Subjects = ["User", "Group", "ServiceAccount"];

    /// <summary>The findings, with those that do not lead marked, sorted anew. What is accepted or ships leads nobody.</summary>
    public static ImmutableArray<Finding> Mark(ImmutableArray<Finding> findings)
    {
        var leads = findings
            .Where(IsAlarm)
            .GroupBy(finding => finding.About)
            .ToDictionary(ofSubject => ofSubject.Key, ofSubject => new Leading(ofSubject.Aggregate((best, next) => Compare(next, best) < 0 ? next : best)));
        return Evaluation.Sort(findings.Select(finding =>
            IsAlarm(finding) && leads[finding.About] is var lead && !ReferenceEquals(lead.Finding, finding) ? Beside(lead, finding) : finding));
    }

    sealed record Leading(Finding Finding)
    {
        public string Fingerprint { get; } = Finding.Fingerprint;
    }

    static bool IsAlarm(Finding finding) =>
        finding.Severity >= Severity.High && finding.Suppression is null && !finding.IsStock && Subjects.Contains(finding.About.Kind);

    static Finding Beside(Leading lead, Finding finding) => finding with
    {
        Severity = Severity.Medium,
        Lead = lead.Fingerprint,
        ByItself = finding.Severity,
        Because = $"{finding.Because}; {Adjective(finding.Severity)} by itself, beside {lead.Finding.Policy.Id}, which leads",
    };

    static string Adjective(Severity severity) => severity == Severity.Critical ? "critical" : "high";

    // The worst, the widest, and then the most direct: what is the cluster before what leads to it.
    static int Compare(Finding left, Finding right)
    {
        var order = (int)right.Severity - (int)left.Severity;
        if (order == 0)
            order = left.Scopes[0].IsCluster == right.Scopes[0].IsCluster ? 0 : left.Scopes[0].IsCluster ? -1 : 1;
        if (order == 0)
            order = Directness(right.Policy) - Directness(left.Policy);
        if (order == 0)
            order = (NeedsController(left.Policy) ? 1 : 0) - (NeedsController(right.Policy) ? 1 : 0);
        return order == 0 ? string.CompareOrdinal(left.Policy.Id, right.Policy.Id) : order;
    }

    // What Kubernetes itself does is sure; a custom resource does something only where its controller runs.
    static bool NeedsController(Policy policy) =>
        policy.Match is Match.Requests requests
        && requests.Cases.All(@case => @case.All.Any(question => question.Urls.IsEmpty && question.ApiGroup != "*" && !KnownResources.Serves(question.ApiGroup)));

    // Who may read or write every resource is told so first: all else follows from it.
    static int Directness(Policy policy) => policy.Match switch
    {
        Match.Requests requests when requests.Cases.Any(@case => @case.Reaches != Reach.Nothing && @case.All.Any(question => question.ApiGroup == "*" && question.Resources.Lists("*"))) => 1 << 20,
        Match.Requests { OnlyRole: not null } => 3,
        Match.Requests requests => requests.Cases.Max(Directness),
        _ => -1,
    };

    // A controller is as far away as its account.
    static int Directness(Case @case) =>
        (int)(@case.Reaches & ~(Reach.Controller | Reach.ControllerAccounts | Reach.RefilledSecrets)) | (@case.Controller is null ? 0 : (int)Reach.Accounts);
}
