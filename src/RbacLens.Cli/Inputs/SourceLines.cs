using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Where the objects of one file begin. Only manifests have such a place: what an API server had stored, and what <c>collect</c> wrote, is a
/// picture of a cluster, and is not counted, for lines of a large dump would cost time and mean nothing.
/// </summary>
sealed class SourceLines
{
    readonly bool isFile;
    string? origin;
    int document = 1;
    IReadOnlyList<int>? items;
    int line = 1;

    /// <summary>Begins at the start of an input.</summary>
    /// <param name="file">The file; null for standard input.</param>
    public SourceLines(string? file)
    {
        origin = file;
        isFile = IsCounting = file is not null;
    }

    /// <summary>Whether lines of JSON are being counted, so that all of it must pass by in order.</summary>
    public bool IsCounting { get; private set; }

    /// <summary>A YAML document: its lines are known from the parser.</summary>
    /// <param name="lines">Where it and its items begin.</param>
    /// <param name="text">The document; what a template engine noted in it stands for the file where there is none.</param>
    public void Begin(YamlLines lines, string text)
    {
        IsCounting = false;
        (document, items) = (lines.Document, lines.Items);
        if (!isFile)
            origin = NotedSource(text);
    }

    /// <summary>A JSON document begins behind these bytes.</summary>
    public void Begin(ReadOnlySpan<byte> ahead)
    {
        if (IsCounting)
            document = line + ahead[..Math.Max(0, ahead.IndexOfAny("{["u8))].Count((byte)'\n');
    }

    /// <summary>JSON that was taken.</summary>
    public void Pass(ReadOnlySpan<byte> json)
    {
        if (IsCounting)
            line += json.Count((byte)'\n');
    }

    /// <summary>The input turned out to be a picture of a cluster.</summary>
    public void Stop() => (IsCounting, origin) = (false, null);

    /// <summary>Where an object begins; null for what is in no manifest.</summary>
    /// <param name="item">Its index among the items of a list; null for one by itself.</param>
    /// <param name="isStored">Whether an API server had stored it.</param>
    /// <param name="json">From before it on, while lines are counted.</param>
    public SourceLine? At(int? item, bool isStored, ReadOnlySpan<byte> json)
    {
        if (isStored)
            IsCounting = false;
        if (isStored || origin is null)
            return null;
        if (!isFile)
            return new(origin, null);
        if (item is not { } index)
            return new(origin, document);
        return items is null
            ? new(origin, line + json[..Math.Max(0, json.IndexOf((byte)'{'))].Count((byte)'\n'))
            : new(origin, index < items.Count ? items[index] : document);
    }

    // helm template writes it above each document.
    static string? NotedSource(string text)
    {
        const string Mark = "# Source: ";
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        if (at < 0 || (at > 0 && text[at - 1] != '\n'))
            return null;
        var end = text.IndexOf('\n', at);
        return text[(at + Mark.Length)..(end < 0 ? text.Length : end)].Trim() is { Length: > 0 } path ? path : null;
    }
}
