using System.Text.Json;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;
using Path = RbacLens.Paths.Path;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>Where things lead.</summary>
static class PathReader
{
    public static Path Path(PostureNode node, EvidenceReader evidence) =>
        new(node.Target("from"), End(node), [.. node.Nodes("steps").Select(step => Step(step, evidence))]);

    public static ChokePoint ChokePoint(PostureNode node) =>
        new(EvidenceReader.Binding(node.Target("binding")), [.. node.Nodes("cuts").Select(cut => cut.AsTarget())], node.Count("of"), node.Text("breaks"))
        {
            Lowers = [.. node.Nodes("lowers").Select(lowered => (lowered.Target("from"), End(lowered)))],
            Usage = AuditReader.Use(node, "usage"),
        };

    public static ChokePointsLeftOut LeftOut(PostureNode? node) => node is null ? default : new(node.Count("further"), node.Count("notLookedAt"));

    static Target End(PostureNode node) =>
        node.Raw("to") is { ValueKind: JsonValueKind.String } ? new("Goal", "", node.Text("to")) : node.Target("to");

    static Step Step(PostureNode node, EvidenceReader evidence) =>
        new(node.Text("policy"), node.Text("sentence"), [.. Requests(node, evidence)], node.Target("becomes"))
        {
            IsBorrowed = node.Flag("impersonated"),
            Through = node.OptionalNode("through") is { } through ? EvidenceReader.Through(through) : null,
        };

    static IEnumerable<GrantedRequest> Requests(PostureNode node, EvidenceReader evidence) => node.Has("request")
        ? node.Nodes("and").Prepend(node).Select(one => new GrantedRequest(Request(one.Node("request")), evidence.Grant(one.Node("grant"), about: null)))
        : [];

    static AccessRequest Request(PostureNode node) => node.OptionalText("path") is { } url
        ? new AccessRequest.Path(node.Text("verb"), url)
        : new AccessRequest.Resource(
            node.Text("verb"), node.OptionalText("group") ?? "", node.Text("resource"), node.OptionalText("subresource") ?? "",
            node.OptionalText("namespace") ?? "", node.OptionalText("name") ?? "");
}
