using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>How the cluster stood with the controls of frameworks, in the words of the version that judged.</summary>
static class FrameworkReader
{
    /// <summary>The frameworks of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="findings">Its findings, which controls refer to.</param>
    public static ImmutableArray<FrameworkResult> Read(PostureNode document, IEnumerable<Finding> findings)
    {
        var known = findings.DistinctBy(finding => finding.Fingerprint).ToDictionary(finding => finding.Fingerprint, StringComparer.Ordinal);
        return [.. document.Nodes("frameworks").Select(framework => Framework(framework, known))];
    }

    static FrameworkResult Framework(PostureNode node, Dictionary<string, Finding> findings)
    {
        ImmutableArray<ControlResult> controls = [.. node.Nodes("controls").Select(control => Control(control, findings))];
        return new(new(node.Text("id"), node.Text("title"), node.Text("version"), node.Text("url"), [.. controls.Select(result => result.Control)]), controls);
    }

    static ControlResult Control(PostureNode node, Dictionary<string, Finding> findings) => new(
        new(node.Text("id"), node.Text("title")), Status(node), node.Text("because"), node.Texts("policies"),
        [
            .. from fingerprint in node.Texts("findings")
               select findings.GetValueOrDefault(fingerprint) ?? throw node.Error("findings", $"refers to {fingerprint}, which is not among the findings"),
        ]);

    static ControlStatus Status(PostureNode node) => node.Text("status") switch
    {
        "pass" => ControlStatus.Pass,
        "fail" => ControlStatus.Fail,
        "notAssessed" => ControlStatus.NotAssessed,
        var other => throw node.Error("status", $"is \"{other}\", expected pass, fail or notAssessed"),
    };
}
