using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>One finding with its chains.</summary>
static class FindingAnswer
{
    /// <summary>What there is to say about it.</summary>
    public static Answer Of(Finding finding, Snapshot snapshot)
    {
        var policy = finding.Policy;
        var holder = Holder(finding.About);
        return new(
            [
                new AnswerBlock.Line($"{finding.Severity.Word()}: {policy.Title} ({policy.Id}, {finding.Fingerprint})"),
                new AnswerBlock.Line($"{finding.About} in {string.Join(", ", finding.Scopes.Select(scope => scope.IsCluster ? "the whole cluster" : scope.Namespace))}"),
                new AnswerBlock.Line(finding.Because),
                new AnswerBlock.Line(""),
                .. finding.Grants.SelectMany(grant => new AnswerBlock[]
                {
                    new AnswerBlock.Verbatim(ChainText.Of(holder ?? grant.Subject, grant, snapshot.Roles)),
                    new AnswerBlock.Line(""),
                }),
                new AnswerBlock.Line($"Why: {policy.Why}"),
                new AnswerBlock.Line($"Fix: {policy.Fix}"),
            ],
            new(
                ["fingerprint", "policy", "severity", "subject", "scope", "binding", "role", "rules"],
                [.. finding.Grants.Select(grant => new[]
                {
                    finding.Fingerprint, policy.Id, finding.Severity.Word(), finding.About.ToString(), grant.Binding.Scope.ToString(),
                    GrantRows.Name(grant.Binding), GrantRows.Name(grant.Role), GrantRows.Rules(grant),
                })]),
            json =>
            {
                GrantRows.WriteKind(json, "Explanation");
                json.WriteString("fingerprint", finding.Fingerprint);
                json.WriteString("policy", policy.Id);
                json.WriteString("severity", finding.Severity.Word());
                json.WriteString("title", policy.Title);
                GrantRows.Write(json, "subject", finding.About);
                GrantRows.Write(json, "scopes", finding.Scopes.Select(scope => scope.ToString()));
                json.WriteString("because", finding.Because);
                json.WriteString("why", policy.Why);
                json.WriteString("fix", policy.Fix);
                json.WriteStartArray("grants");
                foreach (var grant in finding.Grants)
                    GrantRows.Write(json, grant, holder ?? grant.Subject);
                json.WriteEndArray();
            });
    }

    static Subject? Holder(Target about) => about.Kind switch
    {
        "User" => new Subject.User(about.Name),
        "Group" => new Subject.Group(about.Name),
        "ServiceAccount" => new Subject.ServiceAccount(about.Namespace, about.Name),
        _ => null,
    };
}
