using System.Diagnostics;
using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;

namespace RbacLens.Benchmarks;

/// <summary>
/// Compares a bare pass over a dump with reading it into a snapshot, and with a whole scan that writes a JSON report. Machines are noisy, so
/// all are measured in turns in one process, and the fastest of each counts.
/// </summary>
static class Ratio
{
    /// <summary>Measures so many turns, and prints milliseconds and ratios.</summary>
    public static async Task PrintAsync(string file, int turns)
    {
        var (bare, read, scan) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var turn = 0; turn < turns; turn++)
        {
            bare = Faster(bare, await TimeAsync(() => PassAsync(file)));
            read = Faster(read, await TimeAsync(() => ReadAsync(file)));
            scan = Faster(scan, await TimeAsync(() => ScanAsync(file)));
        }

        Console.WriteLine($"bare pass {bare.TotalMilliseconds:f0} ms, read {read.TotalMilliseconds:f0} ms (ratio {read / bare:f2}), scan {scan.TotalMilliseconds:f0} ms (ratio {scan / bare:f2})");
    }

    static TimeSpan Faster(TimeSpan one, TimeSpan other) => one < other ? one : other;

    static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed;
    }

    static async Task PassAsync(string file)
    {
        await using var input = BarePass.Open(file);
        BarePass.Count(input);
    }

    static Task<Snapshot> ReadAsync(string file) =>
        new FileSource("default", recursive: false).ReadAsync([file], () => Stream.Null, default, default);

    static async Task ScanAsync(string file)
    {
        using var errors = new StringWriter();
        var exitCode = await Cli.Program.RunAsync(["scan", "--from", file, "-o", "json"], new Terminal
        {
            Input = () => Stream.Null,
            Output = Stream.Null,
            Error = errors,
            Surroundings = new(new Dictionary<string, string>(), "/", TimeProvider.System),
        });
        if (exitCode != 0)
            throw new InvalidOperationException(errors.ToString());
    }
}
