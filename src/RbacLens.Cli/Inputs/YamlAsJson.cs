using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RbacLens.Cli.Inputs;

/// <summary>One document's events, written as JSON.</summary>
sealed class YamlAsJson(List<ParsingEvent> events, string origin, int firstLine)
{
    // Ordinary documents repeat little; an alias bomb multiplies.
    const int MostRepeats = 1_000_000;

    readonly Dictionary<string, int> anchors = [];
    int repeated;
    int insideAliases;

    /// <summary>Writes the document's root.</summary>
    public void Write(Utf8JsonWriter writer) => Write(writer, 0);

    int Write(Utf8JsonWriter writer, int at)
    {
        if (insideAliases > 0 && ++repeated > MostRepeats)
            throw At(at, $"aliases repeat more than {MostRepeats} parts");
        if (events[at] is NodeEvent { Anchor.IsEmpty: false } anchored)
            anchors[anchored.Anchor.Value] = at;
        switch (events[at])
        {
            case AnchorAlias alias:
                return Follow(alias, at, target => Write(writer, target));
            case Scalar scalar:
                WriteScalar(writer, scalar);
                return at + 1;
            case SequenceStart:
                return WriteSequence(writer, at);
            case MappingStart:
                return WriteMapping(writer, at);
            default:
                throw At(at, "unexpected YAML");
        }
    }

    int Follow(AnchorAlias alias, int at, Action<int> use)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var target))
            throw At(at, $"alias *{alias.Value.Value} has no anchor");
        // An anchor that contains its own alias would never end.
        if (target < at && End(target) > at)
            throw At(at, $"alias *{alias.Value.Value} is inside its own anchor");
        insideAliases++;
        use(target);
        insideAliases--;
        return at + 1;
    }

    int WriteSequence(Utf8JsonWriter writer, int at)
    {
        writer.WriteStartArray();
        for (at++; events[at] is not SequenceEnd;)
            at = Write(writer, at);
        writer.WriteEndArray();
        return at + 1;
    }

    int WriteMapping(Utf8JsonWriter writer, int at)
    {
        var end = Entries(at, out var entries);
        writer.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            writer.WritePropertyName(key);
            Write(writer, value);
        }

        writer.WriteEndObject();
        return end;
    }

    /// <summary>The entries of a mapping; those of <c>&lt;&lt;</c> come after its own and never replace them.</summary>
    int Entries(int at, out List<KeyValuePair<string, int>> entries)
    {
        var own = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        var merged = new List<int>();
        for (at++; events[at] is not MappingEnd;)
        {
            if (events[at] is not Scalar key)
                throw At(at, "a key that is not text");
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                merged.Add(at + 1);
            else if (!own.TryAdd(key.Value, at + 1))
                throw At(at, $"key {key.Value} is there twice");
            NoteAnchors(at + 1);
            at = End(at + 1);
        }

        foreach (var source in merged)
            Merge(source, own);
        entries = [.. own];
        return at + 1;
    }

    // Values are written after all keys are known, but an alias in a later key may refer to an anchor in an earlier one.
    void NoteAnchors(int at)
    {
        for (var end = End(at); at < end; at++)
            if (events[at] is NodeEvent { Anchor.IsEmpty: false } anchored)
                anchors[anchored.Anchor.Value] = at;
    }

    void Merge(int source, OrderedDictionary<string, int> into)
    {
        switch (events[source])
        {
            case AnchorAlias alias:
                Follow(alias, source, target => Merge(target, into));
                break;
            case MappingStart:
                Entries(source, out var entries);
                foreach (var entry in entries)
                    into.TryAdd(entry.Key, entry.Value);
                break;
            case SequenceStart:
                for (var at = source + 1; events[at] is not SequenceEnd; at = End(at))
                    Merge(at, into);
                break;
            default:
                throw At(source, "<< expects a mapping");
        }
    }

    int End(int at)
    {
        var depth = 0;
        do
            depth += events[at++].NestingIncrease;
        while (depth > 0);
        return at;
    }

    static void WriteScalar(Utf8JsonWriter writer, Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str" || scalar.Tag == "!")
            writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE")
            writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE")
            writer.WriteBooleanValue(false);
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            writer.WriteNumberValue(real);
        else
            writer.WriteStringValue(text);
    }

    InputException At(int at, string what) => new($"{origin}: line {events[at].Start.Line + firstLine - 1}: {what}");
}
