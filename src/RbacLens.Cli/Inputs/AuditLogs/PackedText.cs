using System.Buffers.Text;
using System.IO.Compression;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Gzip in base64 inside JSON, as CloudWatch sends logs through Kinesis and to Lambda.</summary>
static class PackedText
{
    const int Longest = 1 << 26;

    /// <summary>Whether a text begins like one: gzip's first three bytes in base64.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> text) => text.StartsWith("H4sI"u8);

    /// <summary>The text, or null where it is broken, or longer than any batch of logs.</summary>
    public static byte[]? TryUnpack(ReadOnlySpan<byte> text)
    {
        var packed = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, packed, out _, out var length) != System.Buffers.OperationStatus.Done)
            return null;
        try
        {
            using var plain = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
            var piece = new byte[1 << 16];
            while (gzip.Read(piece) is > 0 and var read && plain.Length <= Longest)
                plain.Write(piece, 0, read);
            return plain.Length > Longest ? null : plain.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
