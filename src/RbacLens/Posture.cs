using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Upgrades;

namespace RbacLens;

/// <summary>How a cluster stands: the sole input of every report.</summary>
public sealed record Posture
{
    /// <summary>Which cluster.</summary>
    public required ClusterInfo Cluster { get; init; }

    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset CollectedAt { get; init; }

    /// <summary>The program that judged: name and version.</summary>
    public required string Tool { get; init; }

    /// <summary>SHA-256 of the files that were read, as <c>sha256:</c> and hex digits; null for a live cluster and for standard input.</summary>
    public string? InputDigest { get; init; }

    /// <summary>Objects that were read, per kind.</summary>
    public ImmutableSortedDictionary<string, int> Counts { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The policies that were asked, by id.</summary>
    public ImmutableArray<Policy> Policies { get; init; } = [];

    /// <summary>What was found: worst first, then by policy, subject and scope.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Findings left out because everything about them ships with Kubernetes.</summary>
    public int HiddenStockFindings { get; init; }

    /// <summary>Where the manifests are that findings are about, and the bindings and roles in their evidence; empty for a cluster.</summary>
    public ImmutableSortedDictionary<Target, SourceLine> Sources { get; init; } = ImmutableSortedDictionary<Target, SourceLine>.Empty;

    /// <summary>What the subjects of findings hold, the subjects of their evidence included; sorted by subject.</summary>
    public ImmutableArray<SubjectGrants> Subjects { get; init; } = [];

    /// <summary>What changed since an earlier posture; null where none was compared with.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>The shortest path of each identity that is not meant to be powerful to the worst it can reach, shortest first.</summary>
    public ImmutableArray<Paths.Path> Paths { get; init; } = [];

    /// <summary>The bindings without which most of these paths are gone, most first.</summary>
    public ImmutableArray<ChokePoint> ChokePoints { get; init; } = [];

    /// <summary>How many bindings <see cref="ChokePoints"/> does not show.</summary>
    public ChokePointsLeftOut ChokePointsLeftOut { get; init; }

    /// <summary>What the audit log shows that should be looked at, worst first; empty without a log.</summary>
    public ImmutableArray<Detection> Detections { get; init; } = [];

    /// <summary>The texts of the rules that an audit log was held against; empty without a log, or where nothing says them.</summary>
    public ImmutableArray<Policy> DetectionRules { get; init; } = [];

    /// <summary>What the audit log says about the use of grants; null without a log.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The entries of the suppressions file, those that accept nothing included; empty without one.</summary>
    public ImmutableArray<RiskStatus> Suppressions { get; init; } = [];

    /// <summary>What could not be collected.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>How the cluster stands with the controls of each framework.</summary>
    public ImmutableArray<FrameworkResult> Frameworks { get; init; } = [];

    /// <summary>The framework whose view of the cluster this is; null for all there is.</summary>
    public Framework? View { get; init; }

    /// <summary>The upgrade that the findings are about; null where they are about the cluster as it is.</summary>
    public UpgradePath? Upgrade { get; init; }

    /// <summary>The posture of a snapshot.</summary>
    /// <param name="snapshot">What was collected.</param>
    /// <param name="policies">What was asked.</param>
    /// <param name="findings">What was found, in order.</param>
    /// <param name="tool">The program: name and version.</param>
    /// <param name="includeStock">Whether findings about what ships with Kubernetes are shown.</param>
    public static Posture Of(
        Snapshot snapshot, IEnumerable<Policy> policies, ImmutableArray<Finding> findings, string tool, bool includeStock)
    {
        var shown = Leads.Mark([.. findings.Where(finding => includeStock || !finding.IsStock)]);
        var posture = new Posture
        {
            Cluster = snapshot.Cluster,
            CollectedAt = snapshot.CollectedAt,
            Tool = tool,
            Counts = snapshot.Counts,
            Policies = [.. policies],
            Findings = shown,
            HiddenStockFindings = findings.Length - shown.Length,
            Sources = SourcesOf(shown, snapshot),
            Subjects = SubjectGrants.Of(shown, snapshot),
            Gaps = snapshot.Gaps,
        };
        return posture with { Frameworks = FrameworkResult.Of(posture) };
    }

    /// <summary>The same cluster as one framework sees it: only its controls, the policies asked for them, and what these found.</summary>
    public Posture SeenBy(Framework framework)
    {
        var asked = Policies.Where(policy => policy.References.Any(reference => reference.Framework == framework.Id)).ToImmutableArray();
        var ids = asked.Select(policy => policy.Id).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            View = framework,
            Policies = asked,
            Findings = [.. Findings.Where(finding => ids.Contains(finding.Policy.Id))],
            Frameworks = [.. Frameworks.Where(result => result.Framework.Id == framework.Id)],
        };
    }

    /// <summary>
    /// Where a finding is to be mended, best place first: the bindings that grant it, their roles, and what it is about. Empty without manifests.
    /// </summary>
    public IEnumerable<SourceLine> Places(Finding finding) =>
        (from target in finding.Mentioned
         where Sources.ContainsKey(target)
         select Sources[target]).Distinct();

    static ImmutableSortedDictionary<Target, SourceLine> SourcesOf(ImmutableArray<Finding> findings, Snapshot snapshot) =>
        snapshot.Sources.Count == 0
            ? ImmutableSortedDictionary<Target, SourceLine>.Empty
            : (from target in findings.SelectMany(finding => finding.Mentioned).Distinct()
               let source = snapshot.Sources.GetValueOrDefault((target.Kind, target.Namespace, target.Name))
               where source is not null
               select KeyValuePair.Create(target, source)).ToImmutableSortedDictionary();

    /// <summary>Open findings of one severity; accepted ones do not count.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity && finding.Suppression is null);

    /// <summary>Accepted findings.</summary>
    public int Suppressed => Findings.Count(finding => finding.Suppression is not null);

    /// <summary>Whether there is access to judge: a role, a binding, or a kubeconfig's identity.</summary>
    public bool HasAccess => Cluster.Source == "kubeconfig" || Counts.Any(count =>
        count is { Value: > 0, Key: "Role" or "ClusterRole" or "RoleBinding" or "ClusterRoleBinding" });

    /// <summary>Whether anything was judged: access held against policies, or an audit log. Where nothing was, silence is no good news.</summary>
    public bool IsJudged => Usage is not null || (!Policies.IsEmpty && HasAccess);

    /// <summary>The policies whose silence proves nothing because of a gap.</summary>
    public IEnumerable<string> Undecided(Gap gap) =>
        from policy in Policies
        where policy.Needs.Contains(gap.Kind) || (gap.Kind == "*" && policy.Needs.Length > 0)
        select policy.Id;
}
