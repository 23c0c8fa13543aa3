using System.Net;
using System.Text.Json;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Probes;

/// <summary>What the answers of endpoints mean, once they are there.</summary>
static class EndpointAnswers
{
    /// <summary>The paths that Kubernetes ships open to everybody (system:public-info-viewer).</summary>
    public static readonly string[] Health = ["/version", "/healthz", "/livez", "/readyz"];

    /// <summary>A path that strangers have no use for.</summary>
    public const string Discovery = "/api";

    /// <summary>The addresses that the API server's name stands for.</summary>
    public static IEnumerable<Observation> Addresses(string server, IEnumerable<IPAddress> addresses)
    {
        var open = addresses.Where(ClusterChecks.IsPublic).Select(address => address.ToString()).Order(StringComparer.Ordinal).ToList();
        if (open.Count > 0)
            yield return new("probe-public-address", Target.Cluster, $"{server} is at {string.Join(", ", open)}");
    }

    /// <summary>The paths that were answered without credentials.</summary>
    public static IEnumerable<Observation> Anonymous(string server, IReadOnlyCollection<string> answered)
    {
        if (answered.Contains(Discovery))
            yield return new("probe-anonymous-api", Target.Cluster, $"{server} answers {Discovery} without credentials");
        if (answered.Intersect(Health).ToList() is { Count: > 0 } health)
            yield return new("probe-anonymous-health", Target.Cluster, $"{server} answers {string.Join(", ", health)} without credentials");
    }

    /// <summary>A SelfSubjectRulesReview, which is incomplete where an authorizer cannot list its rules.</summary>
    public static IEnumerable<Observation> Rules(JsonElement review)
    {
        if (Text(review, "status", "incomplete") != "True")
            yield break;
        var why = Text(review, "status", "evaluationError") is { Length: > 0 } error ? $": {UntrustedText.OneLine(error)}" : "";
        yield return new("probe-other-authorizers", Target.Cluster, $"the list of one's own rules is incomplete{why}");
    }

    /// <summary>The configuration that a kubelet runs with (kubelet.config.k8s.io/v1beta1).</summary>
    public static IEnumerable<Observation> Kubelet(string node, JsonElement config)
    {
        var about = new Target("Node", "", node);
        var mode = Text(config, "authorization", "mode");
        if (Text(config, "authentication", "anonymous", "enabled") == "True")
            yield return new("probe-kubelet-anonymous", about, $"authentication.anonymous.enabled is true, authorization.mode is {UntrustedText.OneLine(mode ?? "not told")}");
        if (mode == "AlwaysAllow")
            yield return new("probe-kubelet-always-allow", about, "authorization.mode is AlwaysAllow");
        // The field is left out where the port is off.
        if (Text(config, "readOnlyPort") is { } port and not "0")
            yield return new("probe-kubelet-read-only-port", about, $"readOnlyPort is {UntrustedText.OneLine(port)}");
    }

    static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var part in path)
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
                return null;
        return element.ToString();
    }
}
