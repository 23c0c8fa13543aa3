using System.Text;
using RbacLens.Cli;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Tests;

/// <summary>Runs the program in this process, with the test as its terminal.</summary>
static class CommandLine
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    public sealed record Result(int ExitCode, byte[] OutputBytes, string Error)
    {
        public string Output => Encoding.UTF8.GetString(OutputBytes);
    }

    public static async Task<Result> RunAsync(string[] args, byte[]? input = null, int width = 80, Surroundings? surroundings = null)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal
        {
            Input = () => new MemoryStream(input ?? []),
            Output = output,
            Error = error,
            Width = width,
            Surroundings = surroundings ?? new(
                new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = Now.ToUnixTimeSeconds().ToString() }, "/nowhere", TimeProvider.System),
        };
        var exitCode = await Program.RunAsync(args, terminal);
        return new(exitCode, output.ToArray(), error.ToString());
    }

    public static Task<Result> RunAsync(string input, params string[] args) => RunAsync(args, Encoding.UTF8.GetBytes(input));
}
