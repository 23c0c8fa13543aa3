using System.Globalization;
using BenchmarkDotNet.Running;
using RbacLens.Benchmarks;

// README.md beside this file says how to run each of these.
switch (args)
{
    case ["generate", "dump", var file, .. var scale]:
        await using (var output = File.Create(file))
            ClusterGenerator.Write(output, scale is [var text] ? double.Parse(text, CultureInfo.InvariantCulture) : 1);
        break;
    case ["generate", "audit", var file, var events]:
        await using (var output = File.Create(file))
            AuditLogGenerator.Write(output, int.Parse(events, CultureInfo.InvariantCulture));
        break;
    case ["generate", "reviews", var file, var count]:
        await using (var output = File.Create(file))
            ReviewGenerator.Write(output, int.Parse(count, CultureInfo.InvariantCulture));
        break;
    case ["bare-pass", var file]:
        await using (var input = BarePass.Open(file))
            Console.WriteLine(BarePass.Count(input));
        break;
    case ["paths-curve"]:
        await PathCurve.PrintAsync();
        break;
    case ["audit-stages", var file]:
        AuditStages.Print(file);
        break;
    case ["ratio", var file, .. var turns]:
        await Ratio.PrintAsync(file, turns is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 7);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
