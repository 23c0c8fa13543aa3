using System.Buffers.Binary;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A JPEG file, which PDF holds as it is: only its size and colours are looked at (ITU-T T.81, B.2).</summary>
static class JpegPicture
{
    /// <summary>The picture as it is.</summary>
    /// <exception cref="InvalidDataException">It is broken, or in colours for printing presses.</exception>
    public static PdfImage Read(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var (marker, length) = (file[at + 1], BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
            // A frame header: baseline, extended or progressive.
            if (marker is 0xC0 or 0xC1 or 0xC2 && at + 10 <= file.Length)
                return Of(file, BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), file[at + 4], file[at + 9]);
            at += 2 + length;
        }

        throw new InvalidDataException("found a JPEG picture that does not say its size; expected a whole one");
    }

    static PdfImage Of(ReadOnlySpan<byte> file, int width, int height, int bits, int components)
    {
        if (width == 0 || height == 0 || bits != 8 || components is not (1 or 3))
            throw new InvalidDataException($"found a JPEG picture of {width} by {height} with {components} colours of {bits} bits; expected grey or RGB of 8 bits");
        return new(width, height, $"/ColorSpace/{(components == 1 ? "DeviceGray" : "DeviceRGB")}/Filter/DCTDecode", file.ToArray(), IsPacked: true);
    }
}
