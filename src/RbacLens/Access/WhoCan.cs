using System.Collections.Frozen;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Everybody who may do something. The rules decide as they do for one request, so that nobody is answered differently here.</summary>
/// <param name="bindings">All bindings.</param>
/// <param name="authorizer">Finds their roles.</param>
/// <param name="accounts">Service accounts that exist.</param>
public sealed class WhoCan(IReadOnlyCollection<Binding> bindings, Authorizer authorizer, IReadOnlyCollection<Account> accounts)
{
    /// <summary>Asks about a snapshot.</summary>
    public static WhoCan In(Snapshot snapshot) => new(snapshot.Bindings, new(snapshot.Roles, snapshot.Bindings), snapshot.Accounts);

    /// <summary>
    /// The subjects that may do this, by the bindings that name them, and the group system:masters, which needs none; sorted by kind,
    /// namespace and name.
    /// </summary>
    /// <param name="request">What is asked. Where it has a namespace, <paramref name="namespaces"/> says which ones are meant.</param>
    /// <param name="namespaces">The namespaces; null for every one.</param>
    public ImmutableArray<Allowance> Answer(AccessRequest request, IReadOnlyCollection<string>? namespaces) =>
        Collect(request, namespaces, rule => rule.Allows(request), [new(new Subject.Group(WellKnown.Masters), [])]);

    /// <summary>
    /// The subjects that may do this only to objects of certain names, where the request names none. Creating and deleting collections cannot
    /// be limited so: such rules allow nothing.
    /// </summary>
    /// <inheritdoc cref="Answer"/>
    public ImmutableArray<Allowance> Limited(AccessRequest request, IReadOnlyCollection<string>? namespaces) =>
        request is AccessRequest.Resource { Name.Length: 0 } resource && (resource.Subresource.Length > 0 || request.Verb is not ("create" or "deletecollection"))
            ? Collect(request, namespaces, rule => rule.ResourceNames.Any(name => name.Length > 0 && rule.Allows(resource with { Name = name })), [])
            : [];

    /// <summary>
    /// The answer with every known subject that holds it through a group the API server adds: all that are named by a binding, and all service
    /// accounts that exist. Members of other groups are known to nobody but who signs them in.
    /// </summary>
    /// <param name="answer">What <see cref="Answer"/> or <see cref="Limited"/> said.</param>
    public ImmutableArray<Allowance> Expanded(ImmutableArray<Allowance> answer)
    {
        var direct = answer.ToFrozenDictionary(allowance => allowance.Subject);
        return
        [
            .. from subject in Known.Concat(direct.Keys).Distinct().Order(Subject.Comparer)
               let groups = Identity.Of(subject).Groups.Select(name => (Subject)new Subject.Group(name)).Where(implied => implied != subject)
               let inherited = groups.Where(direct.ContainsKey).SelectMany(implied => direct[implied].Ways)
               let ways = (direct.GetValueOrDefault(subject)?.Ways ?? []).Concat(inherited).ToImmutableArray()
               where ways.Length > 0 || direct.ContainsKey(subject)
               select new Allowance(subject, ways),
        ];
    }

    /// <summary>Every subject there is a word of.</summary>
    IEnumerable<Subject> Known =>
        bindings.SelectMany(binding => binding.Subjects).Where(AppliesToSomebody).Select(subject => subject.Canonical)
            .Concat(accounts.Select(account => account.Subject));

    ImmutableArray<Allowance> Collect(
        AccessRequest request, IReadOnlyCollection<string>? namespaces, Func<PolicyRule, bool> allows, IEnumerable<Allowance> always)
    {
        var answers = new Dictionary<RuleSet, ImmutableArray<int>>(ReferenceEqualityComparer.Instance);
        var ways = from binding in bindings
                   where binding.Scope.IsCluster || (request.Namespace.Length > 0 && namespaces?.Contains(binding.Scope.Namespace) != false)
                   let role = authorizer.Resolve(binding)
                   where role is not null
                   let rules = Asked(role.Rules)
                   where rules.Length > 0
                   from subject in binding.Subjects.Where(AppliesToSomebody).DistinctBy(subject => subject.Canonical)
                   select new Grant(subject, binding, role, rules);
        return
        [
            .. ways.GroupBy(way => way.Subject.Canonical, (subject, same) => new Allowance(subject, [.. same]))
                .UnionBy(always, allowance => allowance.Subject)
                .OrderBy(allowance => allowance.Subject, Subject.Comparer),
        ];

        ImmutableArray<int> Asked(RuleSet body)
        {
            if (!answers.TryGetValue(body, out var rules))
                answers.Add(body, rules = [.. Enumerable.Range(0, body.Count).Where(rule => allows(body[rule]))]);
            return rules;
        }
    }

    static bool AppliesToSomebody(Subject subject) => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 });
}

/// <summary>A subject that may do something.</summary>
/// <param name="Subject">In its one spelling.</param>
/// <param name="Ways">
/// The grants that allow it, each with the rules that do; a grant to another subject is to a group that this one is in. None for
/// system:masters where no binding names it.
/// </param>
public sealed record Allowance(Subject Subject, ImmutableArray<Grant> Ways)
{
    /// <summary>Where it may: the cluster alone where one way leads there, else the namespaces, ascending.</summary>
    public IEnumerable<Scope> Scopes =>
        IsMaster || Ways.Any(way => way.Binding.Scope.IsCluster) ? [Scope.Cluster] : Ways.Select(way => way.Binding.Scope).Distinct().Order();

    /// <summary>Whether it is the group that passes every check before RBAC is asked.</summary>
    public bool IsMaster => Subject is Subject.Group { Name: WellKnown.Masters };

    /// <summary>The object names that the rules of a way are limited to; empty for no limit.</summary>
    public static Names NamesOf(Grant way)
    {
        var rules = way.Rules.Select(rule => way.Role.Rules[rule]).ToList();
        return rules.Exists(rule => rule.ResourceNames.IsEmpty)
            ? Names.None
            : Names.Of(rules.SelectMany(rule => rule.ResourceNames).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
