using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What stands in a box of a picture and where: a kind, a name in a few lines, and at the right the policies its arrows leave from.</summary>
sealed class BoxText
{
    const int MostNameLines = 3, MostPolicyLines = 2, MostListed = 40;

    static readonly SearchValues<char> Dividers = SearchValues.Create("/:-._@ …");

    readonly PathLayers.Slot slot;
    readonly PictureMeasure measure;
    readonly double width;
    readonly List<(string Text, bool IsSmall, bool IsRight)> written = [];
    readonly Dictionary<string, double> exits = new(StringComparer.Ordinal);
    double x, y;

    public BoxText(PathLayers.Slot slot, double width, PictureMeasure measure)
    {
        (this.slot, this.width, this.measure) = (slot, width, measure);
        if (slot.Place is not { } place)
        {
            Height = measure.SmallLine;
            return;
        }

        var room = width - (2 * measure.Padding);
        written.Add((Wrapped(Kind(place, slot.Members.Length) + Borrowed, room, 1, isSmall: true)[0], true, false));
        written.AddRange(Wrapped(Name(place), room, MostNameLines, isSmall: false).Select(line => (line, false, false)));
        if (slot.Members.Length > 1)
            written.Add(($"and {slot.Members.Length - 1} more", true, false));
        foreach (var policy in slot.Exits.Select(exit => exit.Policy).Distinct())
        {
            var text = Wrapped(SafeText.Of(policy), room, MostPolicyLines, isSmall: true);
            written.AddRange(text.Select(line => (line, true, true)));
            exits[policy] = Bottom() - (measure.SmallLine / 2);
        }

        Height = Bottom() + measure.Padding;
    }

    public double Height { get; }

    /// <summary>Says where the box is.</summary>
    public void Place(double left, double top) => (x, y) = (left, top);

    /// <summary>Where arrows come in.</summary>
    public (double X, double Y) Entering => (x, y + (Height / 2));

    /// <summary>Where the arrow of a policy goes out.</summary>
    public (double X, double Y) Leaving(string policy) => (x + width, y + exits.GetValueOrDefault(policy, Height / 2));

    public PathPicture.Box Box => new(x, y, width, Height, [.. Labels()], Whole(), slot.IsStart, slot.IsGoal);

    double Bottom() => (measure.Padding / 2) + written.Sum(line => line.IsSmall ? measure.SmallLine : measure.NameLine);

    IEnumerable<PathPicture.Label> Labels()
    {
        var top = y + (measure.Padding / 2);
        foreach (var (text, isSmall, isRight) in written)
        {
            top += isSmall ? measure.SmallLine : measure.NameLine;
            // A quarter of a line is below the line that letters stand on.
            yield return new(isRight ? x + width - measure.Padding : x + measure.Padding, top - ((isSmall ? measure.SmallLine : measure.NameLine) * 0.25), text, isSmall, isRight);
        }
    }

    string Whole() => slot.Members.Length <= 1
        ? SafeText.Of(PathWords.Of(slot.Place!)) + Borrowed
        : string.Join('\n', slot.Members.Take(MostListed).Select(member => SafeText.Of(PathWords.Of(member)))) + (slot.Members.Length > MostListed ? $"\nand {slot.Members.Length - MostListed} more" : "");

    // Two boxes of one name: who is impersonated leads less far.
    string Borrowed => slot.IsBorrowed ? " (impersonated)" : "";

    static string Kind(Target place, int members) => SafeText.Of(place.Kind == "Goal" ? "Goal" : members > 1 ? $"{members} {place.Kind}s" : place.Kind);

    static string Name(Target place) => SafeText.Of(
        place.Kind == "Goal" || place is { Kind: "Node", Name: "" or "*" } ? PathWords.Of(place) : place.Namespace.Length == 0 ? place.Name : $"{place.Namespace}/{place.Name}");

    // The middle goes first where a name is too long, for names differ at their ends.
    List<string> Wrapped(string text, double room, int most, bool isSmall)
    {
        var runes = text.EnumerateRunes().ToList();
        var lines = Lines(runes, room, isSmall);
        for (var kept = Math.Min(runes.Count - 1, 8 + (int)(most * room / measure.Width("n", isSmall))); lines.Count > most && kept > 2; kept--)
            lines = Lines([.. runes.Take(kept / 2), new Rune('…'), .. runes.Skip(runes.Count - (kept - (kept / 2)))], room, isSmall);
        return lines;
    }

    static string WordEnd(List<Rune> runes, int at) => string.Concat(runes.Skip(at).TakeWhile(rune => !rune.IsBmp || !Dividers.Contains((char)rune.Value)));

    // After what divides names where that leaves a good part of the line filled or keeps a word whole, else anywhere.
    List<string> Lines(List<Rune> runes, double room, bool isSmall)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var (at, rune) in runes.Index())
        {
            if (line.Length > 0 && measure.Width($"{line}{rune}", isSmall) > room)
            {
                var text = line.ToString();
                var mark = text.AsSpan().LastIndexOfAny(Dividers);
                var end = mark >= 0 && (mark > text.Length / 3 || measure.Width(text[(mark + 1)..] + WordEnd(runes, at), isSmall) <= room) ? mark + 1 : text.Length;
                lines.Add(text[..end].TrimEnd());
                line.Clear().Append(text.AsSpan(end));
            }

            line.Append(rune.ToString());
        }

        lines.Add(line.ToString());
        return lines;
    }
}
