using System.Text.Json;
using System.Text.RegularExpressions;

namespace RbacLens.Tests.Reports;

/// <summary>
/// As much of JSON Schema as our schemas use. An unknown keyword is an error, so that a schema cannot seem to check what nobody checks.
/// </summary>
sealed class JsonSchema(string schema)
{
    readonly JsonElement root = JsonDocument.Parse(schema).RootElement;

    public IReadOnlyList<string> Violations(string json)
    {
        var violations = new List<string>();
        Check(root, JsonDocument.Parse(json).RootElement, "$", violations);
        return violations;
    }

    void Check(JsonElement schema, JsonElement value, string path, List<string> violations)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var holds = keyword.Name switch
            {
                "$schema" or "id" or "title" or "description" or "$defs" or "definitions" or "default" => true,
                "$ref" => Follow(keyword.Value, value, path, violations),
                "type" => IsType(keyword.Value, value),
                "const" => keyword.Value.GetRawText() == value.GetRawText(),
                "enum" => keyword.Value.EnumerateArray().Any(allowed => allowed.GetRawText() == value.GetRawText()),
                "pattern" => Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!),
                "required" => value.ValueKind != JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "properties" => Properties(keyword.Value, value, path, violations),
                "additionalProperties" => Additional(schema, keyword.Value, value, path, violations),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(),
                "uniqueItems" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == value.GetArrayLength(),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= keyword.Value.GetDecimal(),
                "format" => value.ValueKind != JsonValueKind.String || IsFormatted(keyword.Value.GetString()!, value.GetString()!),
                "anyOf" => keyword.Value.EnumerateArray().Any(choice => Holds(choice, value)),
                "oneOf" => keyword.Value.EnumerateArray().Count(choice => Holds(choice, value)) == 1,
                "items" => Items(keyword.Value, value, path, violations),
                _ => throw new NotSupportedException(keyword.Name),
            };
            if (!holds)
                violations.Add($"{path}: {keyword.Name} {keyword.Value.GetRawText()} does not hold for {value.GetRawText()}");
        }
    }

    bool Holds(JsonElement schema, JsonElement value)
    {
        var violations = new List<string>();
        Check(schema, value, "", violations);
        return violations.Count == 0;
    }

    static bool IsFormatted(string format, string text) => format switch
    {
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) && Uri.IsWellFormedUriString(text, UriKind.Absolute),
        "uri-reference" => Uri.IsWellFormedUriString(text, UriKind.RelativeOrAbsolute),
        "date-time" => DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
        _ => throw new NotSupportedException(format),
    };

    bool Follow(JsonElement reference, JsonElement value, string path, List<string> violations)
    {
        var target = reference.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));
        Check(target, value, path, violations);
        return true;
    }

    static bool IsType(JsonElement types, JsonElement value) =>
        (types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(type => type.GetString()) : [types.GetString()])
        .Any(type => type == value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number when type == "number" => "number",
            JsonValueKind.Number => "integer",
            JsonValueKind.Null => "null",
            _ => "boolean",
        });

    bool Properties(JsonElement properties, JsonElement value, string path, List<string> violations)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject())
                if (value.TryGetProperty(property.Name, out var found))
                    Check(property.Value, found, $"{path}.{property.Name}", violations);
        return true;
    }

    bool Additional(JsonElement schema, JsonElement additional, JsonElement value, string path, List<string> violations)
    {
        if (value.ValueKind != JsonValueKind.Object || additional.ValueKind == JsonValueKind.True)
            return true;
        var others = value.EnumerateObject()
            .Where(property => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(property.Name, out _)).ToList();
        if (additional.ValueKind == JsonValueKind.False)
            return others.Count == 0;
        foreach (var property in others)
            Check(additional, property.Value, $"{path}.{property.Name}", violations);
        return true;
    }

    bool Items(JsonElement items, JsonElement value, string path, List<string> violations)
    {
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var (i, item) in value.EnumerateArray().Index())
                Check(items, item, $"{path}[{i}]", violations);
        return true;
    }
}
