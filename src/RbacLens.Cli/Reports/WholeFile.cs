using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>A file that is there whole or not at all.</summary>
static class WholeFile
{
    /// <summary>Writes beside the file and moves into place; without a file, to standard output.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static async Task WriteAsync(string? file, Stream standardOutput, Action<Stream> write, CancellationToken cancellation)
    {
        if (file is null)
        {
            write(standardOutput);
            await standardOutput.FlushAsync(cancellation);
            return;
        }

        var unfinished = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var output = File.Create(unfinished))
                write(output);
            cancellation.ThrowIfCancellationRequested();
            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }
}
