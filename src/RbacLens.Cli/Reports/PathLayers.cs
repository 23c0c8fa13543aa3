using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Which place of a picture is in which column, and in which order: each as far from the goals as the longest way there, and near to what it
/// leads to, so that arrows cross little. An arrow that skips columns gets a slot of its own in each, so that it passes no box.
/// </summary>
static class PathLayers
{
    /// <summary>A place, or the way of an arrow past a column.</summary>
    public sealed class Slot
    {
        /// <summary>Null for the way of an arrow.</summary>
        public Target? Place { get; init; }

        /// <summary>All that start here, where they are several.</summary>
        public ImmutableArray<Target> Members { get; init; } = [];

        /// <summary>Whether it is only impersonated there, which leads less far.</summary>
        public bool IsBorrowed { get; init; }

        public bool IsStart { get; set; }

        public bool IsGoal { get; set; }

        public List<Exit> Exits { get; } = [];

        internal int Layer { get; set; } = -1;

        internal List<Slot> Next { get; } = [];
    }

    /// <summary>A step that leads on.</summary>
    public sealed record Exit(string Policy, Slot To)
    {
        /// <summary>The slots it goes by.</summary>
        public List<Slot> By { get; } = [];
    }

    /// <summary>The columns from left to right.</summary>
    public static List<List<Slot>> Of(IReadOnlyList<PathBundle> bundles)
    {
        var slots = Slots(bundles);
        foreach (var slot in slots)
            Measure(slot);
        var all = slots.Concat(slots.SelectMany(slot => slot.Exits.SelectMany(exit => Bypasses(slot, exit)).ToList()).ToList()).ToList();
        var rows = new Dictionary<Slot, double>();
        var columns = new List<List<Slot>>();
        foreach (var layer in all.GroupBy(slot => slot.Layer).OrderBy(layer => layer.Key))
        {
            var column = layer.OrderBy(slot => slot.Next.Select(next => rows.GetValueOrDefault(next)).DefaultIfEmpty(0).Average()).ThenBy(slot => slot.Place).ToList();
            foreach (var (row, slot) in column.Index())
                rows[slot] = (row + 0.5) / column.Count;
            columns.Insert(0, column);
        }

        return columns;
    }

    static List<Slot> Slots(IReadOnlyList<PathBundle> bundles)
    {
        var places = new OrderedDictionary<(Target, bool IsBorrowed, int Bundle), Slot>();
        foreach (var (number, bundle) in bundles.Index())
        {
            var at = At(bundle.Path.From, false, bundle.Starts.Length > 1 ? number + 1 : 0, bundle.Starts);
            at.IsStart = true;
            foreach (var step in bundle.Path.Steps)
            {
                if (step.Becomes == at.Place && step.IsBorrowed == at.IsBorrowed)
                    continue;
                var next = At(step.Becomes, step.IsBorrowed, 0, []);
                if (!at.Exits.Exists(exit => exit.Policy == step.Policy && exit.To == next))
                    at.Exits.Add(new(step.Policy, next));
                // An arrow back would make columns without end; it is drawn, but counts for no order.
                if (!at.Next.Contains(next) && !Leads(next, at))
                    at.Next.Add(next);
                at = next;
            }

            at.IsGoal = true;
        }

        return [.. places.Values];

        Slot At(Target target, bool isBorrowed, int bundle, ImmutableArray<Target> members)
        {
            if (!places.TryGetValue((target, isBorrowed, bundle), out var slot))
                places.Add((target, isBorrowed, bundle), slot = new() { Place = target, IsBorrowed = isBorrowed, Members = members });
            return slot;
        }
    }

    static bool Leads(Slot from, Slot to) => Leads(from, to, []);

    static bool Leads(Slot from, Slot to, HashSet<Slot> seen) => from == to || (seen.Add(from) && from.Next.Exists(next => Leads(next, to, seen)));

    // The longest way to a place that leads nowhere.
    static int Measure(Slot slot)
    {
        if (slot.Layer < 0)
            slot.Layer = slot.Next.Count == 0 ? 0 : 1 + slot.Next.Max(Measure);
        return slot.Layer;
    }

    static List<Slot> Bypasses(Slot from, Exit exit)
    {
        var at = from;
        for (var layer = from.Layer - 1; layer > exit.To.Layer; layer--)
        {
            var by = new Slot { Layer = layer };
            exit.By.Add(by);
            at.Next.Remove(exit.To);
            at.Next.Add(by);
            at = by;
        }

        if (at != from)
            at.Next.Add(exit.To);
        return exit.By;
    }
}
