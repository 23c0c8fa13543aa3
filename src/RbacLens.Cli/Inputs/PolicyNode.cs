using System.Text.Json;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// One object of a policy file, read strictly: every error names the file and the path in it, and a key nobody asked for is an error.
/// </summary>
sealed class PolicyNode
{
    readonly JsonElement element;
    readonly string path;
    readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public PolicyNode(JsonElement element, string file, string path)
    {
        (this.element, File, this.path) = (element, file, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw Error("", $"is {Words(element)}, expected an object");
    }

    public string File { get; }

    public bool Has(string key) => element.TryGetProperty(key, out _);

    public string Text(string key) => OptionalText(key) ?? throw Error(key, "is missing");

    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value.Trim(),
        { } other => throw Error(key, $"is {Words(other)}, expected text"),
    };

    public int Number(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : throw Error(key, "is not a whole number");

    public bool Flag(string key) => Find(key) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        { } other => throw Error(key, $"is {Words(other)}, expected true or false"),
    };

    public Names Names(string key) => Rbac.Names.Of(Elements(key).Select((item, i) =>
        item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Error($"{key}[{i}]", $"is {Words(item)}, expected text")));

    /// <summary>A list of words, or one word.</summary>
    public Names Words(string key) => Find(key) is { ValueKind: JsonValueKind.String } ? Rbac.Names.Of(Text(key)) : Names(key);

    public IEnumerable<PolicyNode> Nodes(string key) => Elements(key).Select((item, i) => new PolicyNode(item, File, $"{Below(key)}[{i}]"));

    public PolicyNode Node(string key) => new(Find(key) ?? throw Error(key, "is missing"), File, Below(key));

    /// <summary>All there is, unread.</summary>
    public IEnumerable<JsonProperty> Properties => element.EnumerateObject();

    public JsonElement? Raw(string key) => Find(key);

    public Severity? Severity(string key) => OptionalText(key) is { } text ? SeverityOf(key, text) : null;

    public Severity SeverityOf(string key, string text) =>
        text switch
        {
            "info" => Policies.Severity.Info,
            "low" => Policies.Severity.Low,
            "medium" => Policies.Severity.Medium,
            "high" => Policies.Severity.High,
            "critical" => Policies.Severity.Critical,
            _ => throw Error(key, $"is {text}, expected info, low, medium, high or critical"),
        };

    /// <summary>Every key must have been asked for.</summary>
    public void Complete()
    {
        foreach (var property in element.EnumerateObject())
            if (!asked.Contains(property.Name))
                throw Error(property.Name, $"is not known here, expected one of {string.Join(", ", asked.Order(StringComparer.Ordinal))}");
    }

    public InputException Error(string key, string what) => new($"{File}: {Below(key)} {what}");

    string Below(string key) => path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}";

    JsonElement[] Elements(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray()],
        { } other => throw Error(key, $"is {Words(other)}, expected a list"),
    };

    JsonElement? Find(string key)
    {
        asked.Add(key);
        return element.TryGetProperty(key, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
    }

    static string Words(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.String => $"\"{found.GetString()}\"",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Undefined or JsonValueKind.Null => "empty",
        _ => found.GetRawText(),
    };
}
