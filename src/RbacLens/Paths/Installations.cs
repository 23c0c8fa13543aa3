using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>What somebody installed in a cluster: custom resources and those who act on them, as far as its objects show.</summary>
sealed class Installations(Snapshot snapshot)
{
    /// <summary>Whether a case is about nothing but what Kubernetes itself serves.</summary>
    public static bool IsPlain(Case @case) => @case.All.All(question => question.ApiGroup == "*" || KnownResources.Serves(question.ApiGroup));

    /// <summary>
    /// Whether the cluster serves what a case asks for. Where its API groups are not known, roles tell: whoever installs custom resources brings
    /// roles that name their group, and a <c>*</c> is no sign of them. A case that names its controller is asked for its account instead.
    /// </summary>
    /// <param name="case">The case.</param>
    /// <param name="judged">Whose role is no sign: who may use what is not there shows only that somebody wrote a role.</param>
    public bool Serves(Case @case, Subject judged)
    {
        if (snapshot.ApiGroups is not null)
            return @case.AppliesTo(snapshot);
        if (@case.Controller is not null)
            return true;
        foreach (var question in @case.All)
            if (question.ApiGroup != "*" && !KnownResources.Serves(question.ApiGroup) && !IsNamedByOthers(question.ApiGroup, judged))
                return false;
        return true;
    }

    bool IsNamedByOthers(string group, Subject judged)
    {
        namedBy ??= NamedGroups();
        return namedBy.TryGetValue(group, out var subjects) && (subjects.Count == 0 || subjects.Count > 1 || !subjects.Contains(judged));
    }

    // A role that is bound to nobody comes with the controller, as a rule: it adds to admin, edit or view.
    Dictionary<string, HashSet<Subject>> NamedGroups()
    {
        var named = new Dictionary<string, HashSet<Subject>>(StringComparer.Ordinal);
        var bound = snapshot.Bindings.ToLookup(binding => (binding.RoleRef.Kind, binding.RoleRef.Name));
        foreach (var role in snapshot.Roles)
        {
            var subjects = bound[(role.Kind, role.Name)].Where(binding => role.Scope.IsCluster || role.Scope == binding.Scope).SelectMany(binding => binding.Subjects).Select(subject => subject.Canonical).ToHashSet();
            foreach (var group in role.Rules.SelectMany(rule => rule.ApiGroups).Distinct().Where(group => !KnownResources.Serves(group)))
                if (!named.TryAdd(group, subjects))
                    named[group] = Together(named[group], subjects);
        }

        return named;
    }

    // An empty set stands for a role without subjects, which is sign enough, and so are two subjects.
    static HashSet<Subject> Together(HashSet<Subject> some, HashSet<Subject> more) => some.Count is 0 or > 1 ? some : more.Count == 0 ? more : [.. some, .. more];

    Dictionary<string, HashSet<Subject>>? namedBy;

    /// <summary>
    /// Whether it is a cluster of EKS, where the aws-auth config map may say which IAM identities are who: its version says so, or the roles that
    /// EKS itself brings are there.
    /// </summary>
    public bool IsEks => isEks ??= snapshot.Cluster.Version?.Contains("-eks-", StringComparison.Ordinal) == true
        || snapshot.Roles.Any(role => role.Name.StartsWith("eks:", StringComparison.Ordinal));

    bool? isEks;
}
