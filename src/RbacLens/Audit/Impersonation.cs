using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// What the API server asks before it lets one identity act as another (endpoints/filters, impersonation.go). The log shows the outcome only.
/// </summary>
public static class Impersonation
{
    /// <summary>The name of whoever was to be impersonated where only a group or an attribute of theirs was told.</summary>
    public const string Somebody = "*";

    /// <summary>
    /// The requests that must all have been allowed to the impersonator. Groups that the API server adds by itself need no permission: those
    /// of a service account, and <c>system:authenticated</c>.
    /// </summary>
    public static IEnumerable<AccessRequest.Resource> Requests(Deed deed)
    {
        if (deed.ActingAs is not { } actingAs)
            yield break;
        var account = WellKnown.TryServiceAccount(actingAs.User);
        if (actingAs.User != Somebody)
            yield return account is null
                ? new("impersonate", "", "users", Name: actingAs.User)
                : new("impersonate", "", "serviceaccounts", Namespace: account.Namespace, Name: account.Name);
        foreach (var group in actingAs.Groups)
            if (group is not (WellKnown.Authenticated or WellKnown.Unauthenticated)
                && (account is null || (group != WellKnown.ServiceAccounts && group != WellKnown.ServiceAccountsOf(account.Namespace))))
                yield return new("impersonate", "", "groups", Name: group);
        if (deed.ActingUid.Length > 0)
            yield return new("impersonate", "authentication.k8s.io", "uids", Name: deed.ActingUid);
        foreach (var (key, value) in deed.ActingExtra)
            yield return new("impersonate", "authentication.k8s.io", "userextras", key, Name: value);
    }
}
