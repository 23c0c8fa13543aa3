using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RbacLens.Cli.Commands;

/// <summary>Puts examples below a command's help, and only there.</summary>
static class Examples
{
    /// <summary>Adds the examples to the command's own --help.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        var help = new HelpOption();
        help.Action = new Help((SynchronousCommandLineAction)help.Action!, examples);
        command.Options.Add(help);
        return command;
    }

    sealed class Help(SynchronousCommandLineAction usual, string[] examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");
            return code;
        }
    }
}
