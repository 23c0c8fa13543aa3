using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Sees to it that each request counts once, whatever stages of it a log holds, how often, and in what order. Thread-safe.
/// </summary>
/// <remarks>
/// A finished request is remembered as 64 bits in a hash set of two generations: when one is full, the older one is forgotten. So at least the
/// last <see cref="Remembered"/> requests are recognised, in at most 64 MB, however long the log is. Requests that have begun but not ended
/// (watches, exec sessions) wait apart, at most <see cref="MostWaiting"/> of them; past that the oldest count as they are.
/// </remarks>
sealed class RequestLedger
{
    /// <summary>Finished requests that are recognised when they come again.</summary>
    public const int Remembered = 1 << 20;

    /// <summary>Requests that may wait for their end.</summary>
    public const int MostWaiting = 1 << 17;

    const int Stripes = 16;

    const int MostNameless = 1 << 16;

    readonly Stripe[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];
    readonly Dictionary<(ulong Content, ulong Stage), long> nameless = [];
    long epoch;

    /// <summary>
    /// The number of an event that has neither id nor time, among those that are the same and of the same stage: never one that was given before to
    /// its like.
    /// </summary>
    /// <param name="content">The fingerprint of what the event says, its stage and its answer apart.</param>
    /// <param name="stage">Its stage.</param>
    public long Next(ulong content, ReadOnlySpan<byte> stage)
    {
        var key = (content, Fingerprint.Of(stage));
        lock (nameless)
        {
            // Stages that wait for their end are not found by it then, and count by themselves; none is lost.
            if (nameless.Count >= MostNameless)
            {
                nameless.Clear();
                epoch += 1L << 40;
            }

            nameless.TryGetValue(key, out var number);
            nameless[key] = number + 1;
            return epoch + number;
        }
    }

    /// <summary>Has memory fetch what <see cref="TryFinish"/> will ask for, while something else is done.</summary>
    public void Approach(ulong id) => stripes[id % Stripes].Approach(id);

    /// <summary>A request has ended: true where it has not been counted yet.</summary>
    public bool TryFinish(ulong id)
    {
        var stripe = stripes[id % Stripes];
        lock (stripe)
        {
            if (stripe.Waiting.Count > 0)
                stripe.Waiting.Remove(id);
            return stripe.TryAdd(id);
        }
    }

    /// <summary>A request has begun: false where more was known of it already.</summary>
    public bool TryHold(ulong id, Held held)
    {
        var stripe = stripes[id % Stripes];
        lock (stripe)
            return !stripe.Knows(id) && stripe.TryHold(id, held);
    }

    /// <summary>The requests whose end the log does not hold. To be asked when all has been read.</summary>
    public IEnumerable<Held> Unfinished => stripes.SelectMany(stripe => stripe.Waiting.Values.Concat(stripe.GivenUp));

    /// <summary>A request that has begun.</summary>
    /// <param name="Count">Where to count it if its end never comes.</param>
    /// <param name="Ticks">When it was received.</param>
    /// <param name="IsDecided">Whether the answer had begun, so that it was decided.</param>
    internal readonly record struct Held(DeedCount Count, long Ticks, bool IsDecided);

    sealed class Stripe
    {
        IdSet young = new();
        IdSet old = new();

        public Dictionary<ulong, Held> Waiting { get; } = [];

        public List<Held> GivenUp { get; } = [];

        public void Approach(ulong id) => young.Approach(id);

        public bool Knows(ulong id) => young.Contains(id) || old.Contains(id);

        public bool TryAdd(ulong id)
        {
            if (old.Contains(id) || !young.Add(id))
                return false;
            if (young.Count >= Remembered / Stripes)
                (old, young) = (young, new());
            return true;
        }

        public bool TryHold(ulong id, Held held)
        {
            if (Waiting.TryGetValue(id, out var known) && (known.IsDecided || !held.IsDecided))
                return false;
            Waiting[id] = held;
            if (Waiting.Count > MostWaiting / Stripes)
                GiveUp();
            return true;
        }

        // What was only received will most likely be answered further on; what was decided counts as it is, if there is room to note it.
        void GiveUp()
        {
            foreach (var (id, held) in Waiting.OrderBy(waiting => waiting.Value.Ticks).Take(Waiting.Count / 2).ToList())
            {
                Waiting.Remove(id);
                if (held.IsDecided && TryAdd(id) && GivenUp.Count < Remembered / Stripes)
                    GivenUp.Add(held);
            }
        }
    }
}
