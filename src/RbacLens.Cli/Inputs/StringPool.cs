using System.Text;

namespace RbacLens.Cli.Inputs;

/// <summary>One string object for equal texts: a dump repeats the same few thousand names millions of times.</summary>
sealed class StringPool
{
    // Longer texts are descriptions, which do not repeat.
    const int Longest = 100;

    readonly HashSet<string> texts = new(new Utf8Comparer());
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> lookup;

    /// <summary>A list to gather strings in, for one use at a time.</summary>
    public List<string> Scratch { get; } = [];

    public StringPool() => lookup = texts.GetAlternateLookup<ReadOnlySpan<byte>>();

    public string Share(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= Longest && lookup.TryGetValue(utf8, out var known))
            return known;
        var text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length <= Longest)
            texts.Add(text);
        return text;
    }

    public string Share(string text) => Share(Encoding.UTF8.GetBytes(text));

    sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);

        public bool Equals(ReadOnlySpan<byte> alternate, string other) =>
            Ascii.Equals(alternate, other) || (!Ascii.IsValid(alternate) && Encoding.UTF8.GetString(alternate) == other);

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode(string obj) => GetHashCode(Encoding.UTF8.GetBytes(obj));
    }
}
