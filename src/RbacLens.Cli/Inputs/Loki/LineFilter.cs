using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Loki;

/// <summary>
/// A LogQL line filter that lets through every line a detection rule may want, and little else: filtering is cheaper where the lines are. Usage
/// cannot be counted from what is left.
/// </summary>
static class LineFilter
{
    /// <summary>The query with the filter behind it.</summary>
    public static string Add(string query, IEnumerable<DetectionRule> rules) => $"{query} |~ `{string.Join('|', Parts([.. rules]))}`";

    // Lines may be wrapped in another JSON, where a backslash stands before each quote.
    static IEnumerable<string> Parts(IReadOnlyList<DetectionRule> rules)
    {
        var resources = rules.SelectMany(rule => rule.Requests).SelectMany(pattern => pattern.Resources).Distinct().Select(resource => resource.Split('/')).ToList();
        var subresources = resources.Where(parts => parts.Length > 1).Select(parts => parts[1]).Distinct().Order(StringComparer.Ordinal).ToList();
        var plain = resources.Where(parts => parts.Length == 1).Select(parts => parts[0]).Distinct().Order(StringComparer.Ordinal).ToList();
        if (subresources.Count > 0)
            yield return Field("subresource", subresources);
        if (plain.Count > 0)
            yield return Field("resource", plain);
        foreach (var circumstance in rules.Where(rule => rule.Requests.IsEmpty).SelectMany(rule => rule.When).Distinct())
            yield return circumstance switch
            {
                Circumstance.Impersonated or Circumstance.AsMasters => "impersonatedUser",
                Circumstance.ByAnonymous => WellKnown.Anonymous,
                Circumstance.OldToken or Circumstance.LegacyToken or Circumstance.InvalidatedToken => "authentication.k8s.io/(legacy|stale)-token",
                _ => ".",
            };
    }

    static string Field(string name, IEnumerable<string> values) => name + "\\\\?\":\\s*\\\\?\"(" + string.Join('|', values) + ")\\\\?\"";
}
