using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Tests;

/// <summary>Generated RBAC, from so few words that rules, bindings and requests often meet.</summary>
static class Any
{
    static readonly string[] Words = ["u1", "u2", "g1", "system:serviceaccount:n1:s1"];

    public static Gen<string> Namespace => Gen.Elements("n1", "n2");

    public static Gen<PolicyRule> Rule =>
        from verbs in Some("get", "list", "create", "escalate", "*")
        from groups in Some("", "apps", "*")
        from resources in Some("pods", "pods/exec", "*/exec", "pods/*", "nodes", "deployments", "*")
        from names in Gen.Frequency((3, Gen.Constant(Names.None)), (1, Some("", "a", "b", "*")))
        from urls in Gen.Frequency((2, Gen.Constant(Names.None)), (1, Some("/healthz", "/healthz/*", "/h*", "/metrics", "*")))
        select new PolicyRule { Verbs = verbs, ApiGroups = groups, Resources = resources, ResourceNames = names, NonResourceUrls = urls };

    public static Gen<ImmutableArray<PolicyRule>> Rules => UpTo(3, Rule);

    public static Gen<AccessRequest> Request => Gen.Frequency((4, Resource.Select(request => (AccessRequest)request)), (1, Path));

    public static Gen<AccessRequest.Resource> Resource =>
        from verb in Gen.Elements("get", "list", "create", "escalate")
        from apiGroup in Gen.Elements("", "apps")
        from plural in Gen.Elements("pods", "nodes", "deployments")
        from subresource in Gen.Elements("", "", "exec", "log", "*")
        from ns in Gen.Elements("", "n1", "n2")
        from name in Gen.Elements("", "a", "b", "c")
        select new AccessRequest.Resource(verb, apiGroup, plural, subresource, ns, name);

    public static Gen<AccessRequest> Path =>
        from verb in Gen.Elements("get", "head")
        from url in Gen.Elements("/healthz", "/healthz/etcd", "/metrics", "/")
        select (AccessRequest)new AccessRequest.Path(verb, url);

    public static Gen<Subject> Subject => Gen.Frequency(
        (3, Gen.Elements(Words).Select(name => (Subject)new Subject.User(name))),
        (3, Gen.Elements(Words).Select(name => (Subject)new Subject.Group(name))),
        (2, Gen.Elements("n1", "n2", "").Select(ns => (Subject)new Subject.ServiceAccount(ns, "s1"))),
        (1, Gen.Elements(Words).Select(name => (Subject)new Subject.Unknown("Robot", name))));

    public static Gen<Identity> Identity =>
        from user in Gen.Elements(Words)
        from groups in Some([.. Words, WellKnown.Authenticated])
        select new Identity(user, [.. groups]);

    public static Gen<Role> Role =>
        from scope in Gen.Elements("", "n1", "n2")
        from name in Gen.Elements("r1", "r2", "r3")
        from rules in Rules
        from label in Gen.Elements("a", "b", "c")
        select new Role(new(scope), name, RuleSet.Of(rules)) { Labels = ImmutableSortedDictionary<string, string>.Empty.Add(label, "true") };

    public static Gen<Binding> Binding => Gen.Elements("", "", "n1", "n2").SelectMany(BindingIn);

    public static Gen<Binding> BindingIn(string ns) =>
        from name in Gen.Elements("b1", "b2", "b3", "b4")
        from subjects in UpTo(5, Subject)
        from kind in Gen.Frequency((6, Gen.Constant("ClusterRole")), (2, Gen.Constant("Role")), (1, Gen.Constant("Alien")))
        from role in Gen.Frequency((8, Gen.Elements("r1", "r2", "r3")), (1, Gen.Constant("gone")))
        select new Binding(new(ns), name, subjects, new(kind, role));

    /// <summary>Objects, each there once, and someone who asks for something.</summary>
    public static Gen<World> World => WorldOf(Binding);

    public static Gen<World> WorldOf(Gen<Binding> binding) =>
        from roles in UpTo(16, Role)
        from bindings in UpTo(16, binding)
        from who in Identity
        from what in Request
        select new World(
            [.. roles.DistinctBy(role => (role.Scope, role.Name))],
            [.. bindings.DistinctBy(one => (one.Scope, one.Name))],
            who,
            what);

    /// <summary>One to three of these words.</summary>
    public static Gen<Names> Some(params string[] words) =>
        from count in Gen.Choose(1, 3)
        from chosen in Gen.Elements(words).ArrayOf(count)
        select Names.Of(chosen);

    public static Gen<ImmutableArray<T>> UpTo<T>(int most, Gen<T> one) =>
        from count in Gen.Choose(0, most)
        from made in one.ArrayOf(count)
        select made.ToImmutableArray();
}

/// <summary>A cluster, someone, and something to ask.</summary>
sealed record World(ImmutableArray<Role> Roles, ImmutableArray<Binding> Bindings, Identity Who, AccessRequest What)
{
    public Decision Decision => new Authorizer(Roles, Bindings).Decide(Who, What);

    public bool Allowed => Decision.Allowed;

    /// <summary>Written out, for the message of a failing test.</summary>
    public override string ToString() => string.Join('\n', [
        $"{Who.User} in [{string.Join(' ', Who.Groups)}] asks {What} in '{What.Namespace}'",
        .. Roles.Select(role => $"{role.Kind} {role.Scope} {role.Name}: {string.Join("; ", role.Rules)}"),
        .. Bindings.Select(binding => $"{binding.Kind} {binding.Scope} {binding.Name} -> {binding.RoleRef}: {string.Join(", ", binding.Subjects)}"),
    ]);
}
