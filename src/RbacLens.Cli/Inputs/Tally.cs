using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>What was met in an input, whether it is kept or not.</summary>
sealed class Tally
{
    readonly HashSet<string> kinds = new(StringComparer.Ordinal);
    string? last;

    /// <summary>The kinds that were met.</summary>
    public IReadOnlyCollection<string> Kinds => kinds;

    /// <summary>Objects of any kind.</summary>
    public int Objects { get; private set; }

    /// <summary>Objects that an API server had stored: they carry a uid.</summary>
    public int Stored { get; private set; }

    public void Count(ObjectReader met)
    {
        Objects++;
        Stored += met.IsStored ? 1 : 0;
        // Lists come sorted by kind.
        if (met.Kind != last)
            kinds.Add(last = met.Kind);
    }

    public void Add(Tally other)
    {
        Objects += other.Objects;
        Stored += other.Stored;
        kinds.UnionWith(other.kinds);
    }
}

/// <summary>Where an object stands, for messages.</summary>
/// <param name="Origin">The file or request.</param>
/// <param name="Item">The index among the items of a list; null for an object by itself.</param>
/// <param name="Source">Where in a manifest; null for what is in none.</param>
readonly record struct Place(string Origin, int? Item, SourceLine? Source = null)
{
    public override string ToString() => Item is { } index ? $"{Origin}: items[{index}]" : Origin;
}
