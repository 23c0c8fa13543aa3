using System.Diagnostics.CodeAnalysis;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// The deeds of a log by the bytes that make them different. Bounded: when there are too many, objects' names are no longer kept apart, then
/// the bindings that allowed them, and in the end requests are only counted. Not thread-safe.
/// </summary>
sealed class DeedTable
{
    /// <summary>Deeds that are kept with all their detail.</summary>
    public const int Most = 1 << 17;

    readonly Dictionary<byte[], DeedCount> counts = new(new Bytes());
    readonly Dictionary<byte[], DeedCount>.AlternateLookup<ReadOnlySpan<byte>> bySpan;

    public DeedTable() => bySpan = counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>All of them.</summary>
    public IEnumerable<KeyValuePair<byte[], DeedCount>> Counts => counts;

    /// <summary>How much detail there is room for.</summary>
    public Detailing Room => counts.Count switch
    {
        < Most => Detailing.Full,
        < Most * 5 / 4 => Detailing.WithoutNames,
        < Most * 3 / 2 => Detailing.WithoutBindings,
        _ => Detailing.None,
    };

    /// <summary>How much of a deed is kept.</summary>
    public enum Detailing { Full, WithoutNames, WithoutBindings, None }

    public bool TryFind(ReadOnlySpan<byte> key, [NotNullWhen(true)] out DeedCount? count) => bySpan.TryGetValue(key, out count);

    public void Add(ReadOnlySpan<byte> key, DeedCount count) => counts.Add(key.ToArray(), count);

    /// <summary>Takes over what another table counted.</summary>
    public void Add(DeedTable other)
    {
        foreach (var (key, count) in other.counts)
            if (counts.TryGetValue(key, out var known))
                known.Add(count);
            else
                counts.Add(key, count);
    }

    sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => (int)Fingerprint.Of(obj);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Fingerprint.Of(alternate);
    }
}
