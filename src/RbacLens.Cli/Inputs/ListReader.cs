using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads JSON from a stream straight into a snapshot: a <c>List</c>, a typed list (<c>ClusterRoleList</c>), an array, a single object, or
/// several of these one after the other. One object at a time is in memory.
/// </summary>
/// <param name="into">Where the objects go.</param>
/// <param name="origin">The file or request, for messages.</param>
/// <param name="defaultNamespace">For namespaced objects that name none.</param>
/// <param name="firstBuffer">Bytes to begin with; only tests want fewer.</param>
sealed class ListReader(SnapshotBuilder into, string origin, string defaultNamespace = "default", int firstBuffer = 1 << 16)
{
    readonly StringPool pool = new();
    readonly ObjectReader item = new();
    readonly ObjectReader document = new();
    readonly CollectionNoteReader note = new();
    readonly ItemsAhead ahead = new(defaultNamespace);
    readonly InputWindow window = new(firstBuffer);
    JsonReaderState state = NewState();
    Step step = Step.Document;
    string? itemKind;
    string listKind = "";
    bool hasItems;
    int index;
    string next = "";
    string resourceVersion = "";
    string? documentProblem;
    int documents;
    bool isExact;

    enum Step { Document, Property, Item }

    /// <summary>The file or request being read, for messages.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>Where objects begin in a file of manifests; null for what is none.</summary>
    public SourceLines? Sources { get; init; }

    /// <summary>What was met, kept or not.</summary>
    public Tally Met { get; } = new();

    /// <summary>Whether there was a list, perhaps an empty one.</summary>
    public bool HasList { get; private set; }

    /// <summary>What <c>collect</c> noted in the file, if it wrote it.</summary>
    public CollectionNote? Note => note.Result;

    /// <summary>Reads the stream to its end.</summary>
    /// <param name="stream">The JSON.</param>
    /// <param name="kind">The kind of items that do not say theirs; null to take it from the list's own kind.</param>
    /// <param name="cancellation">Stops between two buffers.</param>
    /// <returns>What the (last) list says about itself.</returns>
    /// <exception cref="InputException">The JSON is broken, cut off, too deep or not JSON at all.</exception>
    public async Task<ListPage> ReadAsync(Stream stream, string? kind, CancellationToken cancellation)
    {
        itemKind = kind;
        (state, step) = (NewState(), Step.Document);
        window.Begin();
        try
        {
            while (!window.IsLast)
            {
                if (!await window.FillAsync(stream, cancellation))
                    throw new InputException($"{Origin}: item {index} is larger than {InputWindow.Largest >> 20} MB; expected Kubernetes objects");
                await ParseAsync(stream, cancellation);
            }
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }

        if (step != Step.Document)
            throw new InputException($"{Origin}: the JSON ends in the middle, after {index} items; expected it to be complete");
        return new(next, resourceVersion);
    }

    static JsonReaderState NewState() => new(new() { MaxDepth = JsonCursor.Deepest, AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Disallow });

    /// <summary>Takes what the buffer holds; items of its later half at the same time as those of its first, where that can be.</summary>
    async Task ParseAsync(Stream stream, CancellationToken cancellation)
    {
        if (step != Step.Item || index == 0 || Sources?.IsCounting == true || ahead.Begin(window.Rest, window.IsLast, state, ItemKind) is not { } half)
        {
            Parse(until: int.MaxValue);
            return;
        }

        var (first, document) = (window.Start, documents);
        ItemsAhead.Read? read;
        try
        {
            Parse(until: first + half.From);
            await window.ReadOnAsync(stream, cancellation);
        }
        finally
        {
            read = await half.Reading;
        }

        if (read is not null && window.Start == first + half.From && step == Step.Item && documents == document && ItemKind == half.Kind)
            Adopt(read);
        Parse(until: int.MaxValue);
    }

    void Adopt(ItemsAhead.Read read)
    {
        into.Add(read.Objects);
        Met.Add(read.Tally);
        index += read.Tally.Objects;
        Pass(read.Length, read.State);
    }

    /// <summary>Takes as many whole steps as begin before a place and end in the buffer; what is left over stays for the next time.</summary>
    void Parse(int until)
    {
        while (window.Start < until)
        {
            var json = new JsonCursor(window.Rest.Span, window.IsLast, state, pool) { IsExact = isExact };
            if (!Take(ref json))
                return;
            Sources?.Pass(window.Rest.Span[..json.Consumed]);
            Pass(json.Consumed, json.Reader.CurrentState);
        }
    }

    void Pass(int length, JsonReaderState after)
    {
        window.Pass(length);
        state = after;
    }

