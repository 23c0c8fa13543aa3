using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace RbacLens.Tests.Reports;

/// <summary>Reads a PDF the way its own cross-references say, so that a wrong offset or index shows.</summary>
public sealed class PdfObjects
{
    readonly byte[] file;
    readonly Dictionary<int, string> objects = [];
    readonly Dictionary<int, byte[]> streams = [];

    public PdfObjects(byte[] file)
    {
        this.file = file;
        var text = Encoding.Latin1.GetString(file);
        var table = Stream(Number(Regex.Match(text, @"startxref\n(\d+)\n%%EOF\n$").Groups[1].Value), out var trailer);
        Trailer = trailer;
        var rows = Unfiltered(table);
        foreach (var row in rows.Where(row => row.Kind == 1))
            streams[row.Id] = Stream(row.Where, out _, row.Id);
        foreach (var row in rows.Where(row => row.Kind == 2))
            objects[row.Id] = Packed(row.Where, row.Index, row.Id);
        Count = rows.Count;
    }

    public int Count { get; }

    public string Trailer { get; }

    /// <summary>Objects that are no streams, by number.</summary>
    public IReadOnlyDictionary<int, string> All => objects;

    public string this[int id] => objects[id];

    public byte[] StreamOf(int id) => streams[id];

    /// <summary>Numbers of the objects whose dictionary begins with this type.</summary>
    public IEnumerable<int> OfType(string type) =>
        from entry in objects where entry.Value.StartsWith($"<</Type/{type}/", StringComparison.Ordinal) select entry.Key;

    /// <summary>The object an entry of a dictionary refers to.</summary>
    public static int Ref(string body, string key) => Number(Regex.Match(body, $@"/{key} (\d+) 0 R").Groups[1].Value);

    public static List<int> Refs(string array) => [.. Regex.Matches(array, @"(\d+) 0 R").Select(match => Number(match.Groups[1].Value))];

    public static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    byte[] Stream(int offset, out string dictionary, int? id = null)
    {
        var head = Encoding.Latin1.GetString(file, offset, Math.Min(4000, file.Length - offset));
        var match = Regex.Match(
            head, @"^(?<id>\d+) 0 obj\n<<(?<entries>.*?)/Length (?<length>\d+)>>\nstream\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture);
        Assert.True(match.Success, $"no stream at offset {offset}");
        if (id is { } expected)
            Assert.Equal($"{expected}", match.Groups["id"].Value);
        dictionary = match.Groups["entries"].Value;
        var length = Number(match.Groups["length"].Value);
        var data = file.AsSpan(offset + match.Length, length).ToArray();
        Assert.Equal("\nendstream\nendobj\n", Encoding.Latin1.GetString(file, offset + match.Length + length, 18));
        return dictionary.Contains("/FlateDecode", StringComparison.Ordinal) ? Inflated(data) : data;
    }

    static byte[] Inflated(byte[] data)
    {
        using var inflate = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var result = new MemoryStream();
        inflate.CopyTo(result);
        return result.ToArray();
    }

    // W[1 4 2], each row after its filter byte, which is always "up".
    static List<(int Id, int Kind, int Where, int Index)> Unfiltered(byte[] table)
    {
        var rows = new List<(int, int, int, int)>();
        var row = new byte[7];
        for (var id = 0; id < table.Length / 8; id++)
        {
            Assert.Equal(2, table[8 * id]);
            for (var column = 0; column < 7; column++)
                row[column] += table[(8 * id) + 1 + column];
            rows.Add((id, row[0], (row[1] << 24) | (row[2] << 16) | (row[3] << 8) | row[4], (row[5] << 8) | row[6]));
        }
        return rows;
    }

    string Packed(int stream, int index, int id)
    {
        var text = Encoding.Latin1.GetString(streams[stream]);
        var count = text.IndexOf('<', StringComparison.Ordinal);
        var numbers = text[..count].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToList();
        Assert.Equal(id, numbers[2 * index]);
        var from = count + numbers[(2 * index) + 1];
        var to = (2 * index) + 3 < numbers.Count ? count + numbers[(2 * index) + 3] : text.Length;
        return text[from..to].TrimEnd('\n');
    }
}
