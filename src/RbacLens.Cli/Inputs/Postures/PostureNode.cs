using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>One object of a posture file. Every error names the file and the path in it; what a later version added is passed over.</summary>
sealed class PostureNode
{
    readonly JsonElement element;
    readonly string file;
    readonly string path;

    public PostureNode(JsonElement element, string file, string path)
    {
        (this.element, this.file, this.path) = (element, file, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw Error("", $"is {Words(element)}, expected an object");
    }

    public bool Has(string key) => Find(key) is not null;

    public string Text(string key) => OptionalText(key) ?? throw Error(key, "is missing");

    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => Decoded(key, text),
        { } other => throw Error(key, $"is {Words(other)}, expected text"),
    };

    public long Number(string key) =>
        Find(key) is not { } number ? throw Error(key, "is missing")
        : number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value
        : throw Error(key, $"is {Words(number)}, expected a whole number");

    public int Count(string key) =>
        Number(key) is >= 0 and <= int.MaxValue and var count ? (int)count : throw Error(key, $"is {Number(key)}, expected a count");

    public bool Flag(string key) => Find(key) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        { } other => throw Error(key, $"is {Words(other)}, expected true or false"),
    };

    public DateTimeOffset Time(string key) => OptionalTime(key) ?? throw Error(key, "is missing");

    public DateTimeOffset? OptionalTime(string key) =>
        OptionalText(key) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Error(key, $"is \"{text}\", expected a time as in 2026-11-21T10:00:00Z");

    public DateOnly? OptionalDay(string key) =>
        OptionalText(key) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw Error(key, $"is \"{text}\", expected a day as in 2027-03-31");

    public Severity Severity(string key) => Text(key) switch
    {
        "critical" => Policies.Severity.Critical,
        "high" => Policies.Severity.High,
        "medium" => Policies.Severity.Medium,
        "low" => Policies.Severity.Low,
        "info" => Policies.Severity.Info,
        var other => throw Error(key, $"is \"{other}\", expected critical, high, medium, low or info"),
    };

    public Target Target(string key) => Node(key).AsTarget();

    /// <summary>The object itself as a target.</summary>
    public Target AsTarget() => new(Text("kind"), OptionalText("namespace") ?? "", Text("name"));

    public Names Names(string key) => Rbac.Names.Of(Texts(key));

    public ImmutableArray<string> Texts(string key) =>
    [
        .. Elements(key).Select((item, i) => item.ValueKind == JsonValueKind.String ? Decoded($"{key}[{i}]", item) : throw Error($"{key}[{i}]", $"is {Words(item)}, expected text")),
    ];

    public ImmutableArray<int> Numbers(string key) =>
    [
        .. Elements(key).Select((item, i) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var value) ? value : throw Error($"{key}[{i}]", $"is {Words(item)}, expected a whole number")),
    ];

    public PostureNode Node(string key) => OptionalNode(key) ?? throw Error(key, "is missing");

    public PostureNode? OptionalNode(string key) => Find(key) is { } found ? new(found, file, Below(key)) : null;

    public IEnumerable<PostureNode> Nodes(string key) => Elements(key).Select((item, i) => new PostureNode(item, file, $"{Below(key)}[{i}]"));

    /// <summary>The value itself, where it may be of several kinds.</summary>
    public JsonElement? Raw(string key) => Find(key);

    /// <summary>The properties by name, as they come.</summary>
    public IEnumerable<string> Keys => element.EnumerateObject().Select(property => property.Name);

    public InputException Error(string key, string what) => new($"{file}: {Below(key)} {what}");

    string Below(string key) => path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}";

    JsonElement[] Elements(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray()],
        { } other => throw Error(key, $"is {Words(other)}, expected a list"),
    };

    JsonElement? Find(string key) => element.TryGetProperty(key, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    string Decoded(string key, JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error(key, "is not valid Unicode text");
        }
    }

    static string Words(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => found.GetRawText(),
    };
}
