using System.Diagnostics;
using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Benchmarks;

/// <summary>Where the time goes when an audit log is read, one stage after the other on one thread, over a part of the log in memory.</summary>
static class AuditStages
{
    public static void Print(string file)
    {
        var bytes = new byte[100 << 20];
        using var stream = File.OpenRead(file);
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        for (var turn = 0; turn < 3; turn++)
        {
            Measure("lines", bytes.AsSpan(0, length), Lines);
            Measure("scan", bytes.AsSpan(0, length), Scan);
            Measure("key", bytes.AsSpan(0, length), Keys);
            Measure("all", bytes.AsSpan(0, length), All);
        }
    }

    delegate long Stage(ReadOnlySpan<byte> bytes);

    static void Measure(string name, ReadOnlySpan<byte> bytes, Stage stage)
    {
        var before = Process.GetCurrentProcess().UserProcessorTime;
        var count = stage(bytes);
        var took = Process.GetCurrentProcess().UserProcessorTime - before;
        Console.WriteLine($"{name,-8} {count,10} {took.TotalMilliseconds,8:0} ms {bytes.Length / took.TotalSeconds / 1e6,8:0} MB/s");
    }

    static long Lines(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            count++;
            bytes = bytes[(end + 1)..];
        }

        return count;
    }

    static long Scan(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var scan = new JsonScan(bytes[..end]);
            var found = default(RawEvent);
            var wrapped = default(Wrapped);
            if (EventScanner.TryRead(ref scan, ref found, ref wrapped))
                count += found.Verb.Length;
            bytes = bytes[(end + 1)..];
        }

        return count;
    }

    static long Keys(ReadOnlySpan<byte> bytes)
    {
        var count = 0L;
        var key = new DeedKey();
        var scratch = new byte[512];
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var scan = new JsonScan(bytes[..end]);
            var found = default(RawEvent);
            var wrapped = default(Wrapped);
            if (EventScanner.TryRead(ref scan, ref found, ref wrapped))
            {
                key.Start(ref found, RequestTail.Of(ref found, scratch), DeedTable.Detailing.Full);
                count += (long)(Fingerprint.Of(key.Span) & 1) + RawText.Ticks(found.Received) % 2;
            }

            bytes = bytes[(end + 1)..];
        }

        return count;
    }

    static long All(ReadOnlySpan<byte> bytes)
    {
        var reader = new EntryReader(new(TimeWindow.Always, _ => Interest.None, new()));
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            reader.TryRead(bytes[..end], 0, _ => "");
            bytes = bytes[(end + 1)..];
        }

        return reader.Met.Entries;
    }
}
