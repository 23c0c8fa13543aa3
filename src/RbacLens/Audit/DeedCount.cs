using System.Collections.Immutable;

namespace RbacLens.Audit;

/// <summary>How often a deed was done, and when. Not thread-safe: readers that work side by side keep one each, and put them together.</summary>
public sealed class DeedCount(Deed deed, Interest interest)
{
    long first = long.MaxValue;
    long last = long.MinValue;
    long earlier;
    long lastEarlier = long.MinValue;
    long firstSince = long.MaxValue;
    readonly Evidence? evidence = interest.HasFlag(Interest.Evidence) ? new() : null;
    readonly RequestTimes? times = interest.HasFlag(Interest.Times) ? new() : null;

    /// <summary>The deed.</summary>
    public Deed Deed { get; } = deed;

    /// <summary>What else is worth keeping about each request of it.</summary>
    public Interest Interest { get; } = interest;

    /// <summary>Whether a body makes another deed of it.</summary>
    public bool WantsBody { get; } = interest.HasFlag(Interest.Body);

    /// <summary>Distinct requests.</summary>
    public long Requests { get; private set; }

    /// <summary>When the first was received; null where no time is known.</summary>
    public DateTimeOffset? First => first is > 0 and < long.MaxValue ? new(first, TimeSpan.Zero) : null;

    /// <summary>When the last was received; null where no time is known.</summary>
    public DateTimeOffset? Last => last > 0 ? new(last, TimeSpan.Zero) : null;

    /// <summary>Count, first and last.</summary>
    public UseCount Use => new(Requests, First, Last);

    /// <summary>The requests before the time that <see cref="Interest.Since"/> names.</summary>
    public UseCount Earlier => new(earlier, earlier == 0 ? null : First, earlier == 0 ? null : new(lastEarlier, TimeSpan.Zero));

    /// <summary>The requests from that time on, and those whose time is not known.</summary>
    public UseCount Since => earlier == 0 ? Use
        : new(Requests - earlier, firstSince == long.MaxValue ? null : new(firstSince, TimeSpan.Zero), firstSince == long.MaxValue ? null : Last);

    /// <summary>Where the requests came from; null where nobody will ask.</summary>
    public Evidence? Evidence => evidence;

    /// <summary>When they came; null where nobody will ask.</summary>
    public RequestTimes? Times => times;

    /// <summary>Counts one request.</summary>
    /// <param name="ticks">When it was received, in .NET ticks (UTC); 0 where that is not known.</param>
    public void Count(long ticks)
    {
        Requests++;
        if (ticks <= 0)
            return;
        first = Math.Min(first, ticks);
        last = Math.Max(last, ticks);
        times?.Add(ticks, 1);
        if (Interest.Since > 0)
            CountApart(ticks);
    }

    void CountApart(long ticks)
    {
        if (ticks < Interest.Since)
            (earlier, lastEarlier) = (earlier + 1, Math.Max(lastEarlier, ticks));
        else
            firstSince = Math.Min(firstSince, ticks);
    }

    /// <summary>Adds what another reader counted of the same deed.</summary>
    public void Add(DeedCount other)
    {
        Requests += other.Requests;
        first = Math.Min(first, other.first);
        last = Math.Max(last, other.last);
        earlier += other.earlier;
        lastEarlier = Math.Max(lastEarlier, other.lastEarlier);
        firstSince = Math.Min(firstSince, other.firstSince);
        if (other.evidence is not null)
            evidence?.Add(other.evidence);
        if (other.times is not null)
            times?.Add(other.times);
    }
}

/// <summary>What is worth keeping about each request of a deed.</summary>
public readonly record struct Interest
{
    readonly int kept;

    Interest(int kept) => this.kept = kept;

    /// <summary>Only that it was done.</summary>
    public static Interest None => default;

    /// <summary>Where it came from.</summary>
    public static Interest Evidence { get; } = new(1);

    /// <summary>When it came, for bursts.</summary>
    public static Interest Times { get; } = new(2);

    /// <summary>What its body says.</summary>
    public static Interest Body { get; } = new(4);

    /// <summary>Requests before this time, in .NET ticks (UTC), are counted apart as well; 0 for none.</summary>
    public long Since { get; init; }

    /// <summary>Both together.</summary>
    public Interest And(Interest other) => new(kept | other.kept) { Since = Math.Max(Since, other.Since) };

    /// <summary>Whether another is a part of this one.</summary>
    public bool HasFlag(Interest other) => (kept & other.kept) == other.kept;
}

