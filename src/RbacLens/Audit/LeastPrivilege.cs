using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// The roles that would have been enough for what a log shows of a subject: each request as it was made, no verb, name or scope more.
/// </summary>
public sealed record LeastPrivilege
{
    /// <summary>Whose requests these are, in its one spelling.</summary>
    public required Subject Subject { get; init; }

    /// <summary>Roles, the ClusterRole first.</summary>
    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>Bindings, one for each role.</summary>
    public required ImmutableArray<Binding> Bindings { get; init; }

    /// <summary>What people should know about it, sorted.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Requests that were refused, and are not granted either; sorted.</summary>
    public required ImmutableArray<string> Refused { get; init; }

    /// <summary>Requests that were granted here, or that need no role: everybody may make them, or system:masters may.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that were allowed and are not granted here; the notes say why.</summary>
    public required long LeftOut { get; init; }

    /// <summary>The groups that each of the subject's own requests carried, the implicit ones included; of a group, itself.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>What a log shows of a subject, as roles.</summary>
    /// <param name="log">The log; with the bodies that <see cref="DependsOnBody"/> asks for, what the API server asks besides is known better.</param>
    /// <param name="subject">A user, a service account, or a group: of its members' requests those that its own grants allowed.</param>
    /// <param name="everyone">What every such identity may do anyway, so that it needs no role of its own.</param>
    /// <param name="name">What to call roles and bindings.</param>
    /// <param name="mostNames">More objects than these of one kind are granted without their names, with a note.</param>
    /// <param name="cluster">Today's grants; null where only the log is known.</param>
    public static LeastPrivilege Of(AuditLog log, Subject subject, Authorizer everyone, string name, int mostNames = 20, Snapshot? cluster = null)
    {
        subject = subject.Canonical;
        var use = new SubjectUse(subject, everyone, cluster);
        foreach (var count in log.Deeds)
            use.Add(count);

        var needs = new Needs(mostNames);
        var unsayable = use.Needed.Where(need => !needs.TryAdd(need.Request, need.Count.Deed)).Select(need => need.Count).Distinct().Sum(count => count.Requests);
        var kept = cluster is null ? null : new KeptRights(subject, use.Groups, cluster, everyone);
        var further = new FurtherChecks(cluster, Held(needs, kept));
        foreach (var need in use.Needed.Where(need => need.Request == need.Count.Deed.Request))
            further.AddTo(needs, need.Count);

        var roles = needs.Rules()
            .GroupBy(rule => rule.Scope, rule => rule.Rule)
            .OrderBy(scope => scope.Key)
            .Select(scope => new Role(scope.Key, name, RuleSet.Of(scope)))
            .ToImmutableArray();
        return new()
        {
            Subject = subject,
            Roles = roles,
            Bindings = [.. roles.Select(role => new Binding(role.Scope, name, [subject], new(role.Kind, name)))],
            Notes = [.. needs.Notes.Concat(further.Notes).Concat(use.Notes).Concat(NotesOn(log)).Distinct().Order(StringComparer.Ordinal)],
            Refused = [.. use.Refused],
            Requests = use.Requests - unsayable,
            LeftOut = use.LeftOut + unsayable,
            Groups = use.Groups,
        };
    }

    /// <summary>Whether what the API server asks besides a request can only be told from its body.</summary>
    public static bool DependsOnBody(Deed deed) => FurtherChecks.DependOnBody(deed);

    /// <summary>What a subject keeps as a member of groups.</summary>
    /// <param name="cluster">The cluster's grants.</param>
    /// <param name="everyone">What everybody may do.</param>
    public KeptRights KeptIn(Snapshot cluster, Authorizer everyone) => new(Subject, Groups, cluster, everyone);

    /// <summary>
    /// The bindings that these roles would replace, and what the subject holds by them today and would no longer hold: neither here, nor as a
    /// member of a group. What Kubernetes ships for everybody stays as it is and is not among them.
    /// </summary>
    /// <param name="cluster">The cluster's grants.</param>
    /// <param name="everyone">What everybody may do.</param>
    public IEnumerable<Replacement> LostAgainst(Snapshot cluster, Authorizer everyone)
    {
        // No binding is what lets this group do everything.
        if (Subject is Subject.Group { Name: WellKnown.Masters })
            return [];
        var kept = KeptIn(cluster, everyone);
        return from binding in cluster.Bindings
               where binding.Subjects.Any(named => named.Canonical == Subject)
               let role = kept.RoleOf(binding)
               where role is not null && !kept.IsEverybodys(binding, role)
               select new Replacement(
                   binding,
                   [.. Coverage.Uncovered(RulesIn(binding.Scope).Concat(kept.RulesIn(binding.Scope)), role.Rules).Where(part => Gives(binding, part))],
                   [.. binding.Subjects.Where(named => named.Canonical != Subject)]);
    }

    // A RoleBinding never grants URLs, whatever its ClusterRole says.
    static bool Gives(Binding binding, PolicyRule part) => binding.Scope.IsCluster || part.NonResourceUrls.IsEmpty;

    IEnumerable<PolicyRule> RulesIn(Scope scope) => Roles.Where(role => role.Scope.IsCluster || role.Scope == scope).SelectMany(role => role.Rules);

    static Func<Scope, IReadOnlyList<PolicyRule>> Held(Needs needs, KeptRights? kept)
    {
        var granted = needs.Rules().ToList();
        return scope => [.. granted.Where(rule => rule.Scope.IsCluster || rule.Scope == scope).Select(rule => rule.Rule).Concat(kept?.RulesIn(scope) ?? [])];
    }

    static IEnumerable<string> NotesOn(AuditLog log)
    {
        if (log.Notes.NamesLeftOut)
            yield return "the log holds too many different requests to keep all names apart: some rights are granted without names";
        if (log.Notes.NotKeptApart > 0)
            yield return $"{log.Notes.NotKeptApart} requests of the log could not be kept apart; what they needed is missing where they were this subject's";
    }
}

/// <summary>A binding that suggested roles stand in for.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Lost">What would no longer be held, as rules of one verb on one resource each.</param>
/// <param name="Others">Whom else it names: it must stay for them.</param>
public sealed record Replacement(Binding Binding, ImmutableArray<PolicyRule> Lost, ImmutableArray<Subject> Others);
