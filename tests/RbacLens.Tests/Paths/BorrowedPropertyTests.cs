using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;
using Xunit.Abstractions;

namespace RbacLens.Tests.Paths;

/// <summary>Held beside it a search that knows nothing but who may impersonate whom, and whose token one may ask for.</summary>
public sealed class BorrowedPropertyTests(ITestOutputHelper output)
{
    // The last one may do everything. Accounts have namespaces of their own, so that each has a group of its own.
    static readonly Subject[] People =
    [
        new Subject.User("ann"), new Subject.User("bob"), new Subject.ServiceAccount("ci", "carl"), new Subject.ServiceAccount("web", "dora"), new Subject.ServiceAccount("ops", "emil"),
        new Subject.ServiceAccount("sys", "boss"),
    ];

    static readonly int Boss = People.Length - 1;

    /// <summary>One grant: who, to whom, and whether to log in as that one or only to impersonate.</summary>
    sealed record Way(int From, int To, bool IsToken, bool ByGroup)
    {
        bool IsForGroup => ByGroup && People[From] is Subject.ServiceAccount;

        public bool Holds => !IsToken || People[To] is Subject.ServiceAccount;

        public Role Role(int number)
        {
            var (scope, name, resource) = People[To] is Subject.ServiceAccount account ? (new Scope(account.Namespace), account.Name, IsToken ? "serviceaccounts/token" : "serviceaccounts") : (Scope.Cluster, People[To].Name, "users");
            return new(scope, $"way-{number}", RuleSet.Of(new PolicyRule { Verbs = Names.Of(IsToken ? "create" : "impersonate"), ApiGroups = Names.Of(""), Resources = Names.Of(resource), ResourceNames = Names.Of(name) }));
        }

        public Subject Subject => IsForGroup ? new Subject.Group(WellKnown.ServiceAccountsOf(((Subject.ServiceAccount)People[From]).Namespace)) : People[From];
    }

    static Gen<List<Way>> Ways =>
        from count in Gen.Choose(1, 9)
        from ways in Gen.ListOf(
            from start in Gen.Choose(0, Boss - 1)
            from end in Gen.Choose(0, Boss)
            from isToken in Gen.Elements(true, false, false)
            from byGroup in Gen.Elements(true, false, false)
            select new Way(start, end, isToken, byGroup),
            count)
        select ways.Where(way => way.Holds && way.From != way.To).ToList();

    static Snapshot Cluster(List<Way> ways)
    {
        var roles = ways.Select((way, number) => way.Role(number)).ToList();
        var everything = new Role(Scope.Cluster, "everything", RuleSet.Of(new PolicyRule { Verbs = Names.Of("*"), ApiGroups = Names.Of("*"), Resources = Names.Of("*") }));
        return new()
        {
            Cluster = new("generated", "v1.34.2", "dump"),
            CollectedAt = DateTimeOffset.UnixEpoch,
            Roles = [.. roles, everything],
            Bindings =
            [
                .. ways.Select((way, number) => new Binding(roles[number].Scope, $"way-{number}", [way.Subject], new(roles[number].Kind, roles[number].Name))),
                new(Scope.Cluster, "everything", [People[Boss]], new("ClusterRole", "everything")),
            ],
            Accounts = [.. People.OfType<Subject.ServiceAccount>().Select(account => new Account(account.Namespace, account.Name, null))],
        };
    }

    /// <summary>The number of steps to cluster-admin, by going through all states; null for no way.</summary>
    static int? Steps(IReadOnlyCollection<Way> ways, int start)
    {
        var known = new Dictionary<(int Who, bool IsHeld), int> { [(start, true)] = 0 };
        var next = new Queue<(int Who, bool IsHeld)>(known.Keys);
        while (next.TryDequeue(out var at))
        {
            if (at.Who == Boss)
                return known[at] + 1;
            foreach (var way in ways.Where(way => way.From == at.Who && (way.IsToken || at.IsHeld)))
                if (known.TryAdd((way.To, way.IsToken), known[at] + 1))
                    next.Enqueue((way.To, way.IsToken));
        }

        return null;
    }

    [Fact]
    public async Task A_way_is_found_if_there_is_one_and_none_is_shorter()
    {
        ImmutableArray<Policy> policies = [.. PolicyFiles.BuiltIn];
        var stock = await Shipped.StockAsync(Cluster([]), default);
        Property.Holds(output, Ways, ways =>
        {
            var snapshot = Cluster(ways);
            var search = PathSearch.Of(snapshot, policies, stock, People);
            var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
            var power = search.Power(snapshot);
            return Enumerable.Range(0, Boss).All(start =>
            {
                var (steps, paths) = (Steps(ways, start), search.From(People[start], Goal.ClusterAdmin));
                return paths.Select(path => (int?)path.Steps.Length).DefaultIfEmpty(null).Min() == steps
                    && !paths.SelectMany(path => PathFinding.Faults(path, authorizer)).Any()
                    && power.Has(People[start]) == (steps is not null);
            });
        }, tests: 300);
    }

    [Fact]
    public async Task Without_a_binding_whoever_needs_it_is_cut_off_and_nobody_else()
    {
        ImmutableArray<Policy> policies = [.. PolicyFiles.BuiltIn];
        var stock = await Shipped.StockAsync(Cluster([]), default);
        Property.Holds(output, Ways, ways =>
        {
            var snapshot = Cluster(ways);
            var search = PathSearch.Of(snapshot, policies, stock, People);
            return ways.Index().All(way =>
            {
                var without = search.Without(snapshot.Bindings[way.Index]);
                List<Way> left = [.. ways.Where((_, number) => number != way.Index)];
                return Enumerable.Range(0, Boss).All(start => without.Leads(Target.Of(People[start]), Goal.ClusterAdmin, byAnyGrant: true) == (Steps(left, start) is not null));
            });
        }, tests: 100);
    }
}
