using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// A dump says what is in it, not what was asked for. Every cluster has the kinds below (or nobody can tell that it has none of them),
/// so a dump without one was made without asking.
/// </summary>
static class Completeness
{
    static readonly string[][] Expected =
    [
        ["ClusterRole"], ["ClusterRoleBinding"], ["Role"], ["RoleBinding"], ["ServiceAccount"], ["Namespace"], ["Node"], ["Pod"], ["Secret"],
        ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], ["CertificateSigningRequest"],
    ];

    /// <summary>A gap for each kind that is missing.</summary>
    /// <param name="found">The kinds that are there, or that are known to have been listed.</param>
    public static IEnumerable<Gap> Gaps(IEnumerable<string> found)
    {
        var known = found.ToHashSet(StringComparer.Ordinal);
        return from alternatives in Expected
               where !alternatives.Any(known.Contains)
               select new Gap(alternatives[0], Gap.Reasons.Absent, $"the input holds no {string.Join(" or ", alternatives)}; whether the cluster has any is unknown");
    }
}
