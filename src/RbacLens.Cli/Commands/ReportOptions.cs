using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Postures;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Pdf;
using RbacLens.Policies;

namespace RbacLens.Cli.Commands;

/// <summary>The options shared by every command that writes reports.</summary>
sealed class ReportOptions
{
    readonly string usual;
    readonly Option<string[]> output = new("--output", "-o") { HelpName = "FORMAT[=FILE]" };
    readonly Option<string?> compare = new("--compare", "--baseline") { Description = "An earlier posture (-o json); reports then say what is new, what is resolved and what cannot be told.", HelpName = "FILE" };
    readonly Option<string?> template = new("--template") { Description = "A folder whose files replace those of the HTML report (template export writes them).", HelpName = "DIR" };
    readonly Option<string?> title = new("--title") { Description = "The title of the HTML and PDF reports.", HelpName = "TEXT" };
    readonly Option<string?> logo = new("--logo") { Description = "A picture at the head of the HTML and PDF reports: PNG, JPEG, or for HTML alone SVG.", HelpName = "FILE" };
    readonly Option<string?> failOn = new("--fail-on") { Description = "Exit with 1 when a finding or a detection is at least this severe: info, low, medium, high or critical; new:high with --compare for what is new only.", HelpName = "SEVERITY" };
    readonly Option<bool> newOnly = new("--new-only") { Description = "With --compare: only what is new, reopened or worse counts for --fail-on." };
    readonly Option<bool> strict = new("--strict") { Description = "Exit with 3 when something could not be read." };

    const string New = "new:";
    static readonly string[] Levels = ["info", "low", "medium", "high", "critical"];

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="usual">The format on standard output where none is asked for.</param>
    /// <param name="compares">Whether the command can be asked what changed.</param>
    /// <param name="themes">Whether the HTML report's files can be replaced; not where <c>--template</c> means something else.</param>
    public ReportOptions(Command command, string usual = "table", bool compares = true, bool themes = true)
    {
        this.usual = usual;
        output.Description = $"A report: {string.Join(", ", ReportFormats.All.Select(format => format.Name))} (default: {usual}). To a file with =FILE. Repeats.";
        failOn.AcceptOnlyFromAmong([.. Levels, .. compares ? Levels.Select(level => New + level) : []]);
        foreach (var option in new Option[] { output, title, logo, failOn, strict }.Concat(themes ? [template] : []).Concat(compares ? [compare, newOnly] : []))
            command.Options.Add(option);
    }

    /// <summary>Where which reports go, so that a mistake shows before any work is done.</summary>
    public IReadOnlyList<ReportTarget> Targets(ParseResult parsed)
    {
        if (CountsNewOnly(parsed) && parsed.GetValue(compare) is null)
            throw new InputException($"{(parsed.GetValue(newOnly) ? "--new-only" : $"--fail-on {parsed.GetValue(failOn)}")}: expected --compare FILE beside it, for new is what an earlier posture does not have");
        var targets = ReportTarget.Parse(parsed.GetValue(output) is { Length: > 0 } asked ? asked : [usual]);
        if (Logo.Read(parsed.GetValue(logo)) is { } picture && targets.Any(target => target.Format.Name == "pdf"))
            PdfImage.Of(picture);
        return targets;
    }

    /// <summary>The posture with what changed since the one to compare with, if there is one.</summary>
    public async Task<Posture> ComparedAsync(Posture posture, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (parsed.GetValue(compare) is not { } file)
            return posture;
        var earlier = await PostureFile.ReadAsync(file, terminal.Input, cancellation);
        if (Kind(earlier) != Kind(posture))
            throw new InputException(Words.Printable($"--compare {file}: is about {Kind(earlier)}, expected one about {Kind(posture)}, as what it is compared with"));
        if (earlier.CollectedAt > posture.CollectedAt)
            await terminal.Error.WriteLineAsync(Words.Printable($"--compare {file}: was collected at {JsonReport.Time(earlier.CollectedAt)}, after what it is compared with"));
        if (IsElsewhere(earlier.Cluster, posture.Cluster))
            await terminal.Error.WriteLineAsync(Words.Printable($"--compare {file}: is about {earlier.Cluster.Context}, this is about {posture.Cluster.Context}"));
        return posture with { Comparison = Comparison.Between(earlier, posture) };
    }

    // Logs have a new name each day, and none of them says which cluster they are of.
    static bool IsElsewhere(ClusterInfo earlier, ClusterInfo now) =>
        earlier.Uid is { } uid && now.Uid is { } other ? uid != other : earlier.Context != now.Context && earlier.Source != "audit" && now.Source != "audit";

    // Between answers to different questions everything would look new.
    static string Kind(Posture posture) =>
        posture.Upgrade is not null ? "an upgrade"
        : posture.Cluster.Source == "kubeconfig" ? "kubeconfigs"
        : posture.Policies.IsEmpty && posture.Usage is not null ? "an audit log"
        : !posture.Policies.IsEmpty && posture.Policies.All(policy => policy.Area == "templates") ? "roles held against templates"
        : "a cluster";

    /// <summary>Writes the reports, and says with which exit code to end.</summary>
    public async Task<int> WriteAsync(Posture posture, IReadOnlyList<ReportTarget> targets, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var style = terminal.Style(parsed.GetValue(template)) with { Title = parsed.GetValue(title) is { Length: > 0 } named ? named : null, Logo = Logo.Read(parsed.GetValue(logo)) };
        foreach (var target in targets)
            await target.WriteAsync(posture, terminal.Output, style, cancellation);
        return ExitCode(posture, parsed);
    }

    int ExitCode(Posture posture, ParseResult parsed)
    {
        var least = parsed.GetValue(failOn) is { } word ? Enum.Parse<Severity>(word.Split(':')[^1], ignoreCase: true) : (Severity?)null;
        var counting = posture.Findings.Where(finding => finding.Suppression is null && (!CountsNewOnly(parsed) || posture.Comparison!.IsNews(finding)));
        return counting.Any(finding => finding.Severity >= least) || posture.Detections.Any(detection => detection.Suppression is null && detection.Severity >= least && (!CountsNewOnly(parsed) || posture.Comparison!.IsNew(detection)))
            ? ExitCodes.Findings
            : parsed.GetValue(strict) && !posture.Gaps.IsEmpty ? ExitCodes.Gaps : ExitCodes.Done;
    }

    bool CountsNewOnly(ParseResult parsed) => parsed.GetValue(newOnly) || parsed.GetValue(failOn)?.StartsWith(New, StringComparison.Ordinal) == true;
}
