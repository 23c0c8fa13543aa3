using System.Reflection;
using System.Text.Json;

namespace RbacLens.Cli.Inputs;

/// <summary>Where the files of policies are, of whatever kind: built in, and in a folder of the user's, which add to them or replace them by id.</summary>
static class PolicyTexts
{
    /// <summary>Folders of policies that scans do not ask, each with a reader of its own.</summary>
    static readonly string[] Others = ["audit", "upgrades", "kubeconfig", "endpoints"];

    /// <summary>What is built in, by id.</summary>
    /// <param name="prefix">What the names of the embedded files begin with.</param>
    /// <param name="parse">Reads one, of its text and path.</param>
    /// <param name="id">What tells them apart.</param>
    public static Lazy<IReadOnlyList<T>> BuiltIn<T>(string prefix, Func<string, string, T> parse, Func<T, string> id) => new(() =>
    {
        var assembly = Assembly.GetExecutingAssembly();
        string[] names = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        var read = new T[names.Length];
        Parallel.For(0, names.Length, i =>
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(names[i])!);
            read[i] = parse(text.ReadToEnd(), names[i].Replace('\\', '/'));
        });
        return [.. read.OrderBy(id, StringComparer.Ordinal)];
    });

    /// <summary>What is built in, with what a folder adds or replaces.</summary>
    /// <param name="builtIn">What is built in.</param>
    /// <param name="folder">The user's; null for none.</param>
    /// <param name="area">The name of the sub-folders that hold this kind; null for policies that scans ask.</param>
    /// <param name="parse">Reads one, of its text and path.</param>
    /// <param name="id">What tells them apart.</param>
    /// <exception cref="InputException">The folder is not there or empty, a file in it is not valid, or an id is there twice.</exception>
    public static IReadOnlyList<T> With<T>(IReadOnlyList<T> builtIn, string? folder, string? area, Func<string, string, T> parse, Func<T, string> id)
    {
        if (folder is null)
            return builtIn;
        var own = new Dictionary<string, (T Read, string File)>(StringComparer.Ordinal);
        foreach (var file in Files(folder).Where(file => area is null ? !Others.Contains(AreaOf(file)) : AreaOf(file) == area))
        {
            var read = parse(File.ReadAllText(file), file);
            if (!own.TryAdd(id(read), (read, file)))
                throw new InputException($"{file}: id is {id(read)}, which {own[id(read)].File} has, too");
        }

        return [.. builtIn.Where(one => !own.ContainsKey(id(one))).Concat(own.Values.Select(one => one.Read)).OrderBy(id, StringComparer.Ordinal)];
    }

    /// <summary>The folder that a file lies in, by its own name alone.</summary>
    public static string AreaOf(string file) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))!;

    /// <summary>The one object that a file holds.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is expected to be, for messages.</param>
    /// <param name="read">Reads it; a key that it does not ask for is an error.</param>
    public static T Parse<T>(string yaml, string file, string what, Func<PolicyNode, T> read)
    {
        var json = YamlDocuments.ToJson(yaml, file, 1) ?? throw new InputException($"{file}: the file is empty, expected {what}");
        using var document = JsonDocument.Parse(json);
        var node = new PolicyNode(document.RootElement, file, "");
        var found = read(node);
        node.Complete();
        return node.Text("id") == Path.GetFileNameWithoutExtension(file) ? found : throw node.Error("id", $"is {node.Text("id")}, expected the file's name");
    }

    static List<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such directory, expected a folder of policy files");
        var files = Directory.EnumerateFiles(folder, "*.y*ml", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new InputException($"{folder}: holds no policy files, expected files ending in .yaml or .yml");
    }
}
