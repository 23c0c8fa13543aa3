using System.Reflection;
using System.Text.Json;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>Reads policies: those built in, and those of a folder, which add to them or replace them by id.</summary>
static class PolicyFiles
{
    const string Prefix = "policies/";

    /// <summary>The policies built in, by id.</summary>
    public static IReadOnlyList<Policy> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<Policy>> builtIn = new(() => [.. ReadBuiltIn().OrderBy(policy => policy.Id, StringComparer.Ordinal)]);

    /// <summary>The policies built in, with those of a folder added; one with the id of a built-in policy replaces it.</summary>
    /// <exception cref="InputException">The folder is not there, or a file in it is not a valid policy.</exception>
    public static IReadOnlyList<Policy> With(string? folder)
    {
        if (folder is null)
            return BuiltIn;
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such directory, expected a folder of policy files");
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(folder, "*.yml", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count == 0)
            throw new InputException($"{folder}: holds no policy files, expected files ending in .yaml or .yml");
        var own = files
            .Where(file => !DetectionFiles.IsDetection(Path.GetFullPath(file)) && !UpgradeFiles.IsOne(file))
            .Select(file => Parse(File.ReadAllText(file), file, Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))!))
            .ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        return [.. BuiltIn.Where(policy => !own.ContainsKey(policy.Id)).Concat(own.Values).OrderBy(policy => policy.Id, StringComparer.Ordinal)];
    }

    static IEnumerable<Policy> ReadBuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var path = name.Replace('\\', '/');
            yield return Parse(text.ReadToEnd(), path, path.Split('/')[^2]);
        }
    }

    /// <summary>What every kind of policy file begins with: id, texts, references, and what it needs.</summary>
    public static Policy Texts(PolicyNode node, string area, Match match) => new()
    {
        Id = node.Text("id"),
        Area = area,
        Title = node.Text("title"),
        Why = node.Text("why"),
        Fix = node.Text("fix"),
        References = [.. node.Names("references").Select(text => Reference(node, text))],
        Needs = [.. node.Names("needs")],
        Match = match,
    };

    /// <summary>Reads one policy file.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="file">Its path: the name without extension must be the policy's id.</param>
    /// <param name="area">The folder it lives in.</param>
    /// <exception cref="InputException">With the file and the path in it, what was found and what was expected.</exception>
    public static Policy Parse(string yaml, string file, string area)
    {
        var json = YamlDocuments.ToJson(yaml, file, 1) ?? throw new InputException($"{file}: the file is empty, expected a policy");
        using var document = JsonDocument.Parse(json);
        var node = new PolicyNode(document.RootElement, file, "");
        var policy = Texts(node, area, PolicyMatch.Read(node.Node("match"))) with
        {
            Violating = [.. PolicyExamples.Read(node, "violating")],
            Conforming = [.. PolicyExamples.Read(node, "conforming")],
        };
        node.Complete();
        if (policy.Id != Path.GetFileNameWithoutExtension(file))
            throw node.Error("id", $"is {policy.Id}, expected the file's name");
        if (policy.Violating.IsEmpty || policy.Conforming.Length < 2)
            throw node.Error("violating", "and conforming hold too few examples, expected at least one that violates and two that do not");
        return policy;
    }

    /// <summary>A framework with an id, or a page's address.</summary>
    public static Reference Reference(PolicyNode node, string text) =>
        text.StartsWith("https://", StringComparison.Ordinal) ? new(null, text)
        : text.Split(' ', 2) is [var framework, var id] ? new(framework, id)
        : throw node.Error("references", $"holds {text}, expected a framework with an id (CIS 5.1.1) or an https address");
}
