using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A role that a holder can bind to itself, or write into.</summary>
/// <param name="Role">The role.</param>
/// <param name="Scope">Where it takes effect.</param>
/// <param name="IsEverything">Whether it allows, or can be made to allow, everything there.</param>
/// <param name="IsClusterWide">Whether cluster-scoped resources are among what it gives.</param>
sealed record Rewritten(Role Role, Scope Scope, bool IsEverything, bool IsClusterWide)
{
    /// <summary>The role that requests name; null for a new one of any name.</summary>
    public string? Written { get; init; } = Role.Name;

    /// <summary>Whether that role is made, and not changed; null for one that is only bound.</summary>
    public bool? IsMade { get; init; }

    /// <summary>The binding that an apply makes; null where one is created without a name, or changed.</summary>
    public string? MadeBinding { get; init; }

    /// <summary>The binding that makes it somebody's own, or that is changed; null where one is made. Without it the way is none.</summary>
    public Grant? Through { get; init; }

    /// <summary>How it comes to be the holder's own, where that is not because the holder is bound to it already.</summary>
    public string? How { get; init; }
}

/// <summary>The two ways around the API server's escalation check: <c>bind</c> with a binding, and <c>escalate</c> with a role.</summary>
sealed class RoleRewriting
{
    static readonly AccessRequest Everything = new AccessRequest.Resource("*", "*", "*", Name: Question.AnyName);

    static readonly string[] ClusterRoleOnly = ["ClusterRole"];
    static readonly string[] BothKinds = ["ClusterRole", "Role"];

    readonly Snapshot snapshot;
    readonly Lazy<Dictionary<Subject, Holder>> holders;
    readonly Func<Holder, IEnumerable<Hit>> search;
    readonly Lazy<ILookup<(string Kind, string Name), Role>> roles;
    readonly Lazy<Role?> everything;

    /// <summary>Over the roles of a cluster.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="holders">Every subject that a binding names.</param>
    /// <param name="search">Finds what somebody holds.</param>
    public RoleRewriting(Snapshot snapshot, IEnumerable<Holder> holders, Func<Holder, IEnumerable<Hit>> search)
    {
        (this.snapshot, this.search) = (snapshot, search);
        // Most clusters have nobody who could rewrite a role, and then none of it is asked for.
        this.holders = new(() => holders.ToDictionary(holder => holder.Subject));
        roles = new(() => snapshot.Roles.ToLookup(role => (role.Kind, role.Name)));
        // The one that everybody knows, if it is what its name says.
        everything = new(() => snapshot.Roles.Where(role => role.Scope.IsCluster && IsEverything(role)).OrderBy(role => role.Name != "cluster-admin").FirstOrDefault());
    }

    /// <summary>The roles that a hit about binding or writing roles makes the holder's own.</summary>
    public IEnumerable<Rewritten> Of(Hit hit) => hit.Case.Reaches.HasFlag(Reach.Roles) ? Bindable(hit) : Writable(hit);

    /// <summary>What a role gives that has been bound.</summary>
    public IEnumerable<Hit> UsesOf(Rewritten bound, Hit by)
    {
        var subject = by.Holder.Subject;
        var binding = new Binding(bound.Scope, "", [subject], new(bound.Role.Kind, bound.Role.Name));
        return from hit in search(new(subject, [new Holding(subject, binding, bound.Role)]))
               where hit.Case.Reaches != Reach.Nothing
               where bound.IsClusterWide || hit.Case.All.All(question => question.Place == Question.Places.Namespace)
               select hit;
    }

    static bool IsEverything(Role role) => role.Rules.IndexOfFirstAllowing(Everything) >= 0;

    IEnumerable<Rewritten> Bindable(Hit hit)
    {
        var (bind, write) = (About(hit, "bind"), hit.Case.All.First(question => !question.Verbs.Lists("bind")));
        var inCluster = write.Resources.Lists("clusterrolebindings");
        var scope = inCluster ? Scope.Cluster : hit.Scope;
        var made = Asking.Allows(hit, write, "create") ? null
            : Asking.NamesIn(hit).FirstOrDefault(name => Asking.Makes(hit, write, name) && !snapshot.Bindings.Any(binding => binding.Name == name && binding.Scope == scope));
        // A binding that is there already can be given another subject, but no other role.
        var bound = made is not null || Asking.Allows(hit, write, "create") ? null : BoundAlready(scope, inCluster, Asking.NamesOf(hit, write));
        var candidates = Asking.NamesOf(hit, bind) is { } names ? Named(hit, names, scope, inCluster)
            : bound is not null ? bound.Keys
            : Allows(hit, "ClusterRole", Question.AnyName) ? everything.Value is { } all ? [all] : []
            : snapshot.Roles.Where(role => !role.Scope.IsCluster && (scope.IsCluster || role.Scope == scope));
        return from role in candidates
               where bound is null || bound.ContainsKey(role)
               where Allows(hit, role.Kind, role.Name)
               select new Rewritten(role, role.Scope.IsCluster ? scope : role.Scope, IsEverything(role), inCluster) { MadeBinding = made, Through = bound?[role] };
    }

