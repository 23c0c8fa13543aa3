using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>A file that is there whole or not at all.</summary>
static class WholeFile
{
    /// <summary>Writes beside the file and moves into place; links, pipes and devices are written through. Without a file, to standard output.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static async Task WriteAsync(string? file, Stream standardOutput, Action<Stream> write, CancellationToken cancellation)
    {
        try
        {
            if (file is null)
            {
                write(standardOutput);
                await standardOutput.FlushAsync(cancellation);
                return;
            }

            var target = new FileInfo(file) is { LinkTarget: not null } link ? (FileInfo)(link.ResolveLinkTarget(returnFinalTarget: true) ?? link) : new(file);
            // A device or a pipe has no length, and must stay what it is; writing into an empty file does no harm.
            if (target is { Exists: true, Length: 0 })
                WriteThrough(target, write);
            else
                WriteBeside(target, write, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file ?? "standard output"}: cannot be written: {Why(e)}", e);
        }
    }

    static string Unfinished { get; } = $".{Environment.ProcessId}.tmp";

    static void WriteThrough(FileInfo target, Action<Stream> write)
    {
        using var output = new FileStream(target.FullName, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(output);
    }

    static void WriteBeside(FileInfo target, Action<Stream> write, CancellationToken cancellation)
    {
        var unfinished = target.FullName + Unfinished;
        try
        {
            using (var output = File.Create(unfinished))
                write(output);
            cancellation.ThrowIfCancellationRequested();
            File.Move(unfinished, target.FullName, overwrite: true);
        }
        finally
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    static string Why(Exception e) => e switch
    {
        DirectoryNotFoundException => "there is no such directory",
        UnauthorizedAccessException => "access denied, or it is a directory",
        PathTooLongException => "its name is too long",
        // Nobody asked for the file beside it.
        _ => e.Message.Replace(Unfinished, "", StringComparison.Ordinal),
    };
}
