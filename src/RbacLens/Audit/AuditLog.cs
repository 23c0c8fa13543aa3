using System.Collections.Immutable;

namespace RbacLens.Audit;

/// <summary>What was read of an audit log, reduced to its deeds.</summary>
public sealed record AuditLog
{
    /// <summary>Every deed once, in no order.</summary>
    public required ImmutableArray<DeedCount> Deeds { get; init; }

    /// <summary>What was met while reading.</summary>
    public required ReadingNotes Notes { get; init; }

    /// <summary>Distinct requests, refused ones and those that were not kept apart included.</summary>
    public long Requests => Deeds.Sum(count => count.Requests) + Notes.NotKeptApart;

    /// <summary>When the first request was received; of a log without any within the time asked for, when the events outside it begin.</summary>
    public DateTimeOffset? From => Deeds.Min(count => count.First) ?? Notes.OutsideFrom;

    /// <summary>When the last request was received; of a log without any within the time asked for, when the events outside it end.</summary>
    public DateTimeOffset? To => Deeds.Max(count => count.Last) ?? Notes.OutsideTo;

    /// <summary>Whether nothing of the log is within the time asked for, so that its silence proves nothing.</summary>
    public bool IsOutsideOfWindow => Requests == 0 && Notes.OutOfWindow > 0;
}

/// <summary>What was met while reading a log. Nothing of it is fatal; all of it is told.</summary>
public sealed record ReadingNotes
{
    /// <summary>Lines, or entries of a list.</summary>
    public long Entries { get; init; }

    /// <summary>Those that are not valid JSON.</summary>
    public long Broken { get; init; }

    /// <summary>Where the first of them is, and what is wrong with it; null where there is none.</summary>
    public string? FirstBroken { get; init; }

    /// <summary>Valid JSON, but no audit event.</summary>
    public long Foreign { get; init; }

    /// <summary>Further stages of a request that was counted, and lines that were there twice.</summary>
    public long Repeated { get; init; }

    /// <summary>Requests of which the log holds only the beginning.</summary>
    public long Unanswered { get; init; }

    /// <summary>Requests outside the time that was asked for.</summary>
    public long OutOfWindow { get; init; }

    /// <summary>When the first of those was received; null where there is none.</summary>
    public DateTimeOffset? OutsideFrom { get; init; }

    /// <summary>When the last of those was received; null where there is none.</summary>
    public DateTimeOffset? OutsideTo { get; init; }

    /// <summary>Events without a time that can be read, or with an impossible one; they count whatever time is asked for.</summary>
    public long Untimed { get; init; }

    /// <summary>Files that end in the middle of a line; normal for a log that is being written.</summary>
    public long Unfinished { get; init; }

    /// <summary>Files whose compressed data is broken, ends in the middle, or is followed by something else; what stands before was read.</summary>
    public ImmutableArray<string> CutOff { get; init; } = [];

    /// <summary>Files of a directory that were not read, since they do not begin like a log.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>Folders in a directory, which were not read.</summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>Requests that were counted but not kept apart, because there were too many different ones.</summary>
    public long NotKeptApart { get; init; }

    /// <summary>Whether entries are missing, because more of them than are given at once have the very same time.</summary>
    public bool LostAtOneTime { get; init; }

    /// <summary>Whether the names of objects were left out for some requests, because there were too many different ones.</summary>
    public bool NamesLeftOut { get; init; }
}
