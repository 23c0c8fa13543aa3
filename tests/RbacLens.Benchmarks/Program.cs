using System.Diagnostics;
using BenchmarkDotNet.Running;
using RbacLens.Benchmarks;
using RbacLens.Cli.Commands;

// README.md beside this file says how to run each of these.
switch (args)
{
    case ["generate", "dump", var file, .. var scale]:
        await using (var output = File.Create(file))
            ClusterGenerator.Write(output, scale is [var text] ? double.Parse(text) : 1);
        return 0;
    case ["generate", "audit", var file, var events]:
        await using (var output = File.Create(file))
            AuditLogGenerator.Write(output, int.Parse(events));
        return 0;
    case ["bare-pass", var file]:
        await using (var input = File.OpenRead(file))
            Console.WriteLine(BarePass.Count(input));
        return 0;
    case ["ratio", var file]:
        return await RatioAsync(file);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}

// Machines are noisy, so both are measured in turns in one process, and only their ratio is told.
static async Task<int> RatioAsync(string file)
{
    var (bare, scan) = (new List<TimeSpan>(), new List<TimeSpan>());
    for (var i = 0; i < 5; i++)
    {
        bare.Add(await TimeAsync(() =>
        {
            using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return Task.FromResult((int)BarePass.Count(input));
        }));
        scan.Add(await TimeAsync(() => Program.ScanAsync(file)));
    }

    Console.WriteLine($"bare pass {bare.Min().TotalMilliseconds:f0} ms, scan {scan.Min().TotalMilliseconds:f0} ms, ratio {scan.Min() / bare.Min():f2}");
    return 0;
}

static async Task<TimeSpan> TimeAsync(Func<Task<int>> run)
{
    var watch = Stopwatch.StartNew();
    await run();
    return watch.Elapsed;
}

partial class Program
{
    static async Task<int> ScanAsync(string file)
    {
        using var errors = new StringWriter();
        var terminal = new Terminal
        {
            Input = () => Stream.Null,
            Output = Stream.Null,
            Error = errors,
            Surroundings = new(new Dictionary<string, string>(), "/", TimeProvider.System),
        };
        return await RbacLens.Cli.Program.RunAsync(["scan", "--from", file, "-o", "json"], terminal);
    }
}
