using System.Text.Json;

namespace RbacLens.Benchmarks;

/// <summary>The least any reader of JSON can do: walk over every token of a stream, once, and keep nothing.</summary>
static class BarePass
{
    /// <summary>Opens a file the way a scan does: without a buffer between it and the reader's own.</summary>
    public static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);

    /// <summary>The number of tokens.</summary>
    public static long Count(Stream stream)
    {
        var buffer = new byte[1 << 20];
        var (length, tokens) = (0, 0L);
        var state = new JsonReaderState(new() { MaxDepth = 500 });
        while (true)
        {
            var read = stream.Read(buffer, length, buffer.Length - length);
            length += read;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, length), isFinalBlock: read == 0, state);
            while (reader.Read())
                tokens++;
            if (read == 0)
                return tokens;
            state = reader.CurrentState;
            buffer.AsSpan((int)reader.BytesConsumed, length - (int)reader.BytesConsumed).CopyTo(buffer);
            length -= (int)reader.BytesConsumed;
        }
    }
}
