using System.Collections.Immutable;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>One mapping of a kubeconfig and where it stands, so that every complaint names file and entry.</summary>
sealed class KubeconfigEntry(YamlMappingNode fields, string file, string place)
{
    /// <summary>An entry that says nothing.</summary>
    public static KubeconfigEntry Nobody { get; } = new(new YamlMappingNode(), "kubeconfig", "");

    /// <summary>Fields that hold secrets stay out of messages, so only names and places are ever quoted.</summary>
    public InputException Wrong(string field, string complaint) => new($"{Where(field)}: {complaint}");

    /// <summary>The kubeconfig, the entry and the field, for messages.</summary>
    public string Where(string field) => string.Join(": ", new[] { file, place, field }.Where(part => part.Length > 0));

    /// <summary>A text; null where the field is missing, null or empty.</summary>
    public string? Text(string field) => Node(field) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value is "" ? null : scalar.Value,
        _ => throw Wrong(field, "a text was expected"),
    };

    /// <summary>A text that must be there.</summary>
    public string Required(string field) => Text(field) ?? throw Wrong(field, "is missing");

    /// <summary>A truth value; false where the field is missing.</summary>
    public bool Flag(string field) => Text(field) switch
    {
        null => false,
        var text when bool.TryParse(text, out var value) => value,
        _ => throw Wrong(field, "true or false was expected"),
    };

    /// <summary>A list of texts; empty where the field is missing.</summary>
    public ImmutableArray<string> Texts(string field) =>
        [.. Items(field).Select(item => (item as YamlScalarNode)?.Value ?? throw Wrong(field, "a list of texts was expected"))];

    /// <summary>A mapping within this one; null where the field is missing.</summary>
    public KubeconfigEntry? Child(string field) => Child(field, place.Length == 0 ? field : $"{place}: {field}");

    /// <summary>A mapping within this one under a name of its own for messages; null where the field is missing.</summary>
    public KubeconfigEntry? Child(string field, string itsPlace) => Node(field) switch
    {
        null => null,
        YamlMappingNode mapping => new(mapping, file, itsPlace),
        _ => throw Wrong(field, "a mapping was expected"),
    };

    /// <summary>A list of mappings; empty where the field is missing.</summary>
    public IEnumerable<KubeconfigEntry> Children(string field) =>
        from item in Items(field)
        select item is YamlMappingNode mapping
            ? new KubeconfigEntry(mapping, file, $"{(place.Length == 0 ? "" : place + ": ")}{field}, line {item.Start.Line}")
            : throw Wrong(field, "a list of mappings was expected");

    /// <summary>The names of the fields, in the order of the file.</summary>
    public IEnumerable<string> FieldNames => fields.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>A file named by a field, found from the directory of the kubeconfig; null where the field is missing.</summary>
    public string? FilePath(string field) => Text(field) is { } path ? Path.Combine(Directory, path) : null;

    /// <summary>The directory that relative paths start from.</summary>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";

    /// <summary>PEM text of <c>field-data</c> (base64), else of the file that <c>field</c> names; null where neither is there.</summary>
    public string? Pem(string field)
    {
        if (Text(field + "-data") is { } data)
            return Decode(field + "-data", data);
        return FilePath(field) is { } path ? Contents(field, path) : null;
    }

    /// <summary>Anything at all; null where the field is missing or null.</summary>
    public YamlNode? Node(string field) =>
        fields.Children.TryGetValue(field, out var node) && !IsNull(node) ? node : null;

    /// <summary>The text of the file that a field names; null where the field is missing.</summary>
    /// <exception cref="InputException">The file is not there, or cannot be read.</exception>
    public string? FileText(string field) => FilePath(field) is { } path ? Contents(field, path) : null;

    string Contents(string field, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Where(field)}: {path} {(File.Exists(path) ? "cannot be read" : "does not exist")}", e);
        }
    }

    string Decode(string field, string data)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException e)
        {
            throw new InputException($"{Where(field)}: is not valid base64", e);
        }
    }

    IEnumerable<YamlNode> Items(string field) => Node(field) switch
    {
        null => [],
        YamlSequenceNode sequence => sequence.Children,
        _ => throw Wrong(field, "a list was expected"),
    };

    static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };
}
