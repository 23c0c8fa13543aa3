using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>Grants, with the roles that the document lists once for all of them.</summary>
sealed class EvidenceReader(PostureNode document)
{
    readonly Dictionary<Target, Role> roles = document.Nodes("roles").Select(Role)
        .GroupBy(role => new Target(role.Kind, role.Scope.Namespace, role.Name)).ToDictionary(same => same.Key, same => same.First());

    /// <summary>The grants of a finding, or of a step.</summary>
    /// <param name="node">What has them.</param>
    /// <param name="about">Whom they are for where they do not say so themselves.</param>
    public ImmutableArray<Grant> Grants(PostureNode node, Target about) => [.. node.Nodes("grants").Select(grant => Grant(grant, about))];

    /// <summary>One grant.</summary>
    public Grant Grant(PostureNode node, Target? about)
    {
        var role = RoleOf(node);
        var subject = Subject(node.OptionalNode("subject")?.AsTarget() ?? about ?? throw node.Error("subject", "is missing"));
        var rules = node.Numbers("rules");
        if (rules.FirstOrDefault(rule => rule < 0 || rule >= role.Rules.Count, -1) is >= 0 and var missing)
            throw node.Error("rules", $"refers to rule {missing}, but {role.Kind} {role.Name} has {role.Rules.Count}");
        return new(subject, Binding(node.Target("binding"), subject, role), role, rules);
    }

    /// <summary>A binding that makes a step pay, and the role it refers to, which need not exist.</summary>
    public static Grant Through(PostureNode node)
    {
        var (about, subject) = (node.Target("role"), new Subject.User(""));
        var role = new Role(new(about.Namespace), about.Name, RuleSet.Of());
        return new(subject, Binding(node.Target("binding"), subject, role), role, []);
    }

    /// <summary>All that a subject is bound to.</summary>
    public SubjectGrants SubjectGrants(PostureNode node)
    {
        var about = node.Target("subject");
        var subject = Subject(about);
        return new(about,
        [
            .. from grant in node.Nodes("grants")
               let role = RoleOf(grant)
               select new Grant(subject, Binding(grant.Target("binding"), subject, role), role, Policies.SubjectGrants.AllRules(role)),
        ]);
    }

    Role RoleOf(PostureNode node)
    {
        var target = node.Target("role");
        return roles.GetValueOrDefault(target) ?? throw node.Error("role", $"refers to {target}, which is not among the roles of the document");
    }

    /// <summary>A binding as far as reports speak of it.</summary>
    public static Binding Binding(Target target, Subject? subject = null, Role? role = null) =>
        new(new(target.Namespace), target.Name, subject is null ? [] : [subject], new(role?.Kind ?? "", role?.Name ?? ""));

    static Role Role(PostureNode node) =>
        new(new(node.OptionalText("namespace") ?? ""), node.Text("name"), RuleSet.Of(node.Nodes("rules").Select(Rule)));

    static PolicyRule Rule(PostureNode node) => new()
    {
        Verbs = node.Names("verbs"),
        ApiGroups = node.Names("apiGroups"),
        Resources = node.Names("resources"),
        ResourceNames = node.Names("resourceNames"),
        NonResourceUrls = node.Names("nonResourceURLs"),
    };

    static Subject Subject(Target target) => target.Kind switch
    {
        "User" => new Subject.User(target.Name),
        "Group" => new Subject.Group(target.Name),
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        var other => new Subject.Unknown(other, target.Name),
    };
}