    static Question About(Hit hit, string verb) => hit.Case.All.First(question => question.Verbs.Lists(verb));

    // ClusterRoles may be bound in a namespace, too.
    IEnumerable<Role> Named(Hit hit, ImmutableArray<string> names, Scope scope, bool inCluster) =>
        from name in names
        from kind in inCluster ? ClusterRoleOnly : BothKinds
        where Allows(hit, kind, name)
        from role in roles.Value[(kind, name)]
        where role.Scope.IsCluster || scope.IsCluster || role.Scope == scope
        select role;

    static bool Allows(Hit hit, string kind, string name) =>
        hit.Grants.Any(grant => grant.Rules.Any(rule => grant.Role.Rules[rule].Allows(
            new AccessRequest.Resource("bind", "rbac.authorization.k8s.io", kind == "Role" ? "roles" : "clusterroles", Name: name))));

    Dictionary<Role, Grant> BoundAlready(Scope scope, bool inCluster, ImmutableArray<string>? names)
    {
        var found = from binding in snapshot.Bindings
                    where binding.Scope.IsCluster == inCluster && (scope.IsCluster || binding.Scope == scope)
                    where names is null || names.Value.Contains(binding.Name)
                    from role in roles.Value[(binding.RoleRef.Kind, binding.RoleRef.Name)]
                    where role.Scope.IsCluster || role.Scope == binding.Scope
                    group binding by role into alike
                    select (Role: alike.Key, Binding: alike.First());
        return found.ToDictionary(entry => entry.Role, entry => Pays(entry.Binding, entry.Role));
    }

    // Only a role that one is bound to gives oneself anything: one that is there, one that the binding waits for, one that takes in others.
    IEnumerable<Rewritten> Writable(Hit hit)
    {
        var pen = new Pen(hit);
        var own = Holdings(hit.Holder).Where(holding => pen.IsFor(holding.Role, holding.Scope)).ToList();
        return own.Where(holding => pen.Changes(holding.Role.Name)).Select(holding => Whole(holding.Role, holding.Scope) with { IsMade = false, Through = Pays(holding.Binding, holding.Role) })
            .Concat(Waiting(hit.Holder).Where(binding => pen.IsFor(binding.RoleRef, binding.Scope) && pen.Makes(binding.RoleRef.Name)).Select(Filled))
            .Concat(own.Select(holding => Aggregated(pen, holding, $"ClusterRole {holding.Role.Name}, to which it is bound, takes in what has a label")).OfType<Rewritten>())
            .OrderBy(role => role.Scope).DistinctBy(role => role.Scope);
    }

    /// <summary>Roles of others that a hit can write into, each with a subject that it makes powerful; the holder's own are not among them.</summary>
    public IEnumerable<(Subject Subject, Rewritten Role)> OfOthers(Hit hit)
    {
        var pen = new Pen(hit);
        var held = from holder in holders.Value.Values
                   where holder.Subject != hit.Holder.Subject
                   from holding in holder.Own
                   where pen.IsFor(holding.Role, holding.Scope)
                   select (holder.Subject, Holding: holding);
        var changed = from bound in held
                      let binds = $"{bound.Holding.Binding.Kind} {bound.Holding.Binding.Name} binds"
                      let rewritten = pen.Changes(bound.Holding.Role.Name)
                          ? Whole(bound.Holding.Role, bound.Holding.Scope) with { IsMade = false, Through = Pays(bound.Holding.Binding, bound.Holding.Role), How = $"{binds} it to {Target.Of(bound.Subject)}" }
                          : Aggregated(pen, bound.Holding, $"{binds} {Target.Of(bound.Subject)} to ClusterRole {bound.Holding.Role.Name}, which takes in what has a label")
                      where rewritten is not null
                      select (bound.Subject, rewritten);
        var filled = from binding in WaitingBindings
                     where pen.IsFor(binding.RoleRef, binding.Scope) && pen.Makes(binding.RoleRef.Name)
                     from subject in binding.Subjects
                     where subject is not Subject.Unknown && subject.Canonical != hit.Holder.Subject
                     select (subject.Canonical, Filled(binding));
        return changed.Concat(filled);
    }

