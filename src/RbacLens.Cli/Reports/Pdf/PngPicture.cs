using System.Buffers.Binary;
using System.IO.Compression;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// A PNG file (ISO/IEC 15948) as red, green and blue bytes. What is transparent shows white, on which the report puts it: transparency
/// would need more of PDF than a logo is worth.
/// </summary>
sealed class PngPicture
{
    const int MostPixels = 4_000_000;

    // How passes of an interlaced picture begin and step: x, y, dx, dy.
    static readonly (int X, int Y, int Dx, int Dy)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    readonly List<byte> packed = [];
    int width, height, bits, colours;
    bool isInterlaced;
    byte[] palette = [], transparent = [];

    PngPicture(ReadOnlySpan<byte> file)
    {
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            if (length < 0 || at + 12 + (long)length > file.Length)
                break;
            Take(file.Slice(at + 4, 4), file.Slice(at + 8, length));
            at += 12 + length;
        }

        if (width <= 0 || height <= 0 || packed.Count == 0 || (colours == 3 && palette.Length == 0))
            throw new InvalidDataException("found a PNG picture that breaks off; expected a whole one");
        if ((long)width * height > MostPixels)
            throw new InvalidDataException($"found a picture of {width} by {height}; expected at most {MostPixels / 1_000_000} million pixels, for it goes into every report");
    }

    /// <summary>The picture, decoded.</summary>
    /// <exception cref="InvalidDataException">It is broken or too large.</exception>
    public static PdfImage Read(ReadOnlySpan<byte> file)
    {
        var picture = new PngPicture(file);
        return new(picture.width, picture.height, "/ColorSpace/DeviceRGB", picture.Pixels(), IsPacked: false);
    }

    void Take(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("IHDR"u8) && data.Length >= 13)
        {
            (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
            (bits, colours, isInterlaced) = (data[8], data[9], data[12] == 1);
            if (colours is not (0 or 2 or 3 or 4 or 6) || bits is not (1 or 2 or 4 or 8 or 16) || (bits < 8 && colours is not (0 or 3)) || (bits == 16 && colours == 3))
                throw new InvalidDataException($"found a PNG picture of colour type {colours} with {bits} bits, which there is not");
        }
        else if (type.SequenceEqual("PLTE"u8))
            palette = data.ToArray();
        else if (type.SequenceEqual("tRNS"u8))
            transparent = data.ToArray();
        else if (type.SequenceEqual("IDAT"u8))
            packed.AddRange(data);
    }

    int Samples => colours switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    byte[] Pixels()
    {
        using var raw = new ZLibStream(new MemoryStream([.. packed]), CompressionMode.Decompress);
        var pixels = new byte[width * height * 3];
        foreach (var (x, y, dx, dy) in isInterlaced ? Passes : [(0, 0, 1, 1)])
            Pass(raw, pixels, x, y, dx, dy);
        return pixels;
    }

    void Pass(Stream raw, byte[] pixels, int x, int y, int dx, int dy)
    {
        var columns = (width - x + dx - 1) / dx;
        if (columns <= 0)
            return;
        var step = Math.Max(1, Samples * bits / 8);
        var (line, above) = (new byte[((columns * Samples * bits) + 7) / 8], new byte[((columns * Samples * bits) + 7) / 8]);
        for (; y < height; y += dy)
        {
            try
            {
                var filter = raw.ReadByte();
                raw.ReadExactly(line);
                Unfilter(filter, line, above, step);
            }
            catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
            {
                throw new InvalidDataException("found a PNG picture whose pixels cannot be read; expected a whole one", e);
            }

            for (var column = 0; column < columns; column++)
                Put(line, column, pixels.AsSpan(((y * width) + x + (column * dx)) * 3, 3));
            (line, above) = (above, line);
        }
    }

    static void Unfilter(int filter, byte[] line, byte[] above, int step)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var left = i < step ? 0 : line[i - step];
            line[i] += filter switch
            {
                0 => (byte)0,
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], i < step ? 0 : above[i - step]),
                _ => throw new InvalidDataException("no such filter"),
            };
        }
    }

    static byte Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return (byte)(a <= b && a <= c ? left : b <= c ? above : corner);
    }

    void Put(byte[] line, int column, Span<byte> pixel)
    {
        if (colours == 3)
        {
            var index = Sample(line, column);
            for (var part = 0; part < 3; part++)
                pixel[part] = OnWhite((index * 3) + part < palette.Length ? palette[(index * 3) + part] : (byte)0, index < transparent.Length ? transparent[index] : 255);
            return;
        }

        var isColour = colours is 2 or 6;
        var alpha = colours is 4 or 6 ? Eight(Sample(line, (column * Samples) + Samples - 1)) : IsTransparent(line, column) ? 0 : 255;
        for (var part = 0; part < 3; part++)
            pixel[part] = OnWhite(Eight(Sample(line, (column * Samples) + (isColour ? part : 0))), alpha);
    }

    // One colour may be declared transparent, as it is stored.
    bool IsTransparent(byte[] line, int column)
    {
        if (transparent.Length < 2 * Samples)
            return false;
        for (var part = 0; part < Samples; part++)
            if (Sample(line, (column * Samples) + part) != BinaryPrimitives.ReadUInt16BigEndian(transparent.AsSpan(2 * part)))
                return false;
        return true;
    }

    int Sample(byte[] line, int number) => bits switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(line.AsSpan(2 * number)),
        8 => line[number],
        _ => (line[number * bits / 8] >> (8 - bits - (number * bits % 8))) & ((1 << bits) - 1),
    };

    byte Eight(int sample) => (byte)(bits == 16 ? sample >> 8 : sample * 255 / ((1 << bits) - 1));

    static byte OnWhite(byte value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
