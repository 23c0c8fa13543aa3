using BenchmarkDotNet.Attributes;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Benchmarks;

/// <summary>Judging 10,000 roles, 20,000 bindings and 50,000 service accounts, once they are read.</summary>
[MemoryDiagnoser]
public class EvaluationBenchmark
{
    Snapshot? snapshot;
    Stock? stock;

    [GlobalSetup]
    public async Task ReadAsync()
    {
        using var dump = new MemoryStream();
        ClusterGenerator.Write(dump, scale: 1);
        dump.Position = 0;
        snapshot = await new FileSource("default", recursive: false).ReadAsync(["-"], () => dump, default, default);
        stock = await Shipped.StockAsync(snapshot, default);
    }

    [Benchmark]
    public int Evaluate() => Evaluation.Evaluate(snapshot!, PolicyFiles.BuiltIn.ToList(), stock!).Length;
}
