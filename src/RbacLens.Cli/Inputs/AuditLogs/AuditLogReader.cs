using System.Threading.Channels;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads audit logs: files, directories of rotated ones, standard input; plain or gzip; events one a line, as lists, or in envelopes. One thread
/// cuts, all cores read, and nothing is kept but the deeds.
/// </summary>
/// <param name="window">Which requests count.</param>
/// <param name="interest">What is worth keeping of a deed.</param>
/// <param name="progress">Told how many bytes have been read.</param>
sealed class AuditLogReader(TimeWindow window, Func<Deed, Interest> interest, IProgress<long>? progress)
{
    readonly RequestLedger ledger = new();
    readonly BufferPool buffers = new();
    readonly EntryReader[] readers = new EntryReader[Math.Max(1, Environment.ProcessorCount)];
    readonly List<string> cutOff = [];
    long order;
    long bytes;
    int unfinished;

    /// <summary>Reads everything.</summary>
    /// <param name="sources">What to read, in order.</param>
    /// <param name="further">Batches from elsewhere, after the sources; null for none.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InputException">A file cannot be read, or holds something else altogether.</exception>
    public async Task<AuditLog> ReadAsync(IEnumerable<LogSource> sources, IAsyncEnumerable<EntryBatch>? further, CancellationToken cancellation)
    {
        for (var i = 0; i < readers.Length; i++)
            readers[i] = new(new(window, interest, ledger));
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<EntryBatch>(new BoundedChannelOptions(2 * readers.Length) { SingleWriter = true });
        var reading = readers.Select(reader => Task.Run(() => DrainAsync(channel.Reader, reader, failed), CancellationToken.None)).ToArray();
        try
        {
            foreach (var source in sources)
                await CutAsync(source, channel.Writer, failed.Token);
            if (further is not null)
                await SendAsync(further, channel.Writer, failed.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A reader failed; its own exception tells more.
        }
        finally
        {
            channel.Writer.Complete();
            await Task.WhenAll(reading);
        }

        return Together();
    }

    async Task CutAsync(LogSource source, ChannelWriter<EntryBatch> channel, CancellationToken cancellation)
    {
        try
        {
            await using var stream = source.Open();
            await SendAsync(await LogStream.OpenAsync(stream, source.Name, order, buffers, () => cutOff.Add(source.Name), cancellation), channel, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{source.Name}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory" : e.Message)}", e);
        }
    }

    async Task SendAsync(IAsyncEnumerable<EntryBatch> batches, ChannelWriter<EntryBatch> channel, CancellationToken cancellation)
    {
        await foreach (var batch in batches.WithCancellation(cancellation))
        {
            order = batch.Order + batch.Entries;
            await channel.WriteAsync(batch, cancellation);
            bytes += batch.Length;
            progress?.Report(bytes);
        }
    }

    async Task DrainAsync(ChannelReader<EntryBatch> channel, EntryReader reader, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var batch in channel.ReadAllAsync(failed.Token))
            {
                if (batch.ReadInto(reader))
                    Interlocked.Increment(ref unfinished);
                buffers.Return(batch.Buffer);
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    AuditLog Together()
    {
        var unanswered = 0L;
        foreach (var held in ledger.Unfinished)
        {
            held.Count.Count(held.Ticks);
            unanswered += held.IsDecided ? 0 : 1;
        }

        var table = readers[0].Table;
        foreach (var reader in readers.Skip(1))
            table.Add(reader.Table);
        return new()
        {
            Deeds = [.. table.Counts.OrderBy(count => count.Key, Bytewise).Select(count => count.Value).Where(count => count.Requests > 0)],
            Notes = Notes([.. readers.Select(reader => reader.Met)], unanswered),
        };
    }

    static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    ReadingNotes Notes(IReadOnlyList<Tally> met, long unanswered) => new()
    {
        Entries = met.Sum(tally => tally.Entries),
        Broken = met.Sum(tally => tally.Broken),
        FirstBroken = met.Select(tally => tally.FirstBroken).OfType<(long Order, string Text)>().OrderBy(broken => broken.Order).Select(broken => broken.Text).FirstOrDefault(),
        Foreign = met.Sum(tally => tally.Foreign),
        Repeated = met.Sum(tally => tally.Repeated),
        OutOfWindow = met.Sum(tally => tally.OutOfWindow),
        OutsideFrom = met.Min(tally => tally.FirstOutside) is > 0 and < long.MaxValue and var first ? new(first, TimeSpan.Zero) : null,
        OutsideTo = met.Max(tally => tally.LastOutside) is > 0 and var last ? new(last, TimeSpan.Zero) : null,
        Untimed = met.Sum(tally => tally.Untimed),
        NotKeptApart = met.Sum(tally => tally.NotKeptApart),
        NamesLeftOut = met.Any(tally => tally.NamesLeftOut),
        Unanswered = unanswered,
        Unfinished = unfinished,
        CutOff = [.. cutOff],
    };
}

/// <summary>Something to read a log from.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Length">In bytes as stored; 0 where unknown.</param>
/// <param name="Open">Opens it.</param>
sealed record LogSource(string Name, long Length, Func<Stream> Open)
{
    /// <summary>What paths stand for: files, directories with the files of a log and its rotated predecessors, <c>-</c> for standard input.</summary>
    /// <exception cref="InputException">A path is not there, or a directory holds no log.</exception>
    /// <param name="paths">The paths.</param>
    /// <param name="standardInput">Opens standard input.</param>
    /// <param name="isLeftOut">Told of each file or folder in a directory that is not read.</param>
    public static IReadOnlyList<LogSource> Of(IEnumerable<string> paths, Func<Stream> standardInput, Action<string> isLeftOut) =>
        [.. paths.SelectMany(path => path == "-" ? [new("standard input", 0, standardInput)] : Directory.Exists(path) ? OfDirectory(path, isLeftOut) : [OfFile(path)])];

    static LogSource OfFile(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file or directory, expected an audit log");
        return new(path, new FileInfo(path).Length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan));
    }

    static List<LogSource> OfDirectory(string path, Action<string> isLeftOut)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        var files = new List<LogSource>();
        foreach (var entry in Directory.EnumerateFileSystemEntries(path, "*", options).Order(StringComparer.Ordinal))
            if (File.Exists(entry) && IsLog(entry))
                files.Add(OfFile(entry));
            else
                isLeftOut(entry);
        return files.Count > 0 ? files
            : throw new InputException($"{path}: holds no audit log, expected files that begin with JSON, plain or gzip");
    }

    // Notes and scripts lie beside logs; what begins like JSON, gzip or a shipper's line with JSON in it is one.
    static bool IsLog(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[512];
        var text = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].TrimStart([(byte)0xef, (byte)0xbb, (byte)0xbf]).TrimStart(" \t\r\n"u8);
        return text is [0x1f, 0x8b, ..] or [(byte)'{' or (byte)'[', ..] || text.IndexOf("{\""u8) >= 0;
    }
}