/// <summary>Where requests came from: a few examples, the same ones in whatever order the requests are met.</summary>
public sealed class Evidence
{
    const int Most = 8;

    readonly SortedSet<string> sources = new(StringComparer.Ordinal);
    readonly SortedSet<string> agents = new(StringComparer.Ordinal);
    readonly SortedSet<(long Ticks, string Id)> requests = [];

    /// <summary>The addresses the API server saw itself; what clients claim in headers is left out.</summary>
    public IEnumerable<string> Sources => sources;

    /// <summary>What the clients called themselves; anyone can call himself anything.</summary>
    public IEnumerable<string> Agents => agents;

    /// <summary>The audit ids of the first of the requests.</summary>
    public IEnumerable<string> Ids => requests.Select(request => request.Id);

    /// <summary>Whether the id of a request of this time would be kept.</summary>
    public bool Wants(long ticks) => requests.Count < Most || ticks <= requests.Max.Ticks;

    /// <summary>Notes a request; an empty text is not noted.</summary>
    public void Add(long ticks, string id, string source, string agent)
    {
        Keep(sources, source);
        Keep(agents, agent);
        if (id.Length > 0)
            Keep(requests, (ticks, id));
    }

    /// <summary>Adds what another reader noted.</summary>
    public void Add(Evidence other)
    {
        foreach (var source in other.sources)
            Keep(sources, source);
        foreach (var agent in other.agents)
            Keep(agents, agent);
        foreach (var request in other.requests)
            Keep(requests, request);
    }

    // The smallest stay, so that the order of the input never shows.
    static void Keep<T>(SortedSet<T> kept, T value)
    {
        if (value is string { Length: 0 })
            return;
        if (kept.Add(value) && kept.Count > Most)
            kept.Remove(kept.Max!);
    }
}

/// <summary>
/// When requests came, in steps of ten seconds, for the most requests within a window. Bounded: of a span longer than <see cref="MostSteps"/>
/// steps with requests, the quietest steps are forgotten.
/// </summary>
public sealed class RequestTimes
{
    /// <summary>One step, in ticks.</summary>
    public const long Step = 10 * TimeSpan.TicksPerSecond;

    /// <summary>Steps that are remembered.</summary>
    public const int MostSteps = 8192;

    readonly Dictionary<long, long> counts = [];

    /// <summary>Counts requests.</summary>
    /// <param name="ticks">When, in .NET ticks.</param>
    /// <param name="requests">How many.</param>
    public void Add(long ticks, long requests) => AddStep(ticks / Step, requests);

    /// <summary>Adds what another reader counted.</summary>
    public void Add(RequestTimes other)
    {
        foreach (var (step, requests) in other.counts)
            AddStep(step, requests);
    }

    void AddStep(long step, long requests)
    {
        counts[step] = counts.GetValueOrDefault(step) + requests;
        if (counts.Count > 2 * MostSteps)
            foreach (var quiet in counts.OrderBy(count => count.Value).ThenBy(count => count.Key).Take(MostSteps).ToList())
                counts.Remove(quiet.Key);
    }

    /// <summary>The most requests within a window, to a step's exactness.</summary>
    public long MostWithin(TimeSpan window)
    {
        var steps = Math.Max(1, window.Ticks / Step);
        var ordered = counts.OrderBy(count => count.Key).ToImmutableArray();
        var (most, sum, start) = (0L, 0L, 0);
        foreach (var (step, requests) in ordered)
        {
            sum += requests;
            while (ordered[start].Key <= step - steps)
                sum -= ordered[start++].Value;
            most = Math.Max(most, sum);
        }

        return most;
    }
}
