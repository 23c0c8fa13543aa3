using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RbacLens.Tests.Inputs;

/// <summary>One recorded answer.</summary>
sealed record Recording(int Status, byte[] Body);

/// <summary>What a real API server answered (recorded/SOURCE.txt), by path and query.</summary>
static class Recordings
{
    static readonly Lazy<Dictionary<(string Path, string Accept), Recording>> All = new(Load);

    public static Recording Expired => All.Value[("(expired continue token)", "")];

    /// <summary>The answer to a request; null where the recorded server had none.</summary>
    /// <param name="path">The path.</param>
    /// <param name="query">The query with its question mark, or the empty string.</param>
    /// <param name="accept">The Accept header.</param>
    public static Recording? Find(string path, string query, string accept)
    {
        if (query.Contains("continue=", StringComparison.Ordinal))
            return All.Value.GetValueOrDefault((path + query, accept)) ?? Expired;
        if (All.Value.GetValueOrDefault((path + query, accept)) is { } exact)
            return exact;
        var wanted = string.Join('&', query.TrimStart('?').Split('&').Where(part => !part.StartsWith("limit=", StringComparison.Ordinal)));
        return All.Value.GetValueOrDefault((wanted.Length == 0 ? path : $"{path}?{wanted}", accept)) ?? Namespaced(path, query, accept);
    }

    // A list of one namespace is the recorded list of all, without the objects of the others.
    static Recording? Namespaced(string path, string query, string accept)
    {
        var parts = path.Split("/namespaces/", 2);
        if (parts.Length < 2 || parts[1].Split('/') is not [var name, var resource] || Find($"{parts[0]}/{resource}", query, accept) is not { } whole)
            return null;
        var list = JsonNode.Parse(whole.Body)!;
        var items = list["items"]!.AsArray().Where(item => (string?)item!["metadata"]!["namespace"] == name);
        list["items"] = new JsonArray([.. items.Select(item => item!.DeepClone())]);
        return new(200, JsonSerializer.SerializeToUtf8Bytes(list));
    }

    static Dictionary<(string, string), Recording> Load()
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "RbacLens.Tests", "Inputs", "recorded");
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!.AsArray();
        return index.ToDictionary(
            entry => ((string)entry!["path"]!, (string)entry["accept"]!),
            entry => new Recording((int)entry!["status"]!, Unzip(Path.Combine(folder, (string)entry["body"]!))));
    }

    static byte[] Unzip(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        file.CopyTo(buffer);
        return buffer.ToArray();
    }

    static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "RbacLens.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
