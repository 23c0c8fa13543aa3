using System.Buffers;
using System.Text.Json;

namespace RbacLens.Cli.Reports;

/// <summary>
/// Writes the long arrays of a document: their elements are encoded on all cores, some at a time, and written in their order. The bytes are
/// those that one writer would write.
/// </summary>
/// <param name="json">The document's writer.</param>
/// <param name="output">What it writes to.</param>
sealed class JsonPieces(Utf8JsonWriter json, Stream output) : IDisposable
{
    const int ElementsInPiece = 50;
    const int PiecesPerCore = 4;

    readonly List<Piece> pieces = [];

    /// <summary>Writes an array as a property.</summary>
    /// <param name="property">What the array is called.</param>
    /// <param name="count">How many elements it has.</param>
    /// <param name="encoding">For a writer, what writes an element by its number. No writer is used by two threads at a time.</param>
    /// <param name="inPiece">How many of them are worth the trouble of encoding them elsewhere.</param>
    public void WriteArray(string property, int count, Func<Utf8JsonWriter, Action<int>> encoding, int inPiece = ElementsInPiece)
    {
        json.WriteStartArray(property);
        // The first ones are the document's own writer's, who so knows that the array is not empty.
        var own = encoding(json);
        for (var i = 0; i < Math.Min(count, inPiece); i++)
            own(i);
        if (count > inPiece)
        {
            json.Flush();
            WriteRest(count, encoding, inPiece);
        }

        json.WriteEndArray();
    }

    void WriteRest(int count, Func<Utf8JsonWriter, Action<int>> encoding, int inPiece)
    {
        while (pieces.Count < Environment.ProcessorCount * PiecesPerCore)
            pieces.Add(new(json.Options));
        foreach (var piece in pieces)
            piece.Begin(json.CurrentDepth, encoding);
        for (var from = inPiece; from < count; from += inPiece * pieces.Count)
        {
            var start = from;
            Parallel.For(0, pieces.Count, i => pieces[i].Encode(start + (inPiece * i), Math.Min(count, start + (inPiece * (i + 1)))));
            foreach (var piece in pieces)
                output.Write(piece.Encoded);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pieces.ForEach(piece => piece.Dispose());

    /// <summary>Elements side by side, each with the comma before it, encoded into a buffer that is used again and again.</summary>
    sealed class Piece : IDisposable
    {
        readonly ArrayBufferWriter<byte> buffer = new(1 << 17);
        readonly Utf8JsonWriter writer;
        Action<int> encode = _ => { };

        public Piece(JsonWriterOptions options) => writer = new(buffer, options);

        public ReadOnlySpan<byte> Encoded => buffer.WrittenSpan;

        public void Begin(int depth, Func<Utf8JsonWriter, Action<int>> encoding)
        {
            writer.Reset();
            // As deep as the elements will stand, and after another.
            for (var i = 0; i < depth; i++)
                writer.WriteStartArray();
            writer.WriteNullValue();
            writer.Flush();
            encode = encoding(writer);
        }

        public void Encode(int from, int to)
        {
            buffer.ResetWrittenCount();
            for (var i = from; i < to; i++)
                encode(i);
            writer.Flush();
        }

        public void Dispose() => writer.Dispose();
    }
}
