using System.IO.Compression;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>Postures that <c>-o json</c> wrote.</summary>
static class PostureFile
{
    const int Deepest = 64;

    /// <summary>Reads a posture.</summary>
    /// <param name="path">The file, gzipped or not; <c>-</c> for standard input.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="InputException">It cannot be read, or is no posture.</exception>
    public static async Task<Posture> ReadAsync(string path, Func<Stream> standardInput, CancellationToken cancellation)
    {
        var name = path == "-" ? "standard input" : path;
        using var document = await ParseAsync(path, name, standardInput, cancellation);
        return PostureReader.Read(document.RootElement, name);
    }

    /// <summary>Whether a JSON file is a posture, told from its beginning alone.</summary>
    public static async Task<bool> IsPostureAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var (stream, shape) = await Sniff.PeekAsync(file, cancellation);
            await using var unpacked = shape == Sniff.Shape.Gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            var start = new byte[256];
            var length = await unpacked.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
            return start.AsSpan(0, length).IndexOf("\"rbac-lens/"u8) >= 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return false; // a socket, or something packed that is none of ours
        }
    }

    static async Task<JsonDocument> ParseAsync(string path, string name, Func<Stream> standardInput, CancellationToken cancellation)
    {
        try
        {
            await using var file = path == "-" ? standardInput() : File.OpenRead(path);
            var (stream, shape) = await Sniff.PeekAsync(file, cancellation);
            await using var unpacked = shape == Sniff.Shape.Gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            return shape == Sniff.Shape.Empty
                ? throw new InputException($"{name}: the input is empty, expected a posture as -o json writes it")
                : await JsonDocument.ParseAsync(unpacked, new() { MaxDepth = Deepest }, cancellation);
        }
        catch (JsonException e)
        {
            throw new InputException($"{name}: line {e.LineNumber + 1}: not valid JSON, expected a posture as -o json writes it", e);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{name}: the gzip data is broken or cut off", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : Directory.Exists(path) ? "is a directory" : e.Message;
            throw new InputException($"{name}: {reason}, expected a posture as -o json writes it", e);
        }
    }
}
