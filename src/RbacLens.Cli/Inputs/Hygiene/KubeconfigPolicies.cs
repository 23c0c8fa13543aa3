using System.Collections.Immutable;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>A policy about kubeconfigs: the texts and the severity are data, what it looks for is one of the checks beside it.</summary>
/// <param name="Policy">The texts.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Examples">Its proof.</param>
sealed record KubeconfigPolicy(Policy Policy, Severity Severity, ImmutableArray<KubeconfigExample> Examples);

/// <summary>A kubeconfig that must, or must not, yield the finding.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Text">The kubeconfig.</param>
/// <param name="IsViolating">Whether it must.</param>
/// <param name="Mode">The file's mode.</param>
sealed record KubeconfigExample(string Title, string Text, bool IsViolating, UnixFileMode Mode);

/// <summary>The policies in <c>policies/kubeconfig/</c>.</summary>
static class KubeconfigPolicies
{
    const string Folder = "kubeconfig";

    /// <summary>The time that examples are judged at.</summary>
    static readonly DateTimeOffset ExampleTime = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The policies built in, by id.</summary>
    public static IReadOnlyList<KubeconfigPolicy> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<KubeconfigPolicy>> builtIn = PolicyTexts.BuiltIn(Folder + "/", Parse, policy => policy.Policy.Id);

    /// <summary>Observations as findings, worst first.</summary>
    public static ImmutableArray<Finding> Findings(IEnumerable<Observation> observations) =>
        Observation.Findings(observations, BuiltIn.Select(policy => (policy.Policy, policy.Severity)));

    /// <summary>Judges every example of a policy.</summary>
    public static IEnumerable<PolicyProof> Prove(KubeconfigPolicy policy) =>
        from example in policy.Examples
        let found = Findings(Look(example)).Where(finding => finding.Policy.Id == policy.Policy.Id).Max(finding => (Severity?)finding.Severity)
        select new PolicyProof(policy.Policy.Id, example.Title, example.IsViolating ? policy.Severity.ToString() : null, found);

    static IReadOnlyList<Observation> Look(KubeconfigExample example)
    {
        var folder = Directory.CreateTempSubdirectory("rbac-lens-");
        try
        {
            var path = Path.Combine(folder.FullName, "config");
            File.WriteAllText(path, example.Text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, example.Mode);
            var review = new KubeconfigReview("", ExampleTime);
            review.Read([KubeconfigFile.Read(path)]);
            // A broken example would prove nothing by finding nothing.
            return review.Gaps is [var gap, ..] ? throw new InputException(gap.Detail) : review.Found;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static KubeconfigPolicy Parse(string yaml, string file) => PolicyTexts.Parse(yaml, file, "a policy", node => new KubeconfigPolicy(
        PolicyFiles.Texts(node, Folder, new Match.Elsewhere()), node.SeverityOf("severity", node.Text("severity")),
        [.. Examples(node, "violating"), .. Examples(node, "conforming")]));

    static IEnumerable<KubeconfigExample> Examples(PolicyNode policy, string key)
    {
        foreach (var node in policy.Nodes(key))
        {
            var mode = node.OptionalText("mode") is { } octal ? (UnixFileMode)Convert.ToInt32(octal, 8) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
            yield return new(node.Text("title"), Whole(node), key == "violating", mode);
            node.Complete();
        }
    }

    // Most examples are one user or one cluster, so the rest of the file goes without saying.
    static string Whole(PolicyNode node) => node.OptionalText("kubeconfig") ?? $$"""
        {apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: k, user: u} }],
         clusters: [{name: k, cluster: {{node.Raw("cluster")?.GetRawText() ?? """{"server": "https://k.example.com:6443", "certificate-authority-data": "LS0t"}"""}} }],
         users: [{name: u, user: {{node.Raw("user")?.GetRawText() ?? "{}"}} }]}
        """;
}
