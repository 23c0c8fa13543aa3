using System.Runtime.CompilerServices;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads audit logs: files, directories of rotated ones, standard input; plain or gzip; events one a line, as lists, or in envelopes. All cores
/// read, each what it cut off itself, so that the bytes are still near; and nothing is kept but the deeds.
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
    string? cutting;
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
        using var turn = new SemaphoreSlim(1);
        await using var batches = BatchesAsync(sources, further, failed.Token).GetAsyncEnumerator(failed.Token);
        await Task.WhenAll(readers.Select(reader => Task.Run(() => ReadAsync(batches, turn, reader, failed), CancellationToken.None)));
        return Together();
    }

    async IAsyncEnumerable<EntryBatch> BatchesAsync(
        IEnumerable<LogSource> sources, IAsyncEnumerable<EntryBatch>? further, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var source in sources)
        {
            cutting = source.Name;
            await using var stream = source.Open();
            await foreach (var batch in (await LogStream.OpenAsync(stream, source.Name, order, buffers, () => cutOff.Add(source.Name), cancellation)).WithCancellation(cancellation))
                yield return batch;
        }

        cutting = null;
        await foreach (var batch in (further ?? AsyncEnumerable.Empty<EntryBatch>()).WithCancellation(cancellation))
            yield return batch;
    }

    async Task ReadAsync(IAsyncEnumerator<EntryBatch> batches, SemaphoreSlim turn, EntryReader reader, CancellationTokenSource failed)
    {
        try
        {
            while (await NextAsync(batches, turn, failed.Token) is { } batch)
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

    async Task<EntryBatch?> NextAsync(IAsyncEnumerator<EntryBatch> batches, SemaphoreSlim turn, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (!await batches.MoveNextAsync())
                return null;
            var batch = batches.Current;
            order = batch.Order + batch.Entries;
            bytes += batch.Length;
            progress?.Report(bytes);
            return batch;
        }
        catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && cutting is not null)
        {
            throw new InputException($"{cutting}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory" : e.Message)}", e);
        }
        finally
        {
            turn.Release();
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
