using System.IO.Compression;
using System.Text;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.AuditLogs;

namespace RbacLens.Tests.Inputs.AuditLogs;

/// <summary>Reads audit logs as the program does.</summary>
static class AuditReading
{
    /// <summary>The recorded log, a line each.</summary>
    public static IReadOnlyList<string> SeedLines { get; } = Unpack(Vectors.PathOf("audit/seed-scenario.audit.jsonl.gz"));

    /// <summary>The recorded cluster.</summary>
    public static Task<Snapshot> SeedCluster => seedCluster.Value;

    static readonly Lazy<Task<Snapshot>> seedCluster = new(() =>
        new FileSource("default", recursive: false).ReadAsync([Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz")], () => Stream.Null, default, default));

    static List<string> Unpack(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>A detector of the rules that are built in.</summary>
    public static async Task<Detector> DetectorAsync(Snapshot? cluster = null) =>
        new(DetectionFiles.BuiltIn, new() { Stock = await Shipped.TrafficAsync(cluster?.Cluster.Release, default), Cluster = cluster });

    /// <summary>Reads a log's bytes.</summary>
    public static async Task<AuditLog> ReadAsync(byte[] bytes, Detector? detector = null, TimeWindow? window = null)
    {
        var used = detector ?? await DetectorAsync();
        var reader = new AuditLogReader(window ?? TimeWindow.Always, used.InterestIn, progress: null);
        return await reader.ReadAsync([new("log", 0, () => new MemoryStream(bytes))], further: null, default);
    }

    public static Task<AuditLog> ReadAsync(string text, Detector? detector = null) => ReadAsync(Encoding.UTF8.GetBytes(text), detector);

    /// <summary>Detections as short lines.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Detection> detections) => detections.Select(detection =>
        $"{detection.Id} {detection.User.Replace("system:serviceaccount:", "", StringComparison.Ordinal)}{(detection.ActingAs is null ? "" : $" as {detection.ActingAs}")}: "
        + $"{detection.Target} {string.Join(' ', detection.Codes.Select(code => $"{code.Value}×{code.Key}"))}");
}
