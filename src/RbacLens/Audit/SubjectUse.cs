using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Finds in a log what a subject needed, and by whose grants it was allowed.</summary>
/// <param name="subject">In its one spelling.</param>
/// <param name="everyone">What everybody may do.</param>
/// <param name="cluster">Today's grants; null where only the log is known.</param>
sealed class SubjectUse(Subject subject, Authorizer everyone, Snapshot? cluster)
{
    const int MostOthers = 5;

    readonly Authorizer? granted = cluster is null ? null : new(cluster.Roles, cluster.Bindings);
    readonly SortedDictionary<string, long> byOthers = new(StringComparer.Ordinal);
    readonly SortedSet<string> everyGroup = new(StringComparer.Ordinal);
    HashSet<string>? lastingGroups;
    readonly HashSet<string> othersOfDeed = new(StringComparer.Ordinal);
    long byMasters;
    long byNodes;
    long byOtherAuthorizers;
    long byOther;
    long byUnknown;

    /// <summary>What must be granted, with the requests that asked for it.</summary>
    public List<(AccessRequest Request, DeedCount Count)> Needed { get; } = [];

    /// <summary>What was refused.</summary>
    public SortedSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that its own grants allowed, or that need none.</summary>
    public long Requests { get; private set; }

    /// <summary>Requests of a group's members that other grants allowed.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The groups that all of its own requests carried, and the implicit ones.</summary>
    public ImmutableArray<string> Groups => [.. Identity.Of(subject).Groups.Concat((lastingGroups ?? []).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)];

    bool IsMasters => subject is Subject.Group { Name: WellKnown.Masters };

