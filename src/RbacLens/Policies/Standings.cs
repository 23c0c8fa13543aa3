using System.Collections.Concurrent;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>How far accounts get. Each is worked out once: a cluster runs the same few accounts in thousands of pods. Thread-safe.</summary>
sealed class Standings(IEnumerable<Holder> holders, Power power, Stock stock)
{
    readonly Dictionary<Subject, Holder> bySubject = holders.ToDictionary(holder => holder.Subject);
    readonly ConcurrentDictionary<Subject, Standing> known = [];
    readonly ConcurrentDictionary<Subject, bool> granted = [];

    /// <summary>How far this account gets, by itself and as a member of implicit groups.</summary>
    public Standing Of(Subject account) => known.TryGetValue(account, out var standing) ? standing : known.GetOrAdd(account, asked => power.Why(asked) is { } why ? new(why, HoldsAnything(asked)) { Reach = power.Reach(asked) } : new(Power: null, HoldsAnything(asked)));

    bool HoldsAnything(Subject account) =>
        IsGranted(account) || Identity.GroupsOf(account).Any(group => IsGranted(new Subject.Group(group)));

    // Membership in system:authenticated and the like is everybody's; only what is bound beyond what ships counts.
    bool IsGranted(Subject subject) => bySubject.TryGetValue(subject, out var holder)
        && granted.GetOrAdd(subject, _ => holder.Own.Any(holding => !stock.Ships(holding.Binding, holding.Subject)));
}

/// <summary>How far an account gets.</summary>
/// <param name="Power">Why it leads to the whole cluster; null where it does not.</param>
/// <param name="HoldsAnything">Whether it holds grants beyond what every account of a fresh cluster holds.</param>
sealed record Standing(Hit? Power, bool HoldsAnything)
{
    /// <summary>Where it leads, in words; means nothing where <see cref="Power"/> is null.</summary>
    public string Reach { get; init; } = "";
}
