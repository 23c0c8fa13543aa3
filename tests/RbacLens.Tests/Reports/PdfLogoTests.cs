using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Pdf;

namespace RbacLens.Tests.Reports;

public class PdfLogoTests
{
    // Two by two pixels, row by row, each row after its filter: colour type, bits, then what PDF gets.
    public static TheoryData<string, byte, byte, byte[], byte[], byte[], byte[]> Pictures { get; } = new()
    {
        { "RGB", 2, 8, [0, 1, 2, 3, 4, 5, 6, 2, 1, 1, 1, 1, 1, 1], [], [], [1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 7] },
        { "RGB of 16 bits", 2, 16, [0, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [], [], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6] },
        { "RGB with transparency", 6, 8, [1, 10, 20, 30, 255, 0, 0, 0, 1, 0, 7, 7, 7, 0, 0, 0, 0, 255], [], [], [10, 20, 30, 255, 255, 255, 255, 255, 255, 0, 0, 0] },
        { "grey", 0, 8, [4, 5, 6, 3, 4, 4], [], [], [5, 5, 5, 11, 11, 11, 6, 6, 6, 12, 12, 12] },
        { "grey with transparency", 4, 8, [0, 5, 255, 6, 0, 4, 0, 0, 0, 0], [], [], [5, 5, 5, 255, 255, 255, 5, 5, 5, 255, 255, 255] },
        { "black and white, of which white is transparent", 0, 1, [0, 0b0100_0000, 0, 0b1000_0000], [], [0, 1], [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0] },
        { "palette", 3, 2, [0, 0b0001_0000, 0, 0b1011_0000], [9, 8, 7, 6, 5, 4], [255, 0], [9, 8, 7, 255, 255, 255, 0, 0, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_png_becomes_pixels_on_white(string kind, byte colours, byte bits, byte[] rows, byte[] palette, byte[] transparent, byte[] expected)
    {
        var image = PdfImage.Of(new("image/png", Png(2, 2, colours, bits, rows, palette, transparent)));
        Assert.True(expected.AsSpan().SequenceEqual(image.Data), $"{kind}: {string.Join(' ', image.Data)}");
    }

    [Fact]
    public void An_interlaced_png_is_put_together()
    {
        var (grey, pass) = (new byte[64], new List<byte>());
        for (var i = 0; i < 64; i++)
            grey[i] = (byte)(i * 3);
        foreach (var (x0, y0, dx, dy) in new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
            for (var y = y0; y < 8; y += dy)
            {
                pass.Add(0);
                for (var x = x0; x < 8; x += dx)
                    pass.Add(grey[(y * 8) + x]);
            }

        var image = PdfImage.Of(new("image/png", Png(8, 8, 0, 8, [.. pass], [], [], interlaced: 1)));
        Assert.Equal(grey, image.Data.Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void A_jpeg_is_embedded_as_it_is()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 40, 0, 120, 3, 1, 0x11, 0, 0xFF, 0xD9];
        var image = PdfImage.Of(new("image/jpeg", jpeg));
        Assert.Equal((120, 40, true), (image.Width, image.Height, image.IsPacked));
        Assert.Equal(jpeg, image.Data);
        jpeg[17] = 4;
        Assert.Equal("--logo x.jpg: found a JPEG picture of 120 by 40 with 4 colours of 8 bits; expected grey or RGB of 8 bits", Mistake("image/jpeg", jpeg, "x.jpg"));
    }

    [Fact]
    public void What_cannot_be_embedded_is_one_clear_line()
    {
        Assert.Equal("--logo l.svg: is an SVG picture, which a PDF report cannot hold; expected PNG or JPEG", Mistake("image/svg+xml", [], "l.svg"));
        Assert.Equal("--logo a.png: found a PNG picture that breaks off; expected a whole one", Mistake("image/png", Png(2, 2, 2, 8, [0], [], [])[..30], "a.png"));
        Assert.Equal("--logo a.png: found a PNG picture whose pixels cannot be read; expected a whole one", Mistake("image/png", Png(2, 2, 2, 8, [0], [], []), "a.png"));
        Assert.Equal("--logo a.png: found a PNG picture whose pixels cannot be read; expected a whole one", Mistake("image/png", Png(1, 1, 0, 8, [9, 1], [], []), "a.png"));
        Assert.Equal("--logo a.png: found a picture of 60000 by 60000; expected at most 4 million pixels, for it goes into every report", Mistake("image/png", Png(60000, 60000, 2, 8, [0], [], []), "a.png"));
        Assert.Equal("--logo a.jpg: found a JPEG picture that does not say its size; expected a whole one", Mistake("image/jpeg", [0xFF, 0xD8, 0xFF], "a.jpg"));
    }

    [Fact]
    public async Task A_logo_that_a_pdf_cannot_hold_is_refused_before_anything_is_read()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "<svg xmlns='http://www.w3.org/2000/svg'/>");
        var run = await CommandLine.RunAsync(["scan", "--from", "/nowhere", "-o", "pdf=/nowhere/x.pdf", "--logo", file]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is an SVG picture, which a PDF report cannot hold; expected PNG or JPEG", run.Error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [ToolFact("pdfimages", "qpdf")]
    public void Other_programs_see_it_on_the_cover()
    {
        var file = Path.GetTempFileName();
        using (var output = File.Create(file))
            PdfReport.Write(SamplePosture.Create(), output, null, new("image/png", Png(2, 2, 2, 8, [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6], [], [])));
        Assert.Matches(@"1 +0 image +2 +2 +rgb", Run("pdfimages", "-list", file));
        Assert.Contains("No syntax or stream encoding errors", Run("qpdf", "--check", file), StringComparison.Ordinal);
        File.Delete(file);
    }

    static string Mistake(string type, byte[] bytes, string file) => Assert.Throws<InputException>(() => PdfImage.Of(new(type, bytes) { File = file })).Message;

    static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    static byte[] Png(int width, int height, byte colours, byte bits, byte[] rows, byte[] palette, byte[] transparent, byte interlaced = 0)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (bits, colours, interlaced);
        Chunk(file, "IHDR", header);
        if (palette.Length > 0)
            Chunk(file, "PLTE", palette);
        if (transparent.Length > 0)
            Chunk(file, "tRNS", transparent);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    // The checksum is not looked at.
    static void Chunk(Stream file, string type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        file.Write(length);
        file.Write(Encoding.ASCII.GetBytes(type));
        file.Write(data);
        file.Write(new byte[4]);
    }
}
