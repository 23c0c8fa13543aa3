using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>What a report is going to say, in order, and the places its links lead to.</summary>
/// <param name="Posture">What it reports.</param>
/// <param name="Severities">The open findings: by severity, worst first, then by policy.</param>
sealed record Plan(Posture Posture, ImmutableArray<SeverityPart> Severities)
{
    /// <summary>The title that was asked for; null for the report's own.</summary>
    public string? Title { get; init; }

    /// <summary>The picture on the cover; null for none.</summary>
    public PdfImage? Logo { get; init; }

    /// <summary>Every severity, worst first.</summary>
    public static readonly ImmutableArray<Severity> WorstFirst =
        [Severity.Critical, Severity.High, Severity.Medium, Severity.Low, Severity.Info];

    public Anchor Summary { get; } = new();

    public Anchor Contents { get; } = new();

    public Anchor Findings { get; } = new();

    public Anchor Changes { get; } = new();

    public Anchor Paths { get; } = new();

    public Anchor Audit { get; } = new();

    public Anchor Frameworks { get; } = new();

    public Anchor SignOff { get; } = new();

    public Anchor Accepted { get; } = new();

    public Anchor Gaps { get; } = new();

    public Anchor Policies { get; } = new();

    public Anchor Method { get; } = new();

    /// <summary>The chapters after the contents.</summary>
    public IEnumerable<(string Title, Anchor Anchor)> Chapters =>
        from chapter in ((string, Anchor)[])
        [
            ("What changed", Changes), ("Findings", Findings), ("Where it leads", Paths), ("What the audit log shows", Audit),
            ("Frameworks, control by control", Frameworks), ("Accepted findings", Accepted), ("What could not be read", Gaps),
            ("Policies that were asked", Policies), ("Method and limits", Method), ("Sign-off", SignOff),
        ]
        where IsThere(chapter.Item2)
        select chapter;

    bool IsThere(Anchor chapter) =>
        chapter == Changes ? Posture.Comparison is not null
        : chapter == Paths ? PathWords.AreAsked(Posture)
        : chapter == Audit ? Posture.Usage is not null
        : chapter == Frameworks ? !Posture.Frameworks.IsEmpty && Posture.Upgrade is null
        : chapter != Accepted || Posture.Suppressed > 0 || Posture.Suppressions.Any(status => status.State != RiskState.Active);

    /// <summary>The open findings.</summary>
    public IEnumerable<Finding> Open => Posture.Findings.Where(finding => finding.Suppression is null);

    /// <summary>Plans the report of a posture.</summary>
    public static Plan For(Posture posture)
    {
        var first = new Dictionary<string, PolicyPart>(StringComparer.Ordinal);
        var open = posture.Findings.Where(finding => finding.Suppression is null).ToLookup(finding => finding.Severity);
        return new(posture, [.. from severity in WorstFirst where open.Contains(severity) select Part(severity, open[severity], first)]);
    }

    static SeverityPart Part(Severity severity, IEnumerable<Finding> findings, Dictionary<string, PolicyPart> first)
    {
        var parts = ImmutableArray.CreateBuilder<PolicyPart>();
        foreach (var group in findings.GroupBy(finding => finding.Policy.Id, StringComparer.Ordinal))
        {
            var part = new PolicyPart(group.First().Policy, [.. group]) { ExplainedBy = first.GetValueOrDefault(group.Key) };
            first.TryAdd(group.Key, part);
            parts.Add(part);
        }
        return new(severity, parts.ToImmutable());
    }
}

/// <summary>The open findings of one severity.</summary>
sealed record SeverityPart(Severity Severity, ImmutableArray<PolicyPart> Policies)
{
    public Anchor Anchor { get; } = new();

    public int Count => Policies.Sum(part => part.Findings.Length);
}

/// <summary>The open findings of one severity that one policy made.</summary>
sealed record PolicyPart(Policy Policy, ImmutableArray<Finding> Findings)
{
    public Anchor Anchor { get; } = new();

    /// <summary>The earlier part that explains the policy, when it found something worse already; null when this part does.</summary>
    public PolicyPart? ExplainedBy { get; init; }
}
