using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>The inverse of the JSON report: a posture read from it renders every format as the scan did.</summary>
static class PostureReader
{
    const string ApiVersion = "rbac-lens/v1";

    /// <summary>Reads a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InputException">It is no posture, or not one this version understands.</exception>
    public static Posture Read(JsonElement root, string file)
    {
        var node = new PostureNode(root, file, "");
        var (version, kind) = (node.OptionalText("apiVersion") ?? "", node.OptionalText("kind") ?? "");
        if (version != ApiVersion || kind != "Posture")
        {
            var found = kind.Length == 0 ? "no kind" : $"{version} {kind}".Trim();
            throw new InputException($"{file}: found {found}, expected {ApiVersion} Posture, as -o json writes it");
        }

        if (!node.Has("roles"))
            throw new InputException($"{file}: was written by {node.OptionalText("tool") ?? "an older version"}, without the roles that findings refer to; expected the report of a newer scan");
        var evidence = new EvidenceReader(node);
        var policies = node.Nodes("policies").Select(Policy).ToImmutableArray();
        var known = policies.DistinctBy(policy => policy.Id).ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        var findings = node.Nodes("findings").Select(finding => FindingReader.Read(finding, known, evidence)).ToImmutableArray();
        var frameworks = FrameworkReader.Read(node, findings);
        return new()
        {
            Cluster = Cluster(node.Node("cluster")),
            CollectedAt = node.Time("collectedAt"),
            Tool = node.Text("tool"),
            InputDigest = node.OptionalText("inputDigest"),
            Counts = Counts(node.Node("objects")),
            Policies = policies,
            Findings = findings,
            Frameworks = frameworks,
            View = node.OptionalText("view") is { } view ? frameworks.FirstOrDefault(result => result.Framework.Id == view)?.Framework : null,
            HiddenStockFindings = node.Node("summary").Count("hiddenStock"),
            Subjects = [.. node.Nodes("subjects").Select(evidence.SubjectGrants)],
            Sources = Sources(node),
            Paths = [.. node.Nodes("paths").Select(path => PathReader.Path(path, evidence))],
            ChokePoints = [.. node.Nodes("chokePoints").Select(PathReader.ChokePoint)],
            ChokePointsLeftOut = PathReader.LeftOut(node.OptionalNode("chokePointsLeftOut")),
            Detections = [.. node.Nodes("detections").Select(AuditReader.Detection)],
            DetectionRules = [.. node.Nodes("detectionRules").Select(Policy)],
            Usage = node.OptionalNode("usage") is { } usage ? AuditReader.Usage(usage) : null,
            Upgrade = node.OptionalNode("upgrade") is { } upgrade ? new(Release(upgrade, "from"), Release(upgrade, "to")) : null,
            Comparison = node.OptionalNode("comparison") is { } comparison ? FindingReader.Comparison(comparison, known, evidence) : null,
            Suppressions = [.. node.Nodes("suppressions").Select(FindingReader.Status)],
            Gaps = [.. node.Nodes("gaps").Select(gap => new Gap(gap.Text("kind"), gap.Text("reason"), gap.Text("detail")))],
        };
    }

    /// <summary>Where a posture was taken.</summary>
    public static ClusterInfo Cluster(PostureNode node) => new(node.Text("context"), node.OptionalText("version"), node.Text("source")) { Uid = node.OptionalText("uid") };

    static KubernetesVersion Release(PostureNode node, string key) =>
        KubernetesVersion.TryParse(node.Text(key)) ?? throw node.Error(key, $"is \"{node.Text(key)}\", expected a Kubernetes version as in 1.34");

    static ImmutableSortedDictionary<string, int> Counts(PostureNode node) =>
        node.Keys.Distinct().ToImmutableSortedDictionary(kind => kind, node.Count, StringComparer.Ordinal);

    static ImmutableSortedDictionary<Target, SourceLine> Sources(PostureNode node) =>
        (from source in node.Nodes("sources")
         group source by source.AsTarget() into same
         select KeyValuePair.Create(same.Key, new SourceLine(same.First().Text("file"), same.First().Has("line") ? same.First().Count("line") : null)))
        .ToImmutableSortedDictionary();

    static Policy Policy(PostureNode node) => new()
    {
        Id = node.Text("id"),
        Area = node.Text("area"),
        Title = node.Text("title"),
        Why = node.Text("why"),
        Fix = node.Text("fix"),
        References = References(node),
        Needs = node.Texts("needs"),
        Match = Unasked,
    };

    /// <summary>The question of a policy that was asked elsewhere; reports have no use for it.</summary>
    public static Match Unasked { get; } = new Match.Requests([]);

    /// <summary>The references of a policy, or of a finding.</summary>
    public static ImmutableArray<Reference> References(PostureNode node) =>
    [
        .. from reference in node.Nodes("references")
           select reference.OptionalText("url") is { } url ? new Reference(null, url) : new Reference(reference.Text("framework"), reference.Text("id")),
    ];
}
