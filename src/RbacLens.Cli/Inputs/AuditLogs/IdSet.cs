namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>A set of numbers that are spread evenly already, as fingerprints are: one array, no buckets, so that a look-up is one step in memory.</summary>
sealed class IdSet
{
    // Zero stands for an empty place, and is kept apart.
    ulong[] places = new ulong[1 << 13];
    bool hasZero;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public bool Contains(ulong id) => id == 0 ? hasZero : Count > 0 && places[PlaceOf(id)] == id;

    /// <summary>Reads the place of a number, so that it is near when it is asked for. Another thread may be adding; nothing depends on what is read.</summary>
    public void Approach(ulong id)
    {
        var now = places;
        _ = Volatile.Read(ref now[(int)(id >> 32) & (now.Length - 1)]);
    }

    /// <summary>Adds a number; false where it was there.</summary>
    public bool Add(ulong id)
    {
        if (id == 0)
            return !hasZero && (hasZero = true);
        ref var place = ref places[PlaceOf(id)];
        if (place == id)
            return false;
        place = id;
        if (++Count > places.Length / 2)
            Grow();
        return true;
    }

    int PlaceOf(ulong id)
    {
        var mask = places.Length - 1;
        var at = (int)(id >> 32) & mask;
        while (places[at] != 0 && places[at] != id)
            at = (at + 1) & mask;
        return at;
    }

    void Grow()
    {
        var old = places;
        places = new ulong[old.Length * 4];
        foreach (var id in old)
            if (id != 0)
                places[PlaceOf(id)] = id;
    }
}
