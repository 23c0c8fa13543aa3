using System.Collections.Concurrent;

namespace RbacLens.Tests.Inputs;

/// <summary>Real time in which short waits are over at once, and are noted. Deadlines, which are longer, run as usual.</summary>
sealed class ImpatientClock : TimeProvider
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(31);

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > LongestWait)
            return base.CreateTimer(callback, state, dueTime, period);
        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
