using System.Collections.Immutable;
using System.Net;
using RbacLens.Cli.Inputs.Hygiene;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Probes;

/// <summary>A policy about endpoints: the texts and the severity are data, what it looks for is in <see cref="EndpointAnswers"/>.</summary>
/// <param name="Policy">The texts.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Proofs">What comes of its examples.</param>
sealed record EndpointPolicy(Policy Policy, Severity Severity, ImmutableArray<PolicyProof> Proofs);

/// <summary>The policies in <c>policies/endpoints/</c>, which only probes ask.</summary>
static class EndpointPolicies
{
    const string Folder = "endpoints";

    /// <summary>The policies built in, by id.</summary>
    public static IReadOnlyList<EndpointPolicy> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<EndpointPolicy>> builtIn = PolicyTexts.BuiltIn(Folder + "/", Parse, policy => policy.Policy.Id);

    /// <summary>Observations as findings, worst first.</summary>
    public static ImmutableArray<Finding> Findings(IEnumerable<Observation> observations) =>
        Observation.Findings(observations, BuiltIn.Select(policy => (policy.Policy, policy.Severity)));

    static EndpointPolicy Parse(string yaml, string file) => PolicyTexts.Parse(yaml, file, "a policy", node =>
    {
        var policy = PolicyFiles.Texts(node, Folder, new Match.Elsewhere());
        var severity = node.SeverityOf("severity", node.Text("severity"));
        return new EndpointPolicy(policy, severity, [.. Proofs(severity.ToString(), "violating"), .. Proofs(null, "conforming")]);

        IEnumerable<PolicyProof> Proofs(string? expected, string key) => node.Nodes(key).Select(example =>
        {
            var proof = new PolicyProof(policy.Id, example.Text("title"), expected, Observed(example).Any(observed => observed.Check == policy.Id) ? severity : null);
            example.Complete();
            return proof;
        });
    });

    static List<Observation> Observed(PolicyNode example) =>
    [
        .. example.Has("addresses") ? EndpointAnswers.Addresses("example", example.Names("addresses").Select(IPAddress.Parse)) : [],
        .. example.Has("anonymous") ? EndpointAnswers.Anonymous("example", [.. example.Names("anonymous")]) : [],
        .. example.Raw("review") is { } review ? EndpointAnswers.Rules(review) : [],
        .. example.Raw("kubelet") is { } config ? EndpointAnswers.Kubelet("example", config) : [],
    ];
}
