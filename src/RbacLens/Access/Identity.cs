using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Who asks: a username with all its groups, the implicit ones included.</summary>
/// <param name="User">The username; empty when only a group is asked about.</param>
/// <param name="Groups">Every group, exactly as the authorizer would see them.</param>
public sealed record Identity(string User, ImmutableArray<string> Groups)
{
    /// <summary>
    /// The identity a subject stands for, with the groups the API server adds by itself: <c>system:authenticated</c>, and for service
    /// accounts, named or as the group of a namespace, <c>system:serviceaccounts</c> and <c>system:serviceaccounts:NAMESPACE</c>.
    /// </summary>
    public static Identity Of(Subject subject) => new(
        subject.Canonical switch
        {
            Subject.ServiceAccount account => WellKnown.Username(account.Namespace, account.Name),
            Subject.Group => "",
            var user => user.Name,
        },
        GroupsOf(subject));

    /// <summary>The groups of the identity a subject stands for, as <see cref="Of"/> has them.</summary>
    public static ImmutableArray<string> GroupsOf(Subject subject) => subject.Canonical switch
    {
        Subject.ServiceAccount account => [WellKnown.ServiceAccounts, WellKnown.ServiceAccountsOf(account.Namespace), WellKnown.Authenticated],
        Subject.User { Name: WellKnown.Anonymous } or Subject.Group { Name: WellKnown.Unauthenticated } => [WellKnown.Unauthenticated],
        Subject.Group { Name: WellKnown.Authenticated } => [WellKnown.Authenticated],
        // Nobody is in one of these groups who is not in the group of all accounts.
        Subject.Group group when group.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal) =>
            [group.Name, WellKnown.ServiceAccounts, WellKnown.Authenticated],
        Subject.Group group => [group.Name, WellKnown.Authenticated],
        _ => [WellKnown.Authenticated],
    };

    /// <summary>
    /// Whom the API server takes a request with these impersonation headers for (apiserver endpoints/filters, impersonation.go): a service
    /// account named without groups brings its own, and whoever is not anonymous is authenticated unless a group says otherwise.
    /// </summary>
    /// <param name="user">The username.</param>
    /// <param name="groups">The groups that were named.</param>
    public static Identity Impersonated(string user, IReadOnlyCollection<string> groups)
    {
        IEnumerable<string> all = groups.Count == 0 && WellKnown.TryServiceAccount(user) is { } account
            ? [WellKnown.ServiceAccounts, WellKnown.ServiceAccountsOf(account.Namespace)]
            : groups;
        var implied = user == WellKnown.Anonymous ? WellKnown.Unauthenticated : WellKnown.Authenticated;
        return new(user, [.. groups.Contains(WellKnown.Unauthenticated) ? all : all.Append(implied).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether the node authorizer takes it for a kubelet (auth/nodeidentifier, default.go).</summary>
    public bool IsNode => User.StartsWith("system:node:", StringComparison.Ordinal) && Groups.Contains(WellKnown.Nodes);

    /// <summary>Whether a binding's subject applies (pkg/registry/rbac/validation, appliesToUser).</summary>
    public bool Is(Subject subject) => subject switch
    {
        Subject.User user => user.Name == User,
        Subject.Group group => Groups.Contains(group.Name),
        Subject.ServiceAccount { Namespace.Length: > 0 } account => User == WellKnown.Username(account.Namespace, account.Name),
        _ => false,
    };

    /// <inheritdoc/>
    public bool Equals(Identity? other) => other is not null && User == other.User && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(User);
        foreach (var group in Groups)
            hash.Add(group);
        return hash.ToHashCode();
    }
}
