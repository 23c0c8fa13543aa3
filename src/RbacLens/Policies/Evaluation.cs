using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Asks every policy about a snapshot.</summary>
public static class Evaluation
{
    const int HitsInPiece = 1000;

    /// <summary>
    /// The findings, worst first, then by policy, subject and scope. What everything about ships with Kubernetes is among them, marked as
    /// stock.
    /// </summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="policies">The policies; severities depend on each other's reach, so ask all of them together.</param>
    /// <param name="stock">What ships with the cluster's version.</param>
    public static ImmutableArray<Finding> Evaluate(Snapshot snapshot, IReadOnlyCollection<Policy> policies, Stock stock) =>
        Judge(snapshot, policies, stock).Findings;

    /// <summary>The findings as in <see cref="Evaluate"/>, and the search for paths that their severities rest on.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="stock">What ships with the cluster's version.</param>
    public static Judgement Judge(Snapshot snapshot, IReadOnlyCollection<Policy> policies, Stock stock)
    {
        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        var holders = Holder.All(snapshot, authorizer);
        var search = new RequestSearch(holders, policies, snapshot);
        // What paths lead through does not depend on who holds what.
        var (hits, premises) = (new List<Hit>(), new Lazy<PathSearch.Premises>(() => new(snapshot, stock)));
        Together(() => hits = search.All(), () => premises.Value.Landscape.Running.Prepare());
        var paths = new PathSearch(premises.Value, holders, hits, search, []);
        var power = paths.Power(snapshot);
        var rating = new Rating(power, stock, new(snapshot));

        IEnumerable<Finding>[] sources =
        [
            .. new ObjectFacts(snapshot, authorizer, holders, premises.Value.Landscape, power, stock).Findings(policies),
            .. Pieces([.. WithoutImplied(hits)]).Select(rating.Findings),
            new BoundSubjects(holders, power, stock).Findings(policies),
        ];
        var found = Partitioner.Create(sources, loadBalance: true).AsParallel().AsOrdered().WithExecutionMode(ParallelExecutionMode.ForceParallelism)
            .Select(source => source.ToList()).AsSequential().SelectMany(list => list).ToList();
        return new(Sort(found.Concat(Sprawl(policies, found))), paths);
    }

    static void Together(params Action[] parts) =>
        parts.AsParallel().WithDegreeOfParallelism(parts.Length).WithExecutionMode(ParallelExecutionMode.ForceParallelism).ForAll(part => part());

    /// <summary>Hits in pieces that can be rated side by side: those of one subject stay together.</summary>
    static IEnumerable<List<Hit>> Pieces(List<Hit> hits)
    {
        for (int from = 0, to; from < hits.Count; from = to)
        {
            to = Math.Min(from + HitsInPiece, hits.Count);
            while (to < hits.Count && ReferenceEquals(hits[to].Holder, hits[to - 1].Holder))
                to++;
            yield return hits[from..to];
        }
    }

    /// <summary>Whoever holds everything in a scope gets that one finding there, not one for each thing it includes.</summary>
    static IEnumerable<Hit> WithoutImplied(List<Hit> hits)
    {
        var everything = hits
            .Where(hit => hit.ForAnyName && hit.Policy.Match is Match.Requests { IsEverything: true })
            .Select(hit => (hit.Holder.Subject, hit.Scope))
            .ToHashSet();
        return everything.Count == 0 ? hits : hits.Where(hit => hit.Policy.Match is Match.Requests { IsEverything: true }
            ? hit.Scope.IsCluster || !Has(hit, Scope.Cluster)
            : !Has(hit, Scope.Cluster) && !Has(hit, hit.Scope));

        bool Has(Hit hit, Scope scope) => everything.Contains((hit.Holder.Subject, scope));
    }

    static IEnumerable<Finding> Sprawl(IEnumerable<Policy> policies, List<Finding> found) =>
        from policy in policies
        where policy.Match is Match.Sprawl
        let sprawl = (Match.Sprawl)policy.Match
        let holders = found
            .Where(finding => !finding.IsStock && finding.Scopes.Contains(Scope.Cluster) && sprawl.Policies.Lists(finding.Policy.Id))
            .ToList()
        let subjects = holders.Select(finding => finding.About).Distinct().Order().ToList()
        where subjects.Count > sprawl.MoreThan
        select new Finding(
            policy, Target.Cluster, [Scope.Cluster], sprawl.Severity,
            $"{subjects.Count} subjects hold everything in the whole cluster: {string.Join(", ", subjects)}")
        {
            Grants = [.. holders.SelectMany(finding => finding.Grants)],
        };

    /// <summary>Worst first, then by policy, subject and scope.</summary>
    internal static ImmutableArray<Finding> Sort(IEnumerable<Finding> findings)
    {
        var byPolicy = findings.GroupBy(finding => finding.Policy.Id).OrderBy(ofPolicy => ofPolicy.Key, StringComparer.Ordinal).ToList();
        var sorted = ImmutableArray.CreateBuilder<Finding>();
        for (var severity = Severity.Critical; severity >= Severity.Info; severity--)
            foreach (var ofPolicy in byPolicy)
                sorted.AddRange(InOrder([.. ofPolicy.Where(finding => finding.Severity == severity)]));
        return sorted.DrainToImmutable();
    }

    // What one policy finds comes by subject or object, most often, and need not be sorted again.
    static IEnumerable<Finding> InOrder(List<Finding> alike)
    {
        for (var i = 1; i < alike.Count; i++)
            if (Compare(alike[i - 1], alike[i]) > 0)
                return alike.Order(Comparer<Finding>.Create(Compare));
        return alike;
    }

    // One comparison instead of ThenBy, which would work out the fingerprint of every finding first.
    static int Compare(Finding left, Finding right)
    {
        if (ReferenceEquals(left, right))
            return 0;
        var order = left.About.CompareTo(right.About);
        if (order == 0)
            order = left.Scopes[0].CompareTo(right.Scopes[0]);
        return order == 0 ? string.CompareOrdinal(left.Fingerprint, right.Fingerprint) : order;
    }
}

/// <summary>What was found, and where it leads.</summary>
/// <param name="Findings">As <see cref="Evaluation.Evaluate"/> orders them.</param>
/// <param name="Paths">To ask for paths.</param>
public sealed record Judgement(ImmutableArray<Finding> Findings, PathSearch Paths);