    /// <summary>What people should know about it.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (byMasters > 0 && !IsMasters)
                yield return subject is Subject.Group
                    ? $"{Counted(byMasters)} of members {Were(byMasters)} allowed by {WellKnown.Masters}, not by RBAC, and {Are(byMasters)} left out"
                    : $"{Counted(byMasters)} {Were(byMasters)} allowed by {WellKnown.Masters}, not by RBAC: no role limits that group; this is what would be enough outside of it";
            if (byNodes > 0)
                yield return $"{Counted(byNodes)} of {(subject is Subject.Group ? "kubelets" : "a kubelet")} {Are(byNodes)} left out: the node authorizer allows each what the pods on its node need, which no role can say";
            if (byOtherAuthorizers > 0)
                yield return $"{Counted(byOtherAuthorizers)} {Were(byOtherAuthorizers)} allowed, and the log names no binding for {(byOtherAuthorizers == 1 ? "it" : "them")}: by another authorizer than RBAC, which these roles do not limit";
            if (byOthers.Count > 0)
                yield return $"{Counted(byOther)} of members {Were(byOther)} allowed by other grants than the group's own, and {Are(byOther)} left out: those of "
                    + string.Join(", ", byOthers.Take(MostOthers).Select(other => $"{other.Key} ({other.Value})")) + (byOthers.Count > MostOthers ? $" and {byOthers.Count - MostOthers} more" : "");
            if (byUnknown > 0)
                yield return $"{Counted(byUnknown)} of members {Are(byUnknown)} left out: the log does not say whose grant allowed {(byUnknown == 1 ? "it" : "them")}, and the cluster's grants (--from or --live) would";
            foreach (var creation in Needed.Where(need => need.Request is AccessRequest.Resource { Verb: "create", Subresource.Length: 0, Name.Length: > 0 }).Select(need => Text(need.Request)).Distinct().Order(StringComparer.Ordinal).Take(MostOthers))
                yield return $"{creation} is for an update or a server-side apply that made the object, which tell its name; other ways to create it do not";
            foreach (var group in everyGroup.Except(Groups, StringComparer.Ordinal))
                yield return $"some of its requests came without Group {group}, which others carried; what it gives is not counted";
        }
    }

    /// <summary>Looks at a deed.</summary>
    public void Add(DeedCount count)
    {
        var deed = count.Deed;
        if (subject is not Subject.Group && deed.User.Is(subject))
            NoteGroups(deed.User);
        var by = By.Nobody;
        othersOfDeed.Clear();
        foreach (var (identity, request) in RequestsOf(deed))
            if (deed.Outcome == Outcome.Refused && (request == deed.Request || deed.IsRefusedToActAs))
                Refused.Add(Text(request));
            else if (deed.Outcome == Outcome.Allowed)
                by |= Add(count, identity, request);

        if ((by & (By.Itself | By.Everybody)) != By.Nobody || (by.HasFlag(By.Masters) && IsMasters))
            Requests += count.Requests;
        else if (by != By.Nobody)
            LeftOut += count.Requests;
        byMasters += by.HasFlag(By.Masters) ? count.Requests : 0;
        byOther += by.HasFlag(By.Others) ? count.Requests : 0;
        byNodes += by.HasFlag(By.NodeAuthorizer) ? count.Requests : 0;
        byOtherAuthorizers += by.HasFlag(By.OtherAuthorizer) ? count.Requests : 0;
        byUnknown += by == By.Unknown ? count.Requests : 0;
    }

    /// <summary>A request in a line: <c>list pods in shop</c>.</summary>
    public static string Text(AccessRequest request) => $"{request}{(request.Namespace.Length == 0 ? "" : $" in {request.Namespace}")}";

    /// <summary>Whose grants allowed requests.</summary>
    [Flags]
    enum By
    {
        Nobody = 0,
        Itself = 1,
        Everybody = 2,
        Masters = 4,
        Others = 8,
        Unknown = 16,
        NodeAuthorizer = 32,
        OtherAuthorizer = 64,
    }

    By Add(DeedCount count, Identity identity, AccessRequest request)
    {
        var isMaster = identity.Groups.Contains(WellKnown.Masters);
        if (IsMasters)
            return By.Masters;
        if (everyone.Decide(isMaster ? identity with { Groups = identity.Groups.Remove(WellKnown.Masters) } : identity, request).Allowed)
            return By.Everybody;
        var isUnexplained = !isMaster && request == count.Deed.Request && count.Deed.AllowedBy is null;
        if (isUnexplained && identity.IsNode)
            return By.NodeAuthorizer;
        if (subject is Subject.Group group && (isMaster ? By.Masters : OfGroup(group, count, identity, request)) is not By.Itself and var other)
            return other;
        Needed.Add((request, count));
        if (request == count.Deed.Request && FurtherChecks.Creation(count.Deed) is { } creation && !everyone.Decide(identity, creation).Allowed)
            Needed.Add((creation, count));
        return isMaster ? By.Masters | By.Itself
            : isUnexplained && count.Deed.IsAnnotated ? By.OtherAuthorizer | By.Itself
            : By.Itself;
    }

    // The log names the first binding that allows a request; the group's own may stand behind it. An impersonation is never explained.
    By OfGroup(Subject.Group group, DeedCount count, Identity identity, AccessRequest request)
    {
        var reason = request == count.Deed.Request ? count.Deed.AllowedBy : null;
        if (reason?.Subject == group || granted?.Decide(new("", [group.Name]), request).Allowed == true)
            return By.Itself;
        if (reason is null && granted is null)
            return By.Unknown;
        var other = reason?.Subject ?? granted?.Decide(identity, request).Grant?.Subject;
        var name = other?.ToString() ?? "nobody known to RBAC";
        // One request may ask for several things, and counts once.
        if (othersOfDeed.Add(name))
            byOthers[name] = byOthers.GetValueOrDefault(name) + count.Requests;
        return By.Others;
    }

    // Whoever acts as somebody else needs the impersonation, and what is done then is the other one's need.
    IEnumerable<(Identity Identity, AccessRequest Request)> RequestsOf(Deed deed)
    {
        if (!deed.IsRefusedToActAs && deed.Effective.Is(subject))
            yield return (deed.Effective, deed.Request);
        if (deed.ActingAs is not null && deed.User.Is(subject))
            foreach (var request in Impersonation.Requests(deed))
                yield return (deed.User, request);
    }

    // What an impersonator claims proves no membership, so only those count who logged in themselves.
    void NoteGroups(Identity user)
    {
        everyGroup.UnionWith(user.Groups);
        if (lastingGroups is null)
            lastingGroups = new(user.Groups, StringComparer.Ordinal);
        else
            lastingGroups.IntersectWith(user.Groups);
    }

    static string Counted(long requests) => requests == 1 ? "1 request" : $"{requests} requests";

    static string Were(long requests) => requests == 1 ? "was" : "were";

    static string Are(long requests) => requests == 1 ? "is" : "are";
}
