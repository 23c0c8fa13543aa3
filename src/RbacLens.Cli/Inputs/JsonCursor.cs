using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Walks JSON that may end in the middle: when the bytes run out, <see cref="Starved"/> is set, every loop ends by itself, and the caller
/// drops what was read and tries again with more bytes. That keeps one pass over the input, without an exception per buffer.
/// </summary>
/// <param name="bytes">What is left of the input.</param>
/// <param name="isLast">Whether it ends with them.</param>
/// <param name="state">The JSON reader's before them.</param>
/// <param name="pool">Equal strings are one.</param>
ref struct JsonCursor(ReadOnlySpan<byte> bytes, bool isLast, JsonReaderState state, StringPool pool)
{
    // Constructing a reader costs more than it walks over in something as short as this.
    const int WorthJumping = 64;

    /// <summary>How deep JSON may be.</summary>
    public const int Deepest = 500;

    readonly ReadOnlySpan<byte> bytes = bytes;
    readonly bool isLast = isLast;
    int jumped;

    public Utf8JsonReader Reader = new(bytes, isLast, state);

    public bool Starved { get; private set; }

    /// <summary>Whether to look at every byte, even of what nobody needs.</summary>
    public bool IsExact { get; init; }

    /// <summary>What was found where something else was expected; the first one counts.</summary>
    public string? Problem { get; private set; }

    public readonly JsonTokenType Token => Reader.TokenType;

    public bool Read()
    {
        if (!Starved && !Reader.Read())
            Starved = true;
        return !Starved;
    }

    /// <summary>How many bytes whole values took so far.</summary>
    public readonly int Consumed => jumped + (int)Reader.BytesConsumed;

    /// <summary>Moves past the value at hand without looking at it.</summary>
    public void Skip()
    {
        if (!Starved && !Jump() && !Reader.TrySkip())
            Starved = true;
    }

    /// <summary>Moves past the object or array at hand if a text does not occur in it, and is not written some other way; says whether it did.</summary>
    public bool SkipWithout(ReadOnlySpan<byte> text) => !Starved && Jump(text);

    /// <summary>To the end of the object or array at hand, if it is long: the reader goes on at its closing bracket.</summary>
    /// <param name="unless">Stays where it is if this, or a backslash, occurs on the way; empty for always.</param>
    bool Jump(ReadOnlySpan<byte> unless = default)
    {
        if (IsExact || Token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return false;
        var from = Consumed - 1;
        if (JsonBrackets.LengthOf(bytes[from..], Deepest - Reader.CurrentDepth) is not { } length || length < WorthJumping)
            return false;
        var value = bytes.Slice(from, length);
        if (!unless.IsEmpty && (value.IndexOf(unless) >= 0 || value.Contains((byte)'\\')))
            return false;
        jumped = from + length - 1;
        Reader = new(bytes[jumped..], isLast, Reader.CurrentState);
        return Reader.Read();
    }

    /// <summary>Enters the object at hand; false (and skipped) when it is something else. Null counts as nothing there.</summary>
    public bool EntersObject(string field) => Enters(JsonTokenType.StartObject, field, "an object");

    /// <summary>Enters the array at hand; false (and skipped) when it is something else. Null counts as nothing there.</summary>
    public bool EntersArray(string field) => Enters(JsonTokenType.StartArray, field, "a list");

    bool Enters(JsonTokenType wanted, string field, string words)
    {
        if (Starved || Token == wanted)
            return !Starved;
        if (Token != JsonTokenType.Null)
            Report(field, words);
        Skip();
        return false;
    }

    /// <summary>The next property of the object entered: moves to its name; false at the object's end.</summary>
    public bool NextProperty() => Read() && Token == JsonTokenType.PropertyName;

    /// <summary>The next element of the array entered: moves to it; false at the array's end.</summary>
    public bool NextElement() => Read() && Token != JsonTokenType.EndArray;

    // Inlined, a comparison with a constant is one of lengths and, rarely, of a few bytes; an object asks for dozens of names.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Is(ReadOnlySpan<byte> property) =>
        Reader.ValueSpan.SequenceEqual(property) || (Reader.ValueIsEscaped && Reader.ValueTextEquals(property));

    /// <summary>The string at hand, shared between equal ones; empty where there is none.</summary>
    public string String(string field)
    {
        if (Starved || Token == JsonTokenType.Null)
            return "";
        if (Token == JsonTokenType.String)
            return Reader.ValueIsEscaped ? Unescaped(field) : pool.Share(Reader.ValueSpan);
        Report(field, "a string");
        Skip();
        return "";
    }

    /// <summary>The string at hand, for texts that are all different; empty where there is none.</summary>
    public string Text(string field)
    {
        if (!Starved && Token == JsonTokenType.String && !Reader.ValueIsEscaped)
            return System.Text.Encoding.UTF8.GetString(Reader.ValueSpan);
        return String(field);
    }

    /// <summary>Where the string at hand stands, for one that is rarely needed; an empty piece where there is none.</summary>
    public Piece Piece(string field)
    {
        if (!Starved && Token == JsonTokenType.String)
            return new(jumped + (int)Reader.TokenStartIndex, Reader.ValueSpan.Length, Reader.ValueIsEscaped);
        String(field);
        return default;
    }

    /// <summary>What stands there.</summary>
    public readonly string String(Piece piece)
    {
        var quoted = bytes.Slice(piece.Start, piece.Length == 0 ? 0 : piece.Length + 2);
        if (quoted.IsEmpty)
            return "";
        if (!piece.IsEscaped)
            return pool.Share(quoted[1..^1]);
        var alone = new JsonCursor(quoted, isLast: true, default, pool);
        return alone.Read() ? alone.String("") : "";
    }

    /// <summary>Two pieces with a slash between them.</summary>
    public readonly string Joined(Piece first, Piece second)
    {
        var length = first.Length + 1 + second.Length;
        if (first.IsEscaped || second.IsEscaped || length > StringPool.Longest)
            return $"{String(first)}/{String(second)}";
        Span<byte> joined = stackalloc byte[StringPool.Longest];
        bytes.Slice(first.Start + 1, first.Length).CopyTo(joined);
        joined[first.Length] = (byte)'/';
        bytes.Slice(second.Start + 1, second.Length).CopyTo(joined[(first.Length + 1)..]);
        return pool.Share(joined[..length]);
    }

    /// <summary>Whether there is a text at hand, which is all that matters.</summary>
    public bool IsText(string field)
    {
        if (Starved || Token is JsonTokenType.String or JsonTokenType.Null)
            return !Starved && Token == JsonTokenType.String && Reader.ValueSpan.Length > 0;
        Report(field, "a string");
        Skip();
        return false;
    }

    /// <summary>The property name at hand.</summary>
    public string PropertyName() => Starved ? "" : Reader.ValueIsEscaped ? Unescaped("a property name") : pool.Share(Reader.ValueSpan);

    string Unescaped(string field)
    {
        try
        {
            return pool.Share(Reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON, but no text.
            Problem ??= $"{field} is not valid Unicode text";
            return "";
        }
    }

    /// <summary>The time at hand, to a second; null where there is none. Manifests made from templates often hold null, or nothing that is a time.</summary>
    public DateTimeOffset? Time(string field)
    {
        // What an API server writes is read without making a string of it.
        if (!Starved && Token == JsonTokenType.String && Reader.ValueSpan is [.., (byte)'Z'] and { Length: 20 } && Reader.TryGetDateTimeOffset(out var utc))
            return utc;
        return DateTimeOffset.TryParseExact(Text(field), "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
    }

    public bool? Boolean(string field)
    {
        if (Starved || Token == JsonTokenType.Null)
            return null;
        if (Token is JsonTokenType.True or JsonTokenType.False)
            return Token == JsonTokenType.True;
        Report(field, "true or false");
        Skip();
        return null;
    }

    public long Integer(string field)
    {
        if (!Starved && Token == JsonTokenType.Number && Reader.TryGetInt64(out var value))
            return value;
        Report(field, "a whole number");
        Skip();
        return 0;
    }

    public Names Names(string field)
    {
        if (!EntersArray(field))
            return Rbac.Names.None;
        var values = pool.Scratch;
        values.Clear();
        while (NextElement())
            values.Add(String(field));
        return Starved ? Rbac.Names.None : Rbac.Names.Of(values);
    }

    /// <summary>The text of one property of an object that refers to something, past all of it; empty where it is not there.</summary>
    public string TextIn(ReadOnlySpan<byte> property)
    {
        var text = "";
        if (EntersObject("a reference"))
            while (NextProperty())
            {
                if (Is(property) && Read())
                    text = String("a reference");
                else if (Read())
                    Skip();
            }

        return text;
    }

    public void Report(string field, string expected)
    {
        if (!Starved)
            Problem ??= $"{field} is {Words(Token)}, expected {expected}";
    }

    public void ReportTwice(string field) => Problem ??= $"{field} is there twice";

    static string Words(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "nothing",
    };
}

/// <summary>Where a string stands in the bytes that a cursor walks.</summary>
/// <param name="Start">Where its opening quote is.</param>
/// <param name="Length">The bytes between its quotes.</param>
/// <param name="IsEscaped">Whether some of them are written otherwise.</param>
readonly record struct Piece(int Start, int Length, bool IsEscaped);
