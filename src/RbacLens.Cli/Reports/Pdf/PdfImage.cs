using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A picture as PDF holds it.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Entries">What its dictionary says of the data.</param>
/// <param name="Data">The pixels, or the file where PDF reads that itself.</param>
/// <param name="IsPacked">Whether the data is compressed already.</param>
sealed record PdfImage(int Width, int Height, string Entries, byte[] Data, bool IsPacked)
{
    /// <summary>A logo as picture.</summary>
    /// <exception cref="InputException">It is a kind of picture that cannot be embedded, or a broken one.</exception>
    public static PdfImage Of(Logo logo)
    {
        try
        {
            return logo.MediaType switch
            {
                "image/png" => PngPicture.Read(logo.Bytes.Span),
                "image/jpeg" => JpegPicture.Read(logo.Bytes.Span),
                _ => throw new InvalidDataException("is an SVG picture, which a PDF report cannot hold; expected PNG or JPEG"),
            };
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"--logo {logo.File}: {e.Message}", e);
        }
    }

    /// <summary>Writes it and returns the object's number.</summary>
    public int WriteTo(PdfFile file) =>
        file.AddStream($"/Type/XObject/Subtype/Image/Width {Width}/Height {Height}/BitsPerComponent 8{Entries}", Data, compress: !IsPacked);
}
