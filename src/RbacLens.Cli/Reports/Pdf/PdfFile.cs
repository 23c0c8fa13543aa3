using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// The outer shape of a PDF file (ISO 32000-1, 7.5): numbered objects, most of them packed into compressed object streams, and the
/// cross-reference stream that finds them. The same objects give the same bytes.
/// </summary>
sealed class PdfFile : IDisposable
{
    const int ObjectsPerStream = 200;

    readonly Stream output;
    readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly List<Place> places = [new(0, 0, 65535)];
    readonly List<(int Id, string Body)> waiting = [];
    int position;

    // Where an object is: kind 1 at an offset of the file, kind 2 inside an object stream at an index.
    readonly record struct Place(byte Kind, int Where, int Index);

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where the file goes; only ever written to, never sought.</param>
    public PdfFile(Stream output)
    {
        this.output = output;
        Write("%PDF-1.7\n%"u8);
        Write([0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']); // tells programs that move files that this one is not text
    }

    /// <summary>A number for an object that is written later.</summary>
    public int Reserve()
    {
        places.Add(default);
        return places.Count - 1;
    }

    /// <summary>Writes an object that is no stream, and returns its number.</summary>
    public int Add(string body)
    {
        var id = Reserve();
        Put(id, body);
        return id;
    }

    /// <summary>Writes an object under a reserved number.</summary>
    public void Put(int id, string body)
    {
        waiting.Add((id, body));
        if (waiting.Count == ObjectsPerStream)
            Pack();
    }

    /// <summary>Writes a stream and returns its number.</summary>
    /// <param name="entries">Entries of its dictionary besides length and filter.</param>
    /// <param name="data">What it holds.</param>
    /// <param name="compress">False for what other programs look for without understanding PDF.</param>
    public int AddStream(string entries, ReadOnlySpan<byte> data, bool compress = true)
    {
        var id = Reserve();
        PutStream(id, entries, data, compress);
        return id;
    }

    /// <summary>Writes a stream under a reserved number.</summary>
    public void PutStream(int id, string entries, ReadOnlySpan<byte> data, bool compress = true)
    {
        // Nothing, compressed, would be no bytes at all, which is no compressed stream.
        compress &= data.Length > 0;
        var body = compress ? Deflated(data) : data.ToArray();
        places[id] = new(1, position, 0);
        Write($"{id} 0 obj\n<<{entries}{(compress ? "/Filter/FlateDecode" : "")}/Length {body.Length}>>\nstream\n");
        Write(body);
        Write("\nendstream\nendobj\n"u8);
    }

    /// <summary>Writes what is left and the cross-reference stream; the file's identifier is a digest of all before it.</summary>
    public void Finish(int catalog, int info)
    {
        Pack();
        var id = Convert.ToHexString(digest.GetCurrentHash().AsSpan(0, 16));
        var start = position;
        var self = Reserve();
        places[self] = new(1, start, 0);
        PutStream(
            self,
            $"/Type/XRef/Size {places.Count}/W[1 4 2]/DecodeParms<</Predictor 12/Columns 7>>"
            + $"/Root {Syntax.Ref(catalog)}/Info {Syntax.Ref(info)}/ID[<{id}><{id}>]",
            CrossReferences());
        Write($"startxref\n{start.ToString(CultureInfo.InvariantCulture)}\n%%EOF\n");
    }

    public void Dispose() => digest.Dispose();

    void Pack()
    {
        if (waiting.Count == 0)
            return;
        var (index, bodies, stream) = (new StringBuilder(), new StringBuilder(), Reserve());
        for (var i = 0; i < waiting.Count; i++)
        {
            places[waiting[i].Id] = new(2, stream, i);
            index.Append(waiting[i].Id).Append(' ').Append(bodies.Length).Append(' ');
            bodies.Append(waiting[i].Body).Append('\n');
        }
        var entries = $"/Type/ObjStm/N {waiting.Count}/First {index.Length}";
        waiting.Clear();
        PutStream(stream, entries, Encoding.Latin1.GetBytes(index.Append(bodies).ToString()));
    }

    // Each row says by how much it differs from the row above (PNG's "up" filter): neighbours are alike, so this compresses well.
    byte[] CrossReferences()
    {
        var table = new byte[8 * places.Count];
        Span<byte> above = stackalloc byte[7];
        for (var i = 0; i < places.Count; i++)
        {
            var (kind, where, index) = places[i];
            ReadOnlySpan<byte> row =
                [kind, (byte)(where >> 24), (byte)(where >> 16), (byte)(where >> 8), (byte)where, (byte)(index >> 8), (byte)index];
            table[8 * i] = 2;
            for (var column = 0; column < 7; column++)
                table[(8 * i) + 1 + column] = (byte)(row[column] - above[column]);
            row.CopyTo(above);
        }
        return table;
    }

    static byte[] Deflated(ReadOnlySpan<byte> data)
    {
        // Of nothing, the library makes nothing, which is no zlib stream (RFC 1950: header, an empty block, checksum).
        if (data.IsEmpty)
            return [0x78, 0xda, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
        using var buffer = new MemoryStream();
        using (var deflate = new ZLibStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(data);
        return buffer.ToArray();
    }

    void Write(string text) => Write(Encoding.Latin1.GetBytes(text));

    void Write(ReadOnlySpan<byte> data)
    {
        output.Write(data);
        digest.AppendData(data);
        position += data.Length;
    }
}
