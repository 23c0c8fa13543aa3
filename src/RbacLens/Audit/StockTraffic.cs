using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// What stock controllers do all day: requests that the roles Kubernetes ships allow to exactly this user or account by name. A name alone
/// excuses nothing, and neither does a group.
/// </summary>
/// <param name="shippedRoles">Shipped roles; of several versions together, what any of them allows is stock.</param>
/// <param name="shippedBindings">Shipped bindings.</param>
public sealed class StockTraffic(IEnumerable<Role> shippedRoles, IEnumerable<Binding> shippedBindings)
{
    readonly Authorizer shipped = new(Merged(shippedRoles), shippedBindings.Where(binding => binding.Subjects.Any(subject => subject is not Subject.Group
        || subject.Name == WellKnown.Unauthenticated)));

    /// <summary>Nothing is stock.</summary>
    public static StockTraffic None { get; } = new([], []);

    /// <summary>Whether this is stock traffic. What is done as somebody else never is.</summary>
    public bool Explains(Deed deed) => deed.ActingAs is null && deed.Outcome != Outcome.Refused && (deed.IsLoopback || IsOwnReading(deed) || Allows(deed));

    // Bound to one address, the API server talks to itself through that one. Whoever can forge this identity holds everything anyway, but what it
    // writes is not excused.
    static bool IsOwnReading(Deed deed) =>
        deed.User.User == "system:apiserver" && deed.User.Groups.Contains(WellKnown.Masters) && deed.Request.Verb is "get" or "list" or "watch";

    bool Allows(Deed deed)
    {
        var user = deed.User.User;
        var alone = new Identity(user, user == WellKnown.Anonymous ? [WellKnown.Unauthenticated] : []);
        return shipped.Decide(alone, deed.Request).Allowed;
    }

    static IEnumerable<Role> Merged(IEnumerable<Role> roles) =>
        from role in roles
        group role by (role.Kind, role.Scope, role.Name) into versions
        select versions.First() with { Rules = RuleSet.Of(versions.SelectMany(version => version.Rules).Distinct()) };
}
