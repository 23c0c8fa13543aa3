using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>A picture at the head of a report, carried inside it.</summary>
/// <param name="MediaType"><c>image/png</c>, <c>image/jpeg</c> or <c>image/svg+xml</c>.</param>
/// <param name="Bytes">The file.</param>
sealed record Logo(string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Where it was read from, for messages.</summary>
    public string File { get; init; } = "";

    const int Largest = 1 << 20;

    /// <summary>Reads a picture; what it is, is told from its content.</summary>
    /// <param name="file">The file; null for no logo.</param>
    /// <exception cref="InputException">It is not there, too large, or no such picture.</exception>
    public static Logo? Read(string? file)
    {
        if (file is null)
            return null;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > Largest })
                throw new InputException($"--logo {file}: is larger than 1 MB; expected a small picture, for it goes into every report");
            var bytes = System.IO.File.ReadAllBytes(file);
            return new(MediaTypeOf(bytes) ?? throw new InputException($"--logo {file}: found no PNG, JPEG or SVG picture, expected one"), bytes) { File = file };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--logo {file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read")}, expected a PNG, JPEG or SVG picture", e);
        }
    }

    /// <summary>As an address that holds the picture itself. A browser runs no script of an SVG that is shown as a picture.</summary>
    public string DataUri => $"data:{MediaType};base64,{Convert.ToBase64String(Bytes.Span)}";

    static string? MediaTypeOf(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? "image/png"
        : bytes is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
        : bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0 ? "image/svg+xml"
        : null;
}
