using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a framework.</summary>
static class FrameworkModel
{
    /// <summary>A framework with its controls.</summary>
    public static Dictionary<string, object?> Of(FrameworkResult result) => new()
    {
        ["id"] = SafeText.Of(result.Framework.Id),
        ["title"] = SafeText.Of(result.Framework.Title),
        ["version"] = SafeText.Of(result.Framework.Version),
        ["url"] = WebAddress.Is(result.Framework.Url) ? result.Framework.Url : null,
        ["failed"] = Count(result, ControlStatus.Fail),
        ["passed"] = Count(result, ControlStatus.Pass),
        ["unassessed"] = Count(result, ControlStatus.NotAssessed),
        ["controls"] = result.Controls.Select(control => Control(result.Framework, control)).ToList(),
    };

    /// <summary>Its name among references: <c>CIS 5.1.1</c>.</summary>
    public static string Name(string framework, string control) => SafeText.Of($"{framework} {control}");

    static string Count(FrameworkResult result, ControlStatus status) => Counted.Number(result.Controls.Count(control => control.Status == status));

    static Dictionary<string, object?> Control(Framework framework, ControlResult result) => new()
    {
        ["id"] = SafeText.Of(result.Control.Id),
        ["title"] = SafeText.Of(result.Control.Title),
        ["status"] = result.Status switch { ControlStatus.Pass => "pass", ControlStatus.Fail => "fail", _ => "unassessed" },
        ["statusName"] = result.Status switch { ControlStatus.Pass => "Pass", ControlStatus.Fail => "Fail", _ => "Not assessed" },
        ["because"] = SafeText.Of(result.Because),
        ["link"] = result.Findings.IsEmpty ? null : FilterLink.To(("framework", Name(framework.Id, result.Control.Id))),
    };
}
