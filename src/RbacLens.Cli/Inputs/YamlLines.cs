using YamlDotNet.Core.Events;

namespace RbacLens.Cli.Inputs;

/// <summary>Where a YAML document and its items begin.</summary>
/// <param name="Document">The line of its first key, in the file, from 1.</param>
/// <param name="Items">The lines of the elements of <c>items</c>, or of the document itself where it is a sequence.</param>
sealed record YamlLines(int Document, IReadOnlyList<int> Items)
{
    /// <summary>The lines of a document's events.</summary>
    /// <param name="events">The events of its root.</param>
    /// <param name="firstLine">The line of the file that the document starts on.</param>
    public static YamlLines Of(IReadOnlyList<ParsingEvent> events, int firstLine)
    {
        var items = new List<int>();
        for (var at = FirstItem(events); at > 0 && at < events.Count && events[at] is not SequenceEnd; at = End(events, at))
            items.Add(LineOf(events[at], firstLine));
        return new(LineOf(events[0], firstLine), items);
    }

    static int LineOf(ParsingEvent parsed, int firstLine) => (int)parsed.Start.Line + firstLine - 1;

    /// <summary>The index of the first element; 0 where there are no items.</summary>
    static int FirstItem(IReadOnlyList<ParsingEvent> events)
    {
        if (events[0] is SequenceStart)
            return 1;
        if (events[0] is not MappingStart)
            return 0;
        for (var at = 1; at < events.Count && events[at] is not MappingEnd; at = End(events, at + 1))
            if (events[at] is Scalar { Value: "items" } && events[at + 1] is SequenceStart)
                return at + 2;
        return 0;
    }

    static int End(IReadOnlyList<ParsingEvent> events, int at)
    {
        var depth = 0;
        do
            depth += events[at++].NestingIncrease;
        while (depth > 0);
        return at;
    }
}