    bool Take(ref JsonCursor json)
    {
        if (!json.Read())
            return false;
        return step switch
        {
            Step.Document => TakeDocument(ref json),
            Step.Property => TakeProperty(ref json),
            _ => TakeItem(ref json),
        };
    }

    bool TakeDocument(ref JsonCursor json)
    {
        (listKind, hasItems, index) = ("", false, 0);
        documents++;
        Sources?.Begin(window.Rest.Span);
        if (json.Token == JsonTokenType.StartObject)
        {
            document.Start(listedKind: null);
            step = Step.Property;
        }
        else if (json.Token == JsonTokenType.StartArray)
            (step, HasList) = (Step.Item, true);
        else
            throw new InputException($"{Origin}: found a JSON {json.Token.ToString().ToLowerInvariant()}, expected a Kubernetes object or list");
        return true;
    }

    bool TakeProperty(ref JsonCursor json)
    {
        if (json.Token == JsonTokenType.EndObject)
        {
            EndDocument(json.Problem);
            return true;
        }

        if (json.Is("items"u8))
        {
            if (!json.Read())
                return false;
            hasItems = HasList = true;
            if (json.Token == JsonTokenType.StartArray)
                step = Step.Item;
            else if (json.Token != JsonTokenType.Null)
                throw new InputException($"{Origin}: items is not a list; expected a Kubernetes List");
            return true;
        }

        return TakeOther(ref json);
    }

    bool TakeOther(ref JsonCursor json)
    {
        var before = json.Reader;
        if (json.Is("rbacLens"u8))
            note.Read(ref json);
        else
            document.ReadProperty(ref json);
        if (json.Starved)
            return false;
        if (note.Result is not null)
            Sources?.Stop();
        if (before.ValueTextEquals("kind"u8))
            listKind = document.Kind;
        else if (before.ValueTextEquals("metadata"u8))
            (next, resourceVersion) = (document.Continue, document.ResourceVersion);
        documentProblem ??= json.Problem;
        return true;
    }

    void EndDocument(string? problem)
    {
        problem ??= documentProblem;
        if (!hasItems)
            Keep(document, problem, item: null);
        documentProblem = null;
        step = Step.Document;
    }

    bool TakeItem(ref JsonCursor json)
    {
        if (json.Token == JsonTokenType.EndArray)
        {
            step = json.Reader.CurrentDepth == 0 ? Step.Document : Step.Property;
            return true;
        }

        if (!item.TakeWhole(ref json, ItemKind))
            return false;
        Keep(item, json.Problem, index);
        index++;
        return true;
    }

    string? ItemKind => itemKind ?? (listKind.EndsWith("List", StringComparison.Ordinal) && listKind != "List" ? listKind[..^4] : null);

    void Keep(ObjectReader what, string? problem, int? item)
    {
        Met.Count(what);
        var source = Sources?.At(item, what.IsStored, window.Rest.Span);
        what.AddTo(into, problem, new(Origin, item, source), defaultNamespace);
    }

    InputException Broken(JsonException e)
    {
        var beginning = documents > 0 ? "" : System.Text.Encoding.UTF8.GetString(window.Rest.Span[..Math.Min(window.Rest.Length, 200)]).TrimStart();
        if (beginning.StartsWith('<'))
            return new($"{Origin}: found HTML or XML (a login page?), expected JSON", e);
        e = Exactly(e);
        // What the reader would say of something broken right here tells where it thinks it is.
        var here = Caught(() => new Utf8JsonReader("\0"u8, isFinalBlock: true, state).Read()) ?? e;
        var isSameLine = e.LineNumber == here.LineNumber;
        var line = window.Place.Line + e.LineNumber - here.LineNumber + 1;
        var column = e.BytePositionInLine + (isSameLine ? window.Place.Column - here.BytePositionInLine : 0) + 1;
        var what = e.Message.Split(" LineNumber:", 2)[0];
        return new($"{Origin}: line {line}, byte {column}: not valid JSON: {what}", e);
    }

    /// <summary>What is wrong behind the last whole step, when nothing is passed over unread.</summary>
    JsonException Exactly(JsonException otherwise)
    {
        isExact = true;
        return Caught(() => Parse(until: int.MaxValue)) ?? otherwise;
    }

    static JsonException? Caught(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (JsonException e)
        {
            return e;
        }
    }
}

/// <summary>What a list says about itself.</summary>
/// <param name="Continue">The token that asks for the next page; empty on the last.</param>
/// <param name="ResourceVersion">The version of the list; every list of an API server has one.</param>
sealed record ListPage(string Continue, string ResourceVersion);
