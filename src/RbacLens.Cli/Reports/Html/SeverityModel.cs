using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a severity.</summary>
static class SeverityModel
{
    /// <summary>Worst first.</summary>
    public static IEnumerable<Severity> All { get; } = [.. Enum.GetValues<Severity>().OrderDescending()];

    /// <summary>Its name in style sheets and data: <c>critical</c>.</summary>
    public static string Id(Severity severity) => Name(severity).ToLowerInvariant();

    /// <summary>Its name for people.</summary>
    public static string Name(Severity severity) => severity switch
    {
        Severity.Critical => "Critical",
        Severity.High => "High",
        Severity.Medium => "Medium",
        Severity.Low => "Low",
        _ => "Info",
    };

    /// <summary>Id and name.</summary>
    public static Dictionary<string, object?> Of(Severity severity) => new() { ["id"] = Id(severity), ["name"] = Name(severity) };

    /// <summary>With the number of open findings and what it asks of people.</summary>
    public static Dictionary<string, object?> Of(Severity severity, int count) => new()
    {
        ["id"] = Id(severity),
        ["name"] = Name(severity),
        ["count"] = Counted.Number(count),
        ["any"] = count > 0,
        ["meaning"] = Meaning(severity),
    };

    static string Meaning(Severity severity) => severity switch
    {
        Severity.Critical => "Fix now",
        Severity.High => "Fix soon",
        Severity.Medium => "Fix in the normal course of work",
        Severity.Low => "Clean up when convenient",
        _ => "Worth knowing",
    };
}
