using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;

namespace RbacLens.Cli.Inputs;

/// <summary>Tells what a stream holds from its first bytes.</summary>
static partial class Sniff
{
    const int Enough = 4096;

    /// <summary>What it can be.</summary>
    public enum Shape { Empty, Json, Yaml, Gzip, Markup, Binary }

    /// <summary>
    /// Looks at the beginning; the stream returned starts there again, a byte order mark left out. UTF-16, which the <c>&gt;</c> of Windows
    /// PowerShell writes, becomes UTF-8 on the way.
    /// </summary>
    public static async Task<(Stream Stream, Shape Shape)> PeekAsync(Stream stream, CancellationToken cancellation)
    {
        if (stream.CanSeek)
        {
            var first = new byte[Enough];
            var length = await stream.ReadAtLeastAsync(first, Enough, throwOnEndOfStream: false, cancellation);
            stream.Position = MarkLength(first.AsSpan(0, length));
            return Utf16(first.AsSpan(0, length)) is { } encoding
                ? await PeekAsync(Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), cancellation)
                : (stream, ShapeOf(first.AsSpan(0, length)));
        }

        var pipe = PipeReader.Create(stream, new(bufferSize: 1 << 20));
        var result = await pipe.ReadAtLeastAsync(Enough, cancellation);
        var start = new byte[Math.Min(Enough, result.Buffer.Length)];
        System.Buffers.BuffersExtensions.CopyTo(result.Buffer.Slice(0, start.Length), start);
        pipe.AdvanceTo(result.Buffer.GetPosition(MarkLength(start)));
        return Utf16(start) is { } wide
            ? await PeekAsync(Encoding.CreateTranscodingStream(pipe.AsStream(), wide, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), cancellation)
            : (pipe.AsStream(), ShapeOf(start));
    }

    /// <summary>Whether a file of a directory is for us; notes, scripts and the like lie beside manifests.</summary>
    public static async Task<bool> IsKubernetesAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var (stream, shape) = await PeekAsync(file, cancellation);
        if (shape != Shape.Yaml)
            return shape is Shape.Json or Shape.Gzip;
        using var text = new StreamReader(stream);
        return LooksLikeManifest().IsMatch(await text.ReadToEndAsync(cancellation));
    }

    [GeneratedRegex(@"^(?:- )?(?:kind|apiVersion)\s*:", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LooksLikeManifest();

    static Shape ShapeOf(ReadOnlySpan<byte> first)
    {
        if (first is [0x1f, 0x8b, ..])
            return Shape.Gzip;
        var text = first[MarkLength(first)..].TrimStart(" \t\r\n"u8);
        return text switch
        {
            [] => Shape.Empty,
            [(byte)'{' or (byte)'[', ..] => IsJson(text) ? Shape.Json : Shape.Yaml,
            [(byte)'<', ..] => Shape.Markup,
            _ => text.Contains((byte)0) ? Shape.Binary : Shape.Yaml,
        };
    }

    // YAML may begin with a brace, too: {kind: Role, …}. In JSON a name is in quotes.
    static bool IsJson(ReadOnlySpan<byte> text)
    {
        var next = text[1..].TrimStart(" \t\r\n"u8);
        return text[0] == (byte)'['
            ? next is not [(byte)'{', ..] || IsJson(next)
            : next is [] or [(byte)'"' or (byte)'}', ..];
    }

    static int MarkLength(ReadOnlySpan<byte> first) => first is [0xef, 0xbb, 0xbf, ..] ? 3 : first is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] ? 2 : 0;

    // Without a mark, as RFC 4627 tells it: JSON and YAML begin with two ASCII characters.
    static Encoding? Utf16(ReadOnlySpan<byte> first) => first switch
    {
        [0xff, 0xfe, ..] or [> 8 and < 127, 0, > 8 and < 127, 0, ..] => Encoding.Unicode,
        [0xfe, 0xff, ..] or [0, > 8 and < 127, 0, > 8 and < 127, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };
}
