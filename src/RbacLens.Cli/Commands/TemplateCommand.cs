using System.CommandLine;
using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Html;

namespace RbacLens.Cli.Commands;

/// <summary>The look of the HTML report, to start one's own from.</summary>
static class TemplateCommand
{
    public static Command Create(Terminal terminal) => new("template", "Change the look of the HTML report.") { Subcommands = { Export(terminal), Variables(terminal) } };

    static Command Variables(Terminal terminal)
    {
        var command = new Command("variables", "Print every name that templates see, as tables in Markdown.");
        command.SetAction(async (_, cancellation) =>
        {
            await terminal.Output.WriteAsync(Encoding.UTF8.GetBytes(TemplateVariables.Markdown().TrimStart()), cancellation);
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens template variables");
    }

    static Command Export(Terminal terminal)
    {
        var command = new Command("export", "Write the templates, style and script of the HTML report, and the list of what templates see, into a folder.");
        var folder = new Argument<string>("DIR") { Description = "The folder; it is made where it is not there." };
        var force = new Option<bool>("--force") { Description = "Replace files that are there." };
        command.Arguments.Add(folder);
        command.Options.Add(force);
        command.SetAction(async (parsed, cancellation) =>
        {
            var directory = parsed.GetRequiredValue(folder);
            var files = Templates.BuiltIn.ToList();
            if (!parsed.GetValue(force) && files.Select(file => Path.Combine(directory, file.Name)).FirstOrDefault(File.Exists) is { } there)
                throw new InputException($"{there}: is there already; expected an empty folder, or --force to replace what is in it");
            await WriteAsync(directory, files, cancellation);
            await terminal.Error.WriteLineAsync(Words.Printable($"{files.Count} files written to {directory}; delete those you leave as they are, and scan with -o html=FILE --template {directory}"));
            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens template export our-look", "rbac-lens scan -o html=posture.html --template our-look --title 'Access review' --logo logo.png");
    }

    static async Task WriteAsync(string directory, IEnumerable<TemplateFile> files, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var file in files)
                await File.WriteAllTextAsync(Path.Combine(directory, file.Name), file.Content, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot be written: {(e is UnauthorizedAccessException ? "access denied" : e.Message)}", e);
        }
    }
}
