using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>Findings, and what became of those of an earlier posture.</summary>
static class FindingReader
{
    /// <summary>One finding. A policy that the document does not list, as of an earlier posture, is taken from the finding itself.</summary>
    public static Finding Read(PostureNode node, Dictionary<string, Policy> policies, EvidenceReader evidence)
    {
        var about = node.Target("subject");
        var id = node.Text("policy");
        var finding = new Finding(policies.GetValueOrDefault(id) ?? Policy(node, id), about, [.. node.Texts("scopes").Select(Scope)], node.Severity("severity"), node.Text("because"))
        {
            Grants = evidence.Grants(node, about),
            IsStock = node.Flag("stock"),
            Platform = node.OptionalText("platform"),
            Lead = node.OptionalText("lead"),
            ByItself = node.Has("byItself") ? node.Severity("byItself") : null,
            Usage = AuditReader.Use(node, "usage"),
            Suppression = Suppression(node),
        };
        return finding.Fingerprint == node.Text("fingerprint")
            ? finding
            : throw node.Error("fingerprint", $"is {node.Text("fingerprint")}, but policy, subject and scopes give {finding.Fingerprint}");
    }

    /// <summary>Who accepted something, or null.</summary>
    public static Suppression? Suppression(PostureNode node) => node.OptionalNode("suppression") is { } accepted
        ? new(accepted.Text("acceptedBy"), accepted.Text("reason"), accepted.OptionalDay("until"))
        : null;

    /// <summary>An entry of a suppressions file, and what became of it.</summary>
    public static RiskStatus Status(PostureNode node) => new(
        new(node.Text("policy"), node.Text("subject"), node.Names("scopes"), new(node.Text("acceptedBy"), node.Text("reason"), node.OptionalDay("until"))),
        node.Text("state") switch
        {
            "active" => RiskState.Active,
            "expired" => RiskState.Expired,
            "unused" => RiskState.Unused,
            var other => throw node.Error("state", $"is \"{other}\", expected active, expired or unused"),
        },
        node.Count("findings"));

    /// <summary>What changed since an earlier posture.</summary>
    public static Comparison Comparison(PostureNode node, Dictionary<string, Policy> policies, EvidenceReader evidence)
    {
        var changes = node.Node("changes");
        return new(PostureReader.Cluster(node.Node("earlier")), node.Node("earlier").Time("collectedAt"), node.Node("earlier").Text("tool"))
        {
            Changes = changes.Keys.Distinct().ToImmutableSortedDictionary(fingerprint => fingerprint, fingerprint => Change(changes, fingerprint), StringComparer.Ordinal),
            HadLog = !node.Node("earlier").Has("hadAuditLog") || node.Node("earlier").Flag("hadAuditLog"),
            NewDetections = node.Has("newDetections") ? [.. node.Names("newDetections")] : [],
            UnchangedDetections = node.Has("unchangedDetections") ? node.Count("unchangedDetections") : 0,
            ResolvedDetections = node.Has("resolvedDetections") ? [.. node.Nodes("resolvedDetections").Select(AuditReader.Detection)] : [],
            UnclearDetections = node.Has("unclearDetections") ? [.. node.Nodes("unclearDetections").Select(AuditReader.Detection)] : [],
            Resolved = [.. node.Nodes("resolved").Select(finding => Read(finding, policies, evidence))],
            Unclear = [.. node.Nodes("unclear").Select(finding => Read(finding, policies, evidence))],
        };
    }

    static Change Change(PostureNode node, string fingerprint) => node.Text(fingerprint) switch
    {
        "new" => Policies.Change.New,
        "reopened" => Policies.Change.Reopened,
        "changed" => Policies.Change.Changed,
        "accepted" => Policies.Change.Accepted,
        "unchanged" => Policies.Change.Unchanged,
        "unknown" => Policies.Change.Unknown,
        var other => throw node.Error(fingerprint, $"is \"{other}\", expected new, reopened, changed, accepted, unchanged or unknown"),
    };

    static Scope Scope(string text) => text == "*" ? Rbac.Scope.Cluster : new(text);

    static Policy Policy(PostureNode node, string id) => new()
    {
        Id = id,
        Area = "",
        Title = node.Text("title"),
        Why = "",
        Fix = node.Text("fix"),
        References = PostureReader.References(node),
        Match = PostureReader.Unasked,
    };
}
