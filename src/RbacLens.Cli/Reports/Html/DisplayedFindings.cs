using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>The findings in the order the page shows them: open ones worst first, then the accepted ones.</summary>
sealed class DisplayedFindings
{
    /// <summary>
    /// As many findings are in the page itself and so readable without a script. The others travel as data: a browser lays out
    /// some hundred articles at once without a pause, but not twenty thousand.
    /// </summary>
    public const int Inline = 500;

    public DisplayedFindings(Posture posture)
    {
        Posture = posture;
        Known = [.. posture.Subjects.Select(subject => subject.Subject)];
        All = [.. posture.Findings.OrderBy(finding => finding.Suppression is not null)];
        Policies = [.. posture.Policies.Concat(All.Select(finding => finding.Policy)).DistinctBy(policy => policy.Id)];
    }

    /// <summary>What they are of.</summary>
    public Posture Posture { get; }

    /// <summary>The subjects that have a page of their own.</summary>
    public HashSet<Target> Known { get; }

    /// <summary>Every finding.</summary>
    public ImmutableArray<Finding> All { get; }

    /// <summary>Every policy that was asked.</summary>
    public ImmutableArray<Policy> Policies { get; }

    /// <summary>Findings that are in the page itself.</summary>
    public IEnumerable<Finding> InPage => All.Take(Inline);

    /// <summary>How many findings travel as data.</summary>
    public int Deferred => Math.Max(0, All.Length - Inline);

    /// <summary>The group a finding is shown in when nothing else is chosen: its severity's id, or <c>accepted</c>.</summary>
    public static string Status(Finding finding) => finding.Suppression is null ? SeverityModel.Id(finding.Severity) : "accepted";
}
