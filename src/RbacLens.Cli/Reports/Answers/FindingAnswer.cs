using System.Text.Json;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>A finding with its chains; several findings where one fingerprint stands for what a subject may do to different objects.</summary>
static class FindingAnswer
{
    /// <summary>What there is to say about them.</summary>
    /// <param name="findings">Findings of one fingerprint.</param>
    /// <param name="roles">All roles, to tell where an aggregated rule comes from; empty where only the findings are known.</param>
    public static Answer Of(IReadOnlyList<Finding> findings, IReadOnlyCollection<Role> roles) => new(
        [.. findings.SelectMany(finding => Blocks(finding, roles))],
        new(["fingerprint", "policy", "severity", "subject", "scope", "binding", "role", "rules"], [.. findings.SelectMany(Rows)]),
        json =>
        {
            GrantRows.WriteKind(json, "Explanation");
            json.WriteStartArray("findings");
            foreach (var finding in findings)
                Write(json, finding);
            json.WriteEndArray();
        });

    static IEnumerable<AnswerBlock> Blocks(Finding finding, IReadOnlyCollection<Role> roles)
    {
        yield return new AnswerBlock.Line($"{finding.Severity.Word()}: {finding.Policy.Title} ({finding.Policy.Id}, {finding.Fingerprint})");
        yield return new AnswerBlock.Line($"{finding.About} in {string.Join(", ", finding.Scopes.Select(scope => scope.IsCluster ? "the whole cluster" : scope.Namespace))}");
        yield return new AnswerBlock.Line(finding.Because);
        yield return new AnswerBlock.Line("");
        foreach (var grant in finding.Grants)
        {
            yield return new AnswerBlock.Verbatim(ChainText.Of(Holder(finding.About) ?? grant.Subject, grant, roles));
            yield return new AnswerBlock.Line("");
        }

        yield return new AnswerBlock.Line($"Why: {finding.Policy.Why}");
        yield return new AnswerBlock.Line($"Fix: {finding.Policy.Fix}");
    }

    static IEnumerable<string[]> Rows(Finding finding) => finding.Grants.Select(grant => new[]
    {
        finding.Fingerprint, finding.Policy.Id, finding.Severity.Word(), finding.About.ToString(), grant.Binding.Scope.ToString(),
        GrantRows.Name(grant.Binding), GrantRows.Name(grant.Role), GrantRows.Rules(grant),
    });

    static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("fingerprint", finding.Fingerprint);
        json.WriteString("policy", finding.Policy.Id);
        json.WriteString("severity", finding.Severity.Word());
        json.WriteString("title", finding.Policy.Title);
        GrantRows.Write(json, "subject", finding.About);
        GrantRows.Write(json, "scopes", finding.Scopes.Select(scope => scope.ToString()));
        json.WriteString("because", finding.Because);
        json.WriteString("why", finding.Policy.Why);
        json.WriteString("fix", Flowing.Of(finding.Policy.Fix));
        json.WriteStartArray("grants");
        foreach (var grant in finding.Grants)
            GrantRows.Write(json, grant, Holder(finding.About) ?? grant.Subject);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static Subject? Holder(Target about) => about.Kind switch
    {
        "User" => new Subject.User(about.Name),
        "Group" => new Subject.Group(about.Name),
        "ServiceAccount" => new Subject.ServiceAccount(about.Namespace, about.Name),
        _ => null,
    };
}
