using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace RbacLens.Tests;

/// <summary>
/// Checks that something holds for generated cases. The seed is printed and the same each time, so that a build never fails by luck; set
/// <c>RBACLENS_SEED</c> to a number to look elsewhere.
/// </summary>
static class Property
{
    const ulong DefaultSeed = 20261121;

    public static void Holds<T>(ITestOutputHelper output, Gen<T> cases, Func<T, bool> holds, int tests = 2000)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("RBACLENS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : DefaultSeed;
        output.WriteLine($"RBACLENS_SEED={seed}, {tests} cases");
        // The second number only has to be odd.
        Prop.ForAll(cases.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(seed, seed | 1));
    }
}