    static Rewritten Whole(Role role, Scope scope) => new(role, scope, IsEverything: true, scope.IsCluster);

    static Rewritten Filled(Binding binding)
    {
        var role = new Role(binding.RoleRef.IsClusterRole ? Scope.Cluster : binding.Scope, binding.RoleRef.Name, RuleSet.Of());
        return Whole(role, binding.Scope) with
        {
            IsMade = true,
            Through = Pays(binding, role),
            How = $"{binding.Kind} {binding.Name} refers to {binding.RoleRef.Kind} {binding.RoleRef.Name}, which does not exist until then",
        };
    }

    static Grant Pays(Binding binding, Role role) => new(binding.Subjects.FirstOrDefault() ?? new Subject.User(""), binding, role, []);

    // A new role with the label that is selected, or another one that gets it: whoever may escalate decides what it allows.
    Rewritten? Aggregated(Pen pen, Holding holding, string how)
    {
        if (holding.Role.Aggregates.IsEmpty)
            return null;
        var other = pen.MakesAny ? null : Changeable(pen).FirstOrDefault(role => role != holding.Role);
        return !pen.MakesAny && other is null ? null : Whole(holding.Role, holding.Scope) with
        {
            Written = other?.Name,
            IsMade = other is null,
            Through = Pays(holding.Binding, holding.Role),
            How = how,
        };
    }

    // Two are enough: one of them is another than the one that takes it in.
    ImmutableArray<Role> Changeable(Pen pen) => pen.Changeable ??= [.. snapshot.Roles.Where(role => role.Scope.IsCluster && pen.Changes(role.Name)).Take(2)];

    /// <summary>Which roles a hit about escalate can make and change.</summary>
    sealed class Pen(Hit hit)
    {
        readonly Question escalate = About(hit, "escalate");
        readonly Question write = hit.Case.All.First(question => !question.Verbs.Lists("escalate"));

        /// <summary>Some ClusterRoles that it can change, once they were looked for.</summary>
        public ImmutableArray<Role>? Changeable { get; set; }

        public bool IsFor(Role role, Scope scope) => IsFor(new RoleRef(role.Kind, role.Name), scope);

        public bool IsFor(RoleRef role, Scope scope) =>
            (role.Kind, write.Resources.Lists("clusterroles")) is ("ClusterRole", true) or ("Role", false) && (hit.Scope.IsCluster || scope == hit.Scope);

        public bool Changes(string name) => Escalates(name) && (Asking.Allows(hit, write, "update", name) || Asking.Allows(hit, write, "patch", name));

        public bool MakesAny => makesAny ??= Asking.Allows(hit, write, "create") && Escalates(Question.AnyName);

        bool? makesAny;

        // An apply has the name in its path, so it can be escalated by name.
        public bool Makes(string name) => MakesAny || (Escalates(name) && Asking.Makes(hit, write, name));

        bool Escalates(string name) => Asking.Allows(hit, escalate, "escalate", name);
    }

    /// <summary>Bindings to roles that do not exist. Where roles of that kind could not be read, nothing can be said.</summary>
    public ImmutableArray<Binding> WaitingBindings => waiting ??=
    [
        .. snapshot.Bindings.Where(binding => snapshot.IsComplete(binding.RoleRef.Kind)
            && !roles.Value[(binding.RoleRef.Kind, binding.RoleRef.Name)].Any(role => role.Scope.IsCluster || role.Scope == binding.Scope)),
    ];

    ImmutableArray<Binding>? waiting;

    IEnumerable<Binding> Waiting(Holder holder)
    {
        var mine = holder.ImplicitGroups.Append(holder.Subject).ToHashSet();
        return WaitingBindings.Where(binding => binding.Subjects.Any(subject => mine.Contains(subject.Canonical)));
    }

    IEnumerable<Holding> Holdings(Holder holder) => holder.Own.Concat(
        from implied in holder.ImplicitGroups
        where holders.Value.ContainsKey(implied)
        from holding in holders.Value[implied].Own
        select holding);
}
