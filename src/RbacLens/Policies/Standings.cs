using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>How far accounts get. Each is worked out once: a cluster runs the same few accounts in thousands of pods.</summary>
sealed class Standings(IEnumerable<Holder> holders, Power power, Stock stock)
{
    readonly Dictionary<Subject, Holder> bySubject = holders.ToDictionary(holder => holder.Subject);
    readonly Dictionary<Subject, Standing> known = [];
    readonly Dictionary<Subject, bool> granted = [];

    /// <summary>How far this account gets, by itself and as a member of implicit groups.</summary>
    public Standing Of(Subject account)
    {
        if (!known.TryGetValue(account, out var standing))
            known.Add(account, standing = new(power.Why(account), HoldsAnything(account)) { Reach = power.Reach(account) });
        return standing;
    }

    bool HoldsAnything(Subject account) =>
        IsGranted(account) || Identity.Of(account).Groups.Any(group => IsGranted(new Subject.Group(group)));

    // Membership in system:authenticated and the like is everybody's; only what is bound beyond what ships counts.
    bool IsGranted(Subject subject)
    {
        if (!bySubject.TryGetValue(subject, out var holder))
            return false;
        if (!granted.TryGetValue(subject, out var isGranted))
            granted.Add(subject, isGranted = holder.Own.Any(holding => !stock.Ships(holding.Binding, holding.Subject)));
        return isGranted;
    }
}

/// <summary>How far an account gets.</summary>
/// <param name="Power">Why it leads to the whole cluster; null where it does not.</param>
/// <param name="HoldsAnything">Whether it holds grants beyond what every account of a fresh cluster holds.</param>
sealed record Standing(Hit? Power, bool HoldsAnything)
{
    /// <summary>Where it leads, in words; means nothing where <see cref="Power"/> is null.</summary>
    public string Reach { get; init; } = "";
}
