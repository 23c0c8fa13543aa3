using System.Globalization;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Cli.Reports.Answers;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Html;

/// <summary>
/// What the script builds the page of a subject from: all its bindings with their use, the groups it is in by itself, and the roles that
/// bindings refer to, each once, with what they allow cluster-wide and in a namespace.
/// </summary>
sealed class SubjectsData(Posture posture)
{
    readonly Dictionary<Role, int> roles = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<Target, int> places = posture.Subjects.Index().ToDictionary(subject => subject.Item.Subject, subject => subject.Index);
    // Another of the same name may be gone.
    readonly Dictionary<Target, BindingUsage> usage = (posture.Usage?.Bindings ?? []).Where(binding => !binding.IsGone).ToDictionary(binding => new Target(binding.Kind, binding.Scope.Namespace, binding.Name));

    /// <summary>The JSON text, a line at a time: <c>"subjects":[…],"roles":[…]</c>.</summary>
    public IEnumerable<string> Lines()
    {
        yield return "\"subjects\":[\n";
        var separator = "";
        foreach (var subject in posture.Subjects)
        {
            yield return $"{separator}[{Json.Text(SafeText.Of(subject.Subject.Kind))},{Json.Text(SubjectModel.Text(subject.Subject))},"
                + $"[{string.Join(',', subject.Grants.Select(Grant))}],[{string.Join(',', Groups(subject.Subject))}]]";
            separator = ",\n";
        }

        yield return "\n],\n\"roles\":[\n";
        separator = "";
        foreach (var role in roles.OrderBy(role => role.Value).Select(role => role.Key))
        {
            var rules = role.Rules.Select(rule => Json.Text(RuleText.Of(rule)));
            yield return $"{separator}[{Json.Text(role.Kind)},{Json.Text(SubjectModel.Text(new(role.Kind, role.Scope.Namespace, role.Name)))},"
                + $"[{string.Join(',', rules)}],[{string.Join(',', Things(role))}]]";
            separator = ",\n";
        }

        yield return "\n]";
    }

    // binding kind, its namespace, its name, number of the role, use
    string Grant(Grant grant)
    {
        var (kind, scope, name) = (grant.Binding.Kind, grant.Binding.Scope, grant.Binding.Name);
        if (!roles.TryGetValue(grant.Role, out var number))
            roles.Add(grant.Role, number = roles.Count);
        return $"[{Json.Text(kind)},{Json.Text(SafeText.Of(scope.Namespace))},{Json.Text(SafeText.Of(name))},{number.ToString(CultureInfo.InvariantCulture)},{Json.Text(Use(new(kind, scope.Namespace, name)))}]";
    }

    string? Use(Target binding) =>
        posture.Usage is null ? null
        : !usage.TryGetValue(binding, out var use) ? "not in the audit log"
        : use switch
        {
            { Used: { Requests: > 0, Last: { } last } used } => $"used {Counted.Of((int)Math.Min(used.Requests, int.MaxValue), "time")}, last on {AuditModel.Moment(last)}",
            { Used.Requests: > 0 } => "used",
            { AlsoAllowed: > 0 } => "would have allowed what others did",
            { IsObservable: false } => "use cannot be told",
            _ => "not used",
        };

    IEnumerable<string> Groups(Target subject) =>
        from @group in SubjectGrants.ImpliedGroups(SubjectOf(subject))
        where places.ContainsKey(Target.Of(@group))
        select places[Target.Of(@group)].ToString(CultureInfo.InvariantCulture);

    static Subject SubjectOf(Target target) => target.Kind switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        "Group" => new Subject.Group(target.Name),
        _ => new Subject.User(target.Name),
    };

    // what, names, verbs, and the verbs where a RoleBinding refers to it; these are left out where they are the same
    static IEnumerable<string> Things(Role role) =>
        from rule in role.Rules
        from atom in Effect.Atoms(rule, Scope.Cluster)
        group atom by (What: atom.NonResourceUrls.IsEmpty ? PermissionRows.What(atom) : $"URL {PermissionRows.What(atom)}", Names: string.Join(", ", atom.ResourceNames)) into thing
        let verbs = Verbs(thing)
        let inNamespace = Verbs(thing.Where(atom => !Effect.IsIdle(atom, AnyNamespace)))
        select $"[{Json.Text(SafeText.Of(thing.Key.What))},{Json.Text(SafeText.Of(thing.Key.Names))},{verbs}{(inNamespace == verbs ? "" : $",{inNamespace}")}]";

    static readonly Scope AnyNamespace = new("default");

    static string Verbs(IEnumerable<PolicyRule> atoms) =>
        $"[{string.Join(',', Permission.Ordered(atoms.SelectMany(atom => atom.Verbs)).Select(verb => Json.Text(SafeText.Of(verb))))}]";
}
