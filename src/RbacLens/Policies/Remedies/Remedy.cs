using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies.Remedies;

/// <summary>What to apply so that findings are gone: objects as they should be, and objects to delete.</summary>
/// <param name="Roles">Roles with other rules.</param>
/// <param name="Bindings">Bindings with other subjects, and new ones.</param>
/// <param name="Deleted">What should no longer be there.</param>
/// <param name="Notes">What could not be worked out, one line each.</param>
public sealed record Remedy(ImmutableArray<Role> Roles, ImmutableArray<Binding> Bindings, ImmutableArray<Target> Deleted, ImmutableArray<string> Notes)
{
    /// <summary>Accounts and workloads that should no longer have a token mounted: fields to change in objects that stay as they are otherwise.</summary>
    public ImmutableArray<Target> Unmounted { get; init; } = [];

    /// <summary>Whether there is nothing to apply.</summary>
    public bool IsEmpty => Roles.IsEmpty && Bindings.IsEmpty && Deleted.IsEmpty && Unmounted.IsEmpty;

    /// <summary>Works out a remedy for findings together; roles and bindings they share are changed once.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="choices">What only people can know.</param>
    public static Remedy For(IEnumerable<Finding> findings, RemedyChoices choices)
    {
        var changes = new RemedyChanges(choices);
        foreach (var finding in findings)
            changes.Add(finding);
        return changes.Build();
    }
}

/// <summary>The changes so far.</summary>
sealed class RemedyChanges(RemedyChoices choices)
{
    readonly Dictionary<Target, (Role Role, PolicyRule[][] Parts)> roles = [];
    readonly Dictionary<Target, (Binding Binding, List<Subject> Left)> bindings = [];
    readonly Dictionary<Target, Binding> added = [];
    readonly SortedSet<Target> deleted = [];
    readonly SortedSet<Target> unmounted = [];
    readonly List<string> notes = [];

    public void Add(Finding finding)
    {
        if (finding.Policy.Match is Match.Requests requests && finding.Grants.Length > 0)
            foreach (var grant in finding.Grants)
                if (!choices.Namespaces.IsEmpty && grant.Binding.Scope.IsCluster)
                    Spread(grant);
                else
                    Narrow(grant, requests, finding);
        else if (finding.Policy.Match is Match.Bound)
            foreach (var grant in finding.Grants)
                Unbind(grant);
        else if (finding.Policy.Match is Match.Fact { Kind: FactKind.RoleUnused or FactKind.RoleMissing or FactKind.BindingEmpty or FactKind.BindingRedundant or FactKind.LongLivedToken })
            deleted.Add(finding.About);
        else if (finding.Policy.Match is Match.Fact { Kind: FactKind.DefaultAccountAutomounted or FactKind.DefaultAccountUsed })
            unmounted.UnionWith(finding.Scopes.Select(scope => finding.About with { Namespace = scope.Namespace }));
        else if (finding.Policy.Match is Match.Fact { Kind: FactKind.TokenAutomounted } && finding.About.Kind != "Pod")
            unmounted.Add(finding.About);
        else
            notes.Add($"{finding.Policy.Id}, {finding.About}: nothing that a patch could say. {OneLine(finding.Policy.Fix)}");
    }

    public Remedy Build() => new(
        [
            .. from entry in roles.OrderBy(entry => entry.Key)
               let rules = RuleSet.Of(entry.Value.Parts.SelectMany(parts => parts))
               where !rules.Equals(entry.Value.Role.Rules)
               select entry.Value.Role with { Rules = rules },
        ],
        [
            .. from entry in bindings.OrderBy(entry => entry.Key)
               where entry.Value.Left.Count > 0
               select entry.Value.Binding with { Subjects = [.. entry.Value.Left] },
            .. added.OrderBy(entry => entry.Key).Select(entry => entry.Value),
        ],
        [.. deleted.Concat(bindings.Where(entry => entry.Value.Left.Count == 0).Select(entry => entry.Key)).Order()],
        [.. notes.Distinct()])
    {
        Unmounted = [.. unmounted],
    };

    void Narrow(Grant grant, Match.Requests requests, Finding finding)
    {
        var key = new Target(grant.Role.Kind, grant.Role.Scope.Namespace, grant.Role.Name);
        if (!grant.Role.Aggregates.IsEmpty)
        {
            notes.Add($"{key}: its rules come from the ClusterRoles it aggregates; change those, or bind {finding.About} to a role of its own");
            return;
        }

        if (!roles.TryGetValue(key, out var entry))
            roles.Add(key, entry = (grant.Role, [.. grant.Role.Rules.Select(rule => new[] { rule })]));
        foreach (var rule in grant.Rules)
            foreach (var question in requests.Cases.Select(@case => @case.All[0]).Distinct())
                if (Narrowed(entry.Parts[rule], question) is { } parts)
                    entry.Parts[rule] = parts;
                else
                    notes.Add($"{key}: rule {rule} allows it by a star, and a star cannot be taken apart: list the resources that are used");
    }

    PolicyRule[]? Narrowed(PolicyRule[] rules, Question question)
    {
        var parts = new List<PolicyRule>();
        foreach (var rule in rules)
            if (Narrowing.Without(rule, question, choices) is { } without)
                parts.AddRange(without);
            else
                return null;
        return [.. parts];
    }

    void Spread(Grant grant)
    {
        Unbind(grant);
        foreach (var ns in choices.Namespaces)
        {
            var key = new Target("RoleBinding", ns, grant.Binding.Name);
            var subjects = added.TryGetValue(key, out var known) ? known.Subjects : [];
            if (!subjects.Contains(grant.Subject))
                added[key] = new(new(ns), grant.Binding.Name, subjects.Add(grant.Subject), grant.Binding.RoleRef);
        }
    }

    void Unbind(Grant grant)
    {
        var key = new Target(grant.Binding.Kind, grant.Binding.Scope.Namespace, grant.Binding.Name);
        if (!bindings.TryGetValue(key, out var entry))
            bindings.Add(key, entry = (grant.Binding, [.. grant.Binding.Subjects]));
        entry.Left.Remove(grant.Subject);
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
