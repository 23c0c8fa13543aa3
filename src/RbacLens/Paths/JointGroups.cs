using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>
/// What every account of a namespace holds by two of its groups together: system:serviceaccounts:NAMESPACE for the one half, system:serviceaccounts
/// for the other. No binding need name any of these accounts, so no search among those that bindings name would find it.
/// </summary>
static class JointGroups
{
    /// <summary>The hits, each with an account that stands for all of its namespace.</summary>
    /// <param name="holders">Whom bindings name.</param>
    /// <param name="search">Finds what somebody holds.</param>
    /// <param name="stock">What ships gives no half of anything.</param>
    public static ImmutableArray<(Subject.ServiceAccount Account, Hit Hit)> Of(ImmutableArray<Holder> holders, Func<Holder, IEnumerable<Hit>> search, Stock stock)
    {
        Subject everybody = new Subject.Group(WellKnown.ServiceAccounts);
        Subject[] others = [everybody, new Subject.Group(WellKnown.Authenticated)];
        if (!holders.Any(holder => holder.Subject == everybody && holder.Own.Any(own => !stock.Ships(own.Binding, own.Subject))))
            return [];
        return
        [
            .. from holder in holders
               where holder.Subject is Subject.Group && holder.Subject.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal)
               let account = new Subject.ServiceAccount(holder.Subject.Name[WellKnown.ServiceAccountsPrefix.Length..], "default")
               from hit in search(holder with { Subject = account, Groups = others })
               where hit.Case.Reaches != Reach.Nothing && Takes(hit, holder.Subject) && Takes(hit, everybody)
               select (account, hit),
        ];
    }

    static bool Takes(Hit hit, Subject half) => hit.Grants.Any(grant => grant.Subject.Canonical == half);
}
