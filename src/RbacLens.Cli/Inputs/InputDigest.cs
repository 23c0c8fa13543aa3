using System.Security.Cryptography;
using System.Text;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// What a report's cover names its input by, so that anybody can tell whether a file is the one that was judged: <c>sha256sum FILE</c>.
/// </summary>
static class InputDigest
{
    /// <summary>
    /// SHA-256 of a file; of several, or of a directory, that of the lines <c>sha256sum</c> prints for them in ordinal order. Null where there
    /// is nothing to come back to: a live cluster, standard input, a pipe.
    /// </summary>
    /// <param name="paths">Files and directories as they were asked for.</param>
    /// <param name="recursive">Whether directories were read with everything below.</param>
    /// <param name="atMost">Files larger than so many bytes together are not worth the time: null.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static async Task<string?> OfAsync(IReadOnlyList<string> paths, bool recursive, long atMost, CancellationToken cancellation)
    {
        if (paths.Count == 0 || paths.Where(File.Exists).Sum(path => new FileInfo(path).Length) > atMost || paths.Any(path => !Directory.Exists(path) && !IsRegular(path)))
            return null;
        if (paths is [var only] && !Directory.Exists(only))
            return "sha256:" + await HexAsync(only, cancellation);
        var lines = new StringBuilder();
        foreach (var path in paths)
            await foreach (var file in FileSource.FilesAsync(path, recursive, cancellation))
                lines.Append(await HexAsync(file, cancellation)).Append("  ").Append(file).Append('\n');
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    // A pipe has no length, and would be empty the second time.
    static bool IsRegular(string path) => path != "-" && new FileInfo(path) is { Exists: true, Length: > 0 };

    static async Task<string> HexAsync(string file, CancellationToken cancellation)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
