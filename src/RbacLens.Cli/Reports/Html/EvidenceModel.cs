using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a grant: the binding, the role it refers to, and the rules that matter.</summary>
static class EvidenceModel
{
    /// <summary>A grant as evidence for a finding about someone.</summary>
    public static Dictionary<string, object?> Of(Grant grant, Target about) => new()
    {
        ["binding"] = Object(grant.Binding.Kind, grant.Binding.Scope, grant.Binding.Name),
        ["role"] = Object(grant.Role.Kind, grant.Role.Scope, grant.Role.Name),
        ["subject"] = Via(grant, about) is { } via ? SubjectModel.Of(via) : null,
        ["rules"] = grant.Rules.Select(index => Rule(grant.Role.Rules, index)).ToList(),
    };

    /// <summary>Everything in it that someone may search for. Equal texts are equal evidence.</summary>
    public static string SearchText(Grant grant, Target about) => SafeText.Of(string.Join(' ',
    [
        .. new[] { grant.Binding.Kind, grant.Binding.Scope.ToString(), grant.Binding.Name },
        .. new[] { grant.Role.Kind, grant.Role.Scope.ToString(), grant.Role.Name },
        .. Via(grant, about) is { } via ? new[] { via.ToString() } : [],
        .. grant.Rules.Select(index => $"{index + 1}/{grant.Role.Rules.Count} {RuleText.Of(grant.Role.Rules[index]).Replace('\n', ' ')}"),
    ]));

    // The binding may name a group that the subject is in, rather than the subject.
    static Target? Via(Grant grant, Target about) => Target.Of(grant.Subject.Canonical) is var named && named == about ? null : named;

    static Dictionary<string, object?> Object(string kind, Scope scope, string name) =>
        SubjectModel.Of(new Target(kind, scope.IsCluster ? "" : scope.Namespace, name));

    static Dictionary<string, object?> Rule(RuleSet rules, int index) => new()
    {
        ["number"] = index + 1,
        ["of"] = rules.Count,
        ["yaml"] = RuleText.Of(rules[index]),
    };
}
