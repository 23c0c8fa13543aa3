using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>One kubeconfig file, YAML or JSON, with its named entries.</summary>
sealed record KubeconfigFile(
    string Path,
    string? CurrentContext,
    IReadOnlyDictionary<string, KubeconfigEntry> Clusters,
    IReadOnlyDictionary<string, KubeconfigEntry> Users,
    IReadOnlyDictionary<string, KubeconfigEntry> Contexts)
{
    /// <summary>Reads a file that must exist.</summary>
    public static KubeconfigFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var what = System.IO.Directory.Exists(path) ? "is a directory" : File.Exists(path) ? "cannot be read" : "does not exist";
            throw new InputException($"{path}: {what}; a kubeconfig file was expected", e);
        }
    }

    /// <summary>Reads the text of a kubeconfig; an empty one holds nothing.</summary>
    public static KubeconfigFile Parse(string path, string text)
    {
        var root = Root(path, text);
        if (root.Text("kind") is { } kind and not "Config")
            throw root.Wrong("kind", $"{UntrustedText.OneLine(kind)} found, Config expected: this is not a kubeconfig");
        if (root.Text("apiVersion") is { } version and not "v1")
            throw root.Wrong("apiVersion", $"{UntrustedText.OneLine(version)} found, v1 expected: this is not a kubeconfig");
        return new(
            path, root.Text("current-context"), Named(root, "clusters", "cluster"), Named(root, "users", "user"),
            Named(root, "contexts", "context"));
    }

    static KubeconfigEntry Root(string path, string text) => Node(path, text) switch
    {
        null or YamlScalarNode { Value: null or "" } => new(new YamlMappingNode(), path, ""),
        YamlMappingNode mapping => new(mapping, path, ""),
        _ => throw new InputException($"{path}: a mapping was expected: this is not a kubeconfig"),
    };

    static YamlNode? Node(string path, string text)
    {
        var stream = new YamlStream();
        long line;
        try
        {
            stream.Load(new StringReader(text));
            return stream.Documents.Select(document => document.RootNode).FirstOrDefault();
        }
        catch (YamlException e)
        {
            line = e.Start.Line;
        }

        // Without the parser's words, which may quote what stands there, and which --debug would show as well.
        throw new InputException($"{path}:{line}: is not valid YAML (what stands there is not shown, as it may be a secret)");
    }

    static Dictionary<string, KubeconfigEntry> Named(KubeconfigEntry root, string list, string kind)
    {
        var entries = new Dictionary<string, KubeconfigEntry>(StringComparer.Ordinal);
        foreach (var item in root.Children(list))
        {
            var name = item.Required("name");
            var place = $"{kind} \"{UntrustedText.OneLine(name)}\"";
            var body = item.Child(kind, place) ?? throw item.Wrong(kind, "is missing");
            if (!entries.TryAdd(name, body))
                throw item.Wrong("name", $"{place} is there twice");
        }
        return entries;
    }
}
