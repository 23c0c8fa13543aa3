using System.Collections.Concurrent;

namespace RbacLens.Tests.Inputs;

/// <summary>Real time in which short waits are over at once, and are noted. Deadlines, which are longer, run as usual.</summary>
sealed class ImpatientClock : TimeProvider
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(31);

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Lets the latest deadline be over, as if nothing had happened until then.</summary>
    public void PassDeadline() => deadline?.Invoke();

    Action? deadline;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > LongestWait)
        {
            deadline = () => callback(state);
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
