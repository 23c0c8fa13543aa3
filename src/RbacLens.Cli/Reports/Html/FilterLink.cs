namespace RbacLens.Cli.Reports.Html;

/// <summary>Links into the list of findings: the address says how it is narrowed, so that it can be kept and sent.</summary>
static class FilterLink
{
    /// <summary><c>#?area=rbac&amp;place=ci</c>; the names are those of the form.</summary>
    public static string To(params ReadOnlySpan<(string Name, string Value)> filters)
    {
        var parts = new List<string>();
        foreach (var (name, value) in filters)
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
        return "#?" + string.Join('&', parts);
    }

    /// <summary>The page of a subject.</summary>
    public static string ToSubject(string kind, string text) => $"#subject={Uri.EscapeDataString($"{kind} {text}")}";
}
