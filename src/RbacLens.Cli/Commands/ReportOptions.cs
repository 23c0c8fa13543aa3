using System.CommandLine;
using RbacLens.Cli.Reports;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>The options of a command that writes reports: where to, in which format, and when to fail.</summary>
sealed class ReportOptions
{
    readonly string usual;
    readonly Option<string[]> output = new("--output", "-o") { HelpName = "FORMAT[=FILE]" };
    readonly Option<string?> template = new("--template") { Description = "A folder whose files replace those of the HTML report.", HelpName = "DIR" };
    readonly Option<string?> failOn = new("--fail-on") { Description = "Exit with 1 when a finding is at least this severe: info, low, medium, high or critical.", HelpName = "SEVERITY" };
    readonly Option<bool> strict = new("--strict") { Description = "Exit with 3 when something could not be read." };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="usual">The format on standard output where none is asked for.</param>
    public ReportOptions(Command command, string usual)
    {
        this.usual = usual;
        output.Description = $"A report: {string.Join(", ", ReportFormats.All.Select(format => format.Name))} (default: {usual}). To a file with =FILE. Repeats.";
        failOn.AcceptOnlyFromAmong("info", "low", "medium", "high", "critical");
        foreach (var option in new Option[] { output, template, failOn, strict })
            command.Options.Add(option);
    }

    /// <summary>Where the reports go; asked before the work, so that a mistake is told at once.</summary>
    public IReadOnlyList<ReportTarget> Targets(ParseResult parsed) => ReportTarget.Parse(parsed.GetValue(output) is { Length: > 0 } asked ? asked : [usual]);

    /// <summary>Writes the reports.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WriteAsync(Posture posture, IEnumerable<ReportTarget> targets, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        foreach (var target in targets)
            await target.WriteAsync(posture, terminal.Output, terminal.Style(parsed.GetValue(template)), cancellation);
        return parsed.GetValue(failOn) is { } least && posture.Findings.Any(finding => finding.Suppression is null && finding.Severity >= Enum.Parse<Severity>(least, ignoreCase: true))
            ? ExitCodes.Findings
            : parsed.GetValue(strict) && !posture.Gaps.IsEmpty ? ExitCodes.Gaps : ExitCodes.Done;
    }
}
