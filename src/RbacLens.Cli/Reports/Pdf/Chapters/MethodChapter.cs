namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>How the report came about and what it cannot say, in plain words.</summary>
static class MethodChapter
{
    public static void Write(Flow flow, Plan plan) => flow.Chapter("Method and limits", plan.Method, () =>
    {
        foreach (var (title, entries) in Parts(plan.Posture))
        {
            flow.Heading(new(title, flow.Look.H3) { Tag = "H2", Before = 8 }, new(), keep: 50);
            flow.List(entries.Select(entry => new Block(entry, flow.Look.Body) { Before = 2 }));
        }
    }, isShort: true);

    static IEnumerable<(string Title, string[] Entries)> Parts(Posture posture) =>
    [
        ("How it was done",
        [
            $"The objects were read once{(posture.Cluster.Source == "live" ? ", through the API server" : "")}, and nothing was changed. "
            + "Data in Secrets is never read.",
            "A policy asks whether a request would be allowed, and each is decided as the API server's RBAC authorizer decides it. "
            + "Wildcards, subresources, resource names, the namespace of a RoleBinding and the groups everybody is in count as they do there.",
            "The severity comes from what the permission reaches: the whole cluster, a namespace that holds powerful service accounts, or "
            + "another one. The same policy can therefore appear under several severities.",
        ]),
        ("How to read it",
        [
            "rules[0] is the first rule of the role, as kubectl and JSON count.",
            "The sixteen characters below a name are the finding's fingerprint. It stays the same from report to report as long as the "
            + "policy, the subject and the scopes do.",
            "Long lists are cut, which is said where it happens; critical and high findings never are. The JSON report has all of them.",
            "A character that the report's font does not have, that is invisible or that would change how its neighbours look is written "
            + "as a backslash, the letter u and its Unicode number in braces.",
        ]),
        ("What it cannot say",
        [
            $"It is a picture of one moment, {Wording.Moment(posture.CollectedAt)}. What changed since is not in it.",
            "Who belongs to a group is known to the identity provider, not to the cluster.",
            "Only RBAC was judged. Another authorizer, such as a webhook or the one for nodes, may allow more, and admission control may "
            + "refuse what RBAC allows.",
            $"{Wording.Count(posture.HiddenStockFindings, "finding")} about objects that are exactly as {(posture.Cluster.Version is null ? "some release of Kubernetes" : "Kubernetes")} ships them "
            + $"{(posture.HiddenStockFindings == 1 ? "is" : "are")} left out.",
            posture.Gaps.IsEmpty
                ? Words.WithoutGaps(posture)
                : $"{Wording.Count(posture.Gaps.Length, "thing")} could not be read: see the chapter “What could not be read”.",
        ]),
    ];
}
