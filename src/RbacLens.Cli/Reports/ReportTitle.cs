namespace RbacLens.Cli.Reports;

/// <summary>What reports for people are called, where <c>--title</c> does not say it.</summary>
static class ReportTitle
{
    /// <summary>What kind of report it is: <c>RBAC posture</c>, <c>Upgrade from 1.33 to 1.36</c>.</summary>
    public static string Kind(Posture posture) =>
        posture.Upgrade is { } upgrade ? $"Upgrade from {upgrade}"
        : posture.Cluster.Source == "kubeconfig" ? "Kubeconfig review"
        : "RBAC posture";

    /// <summary>What stands on a cover.</summary>
    public static string Cover(Posture posture) => Kind(posture) is var kind && kind == "RBAC posture" ? "RBAC posture report" : kind;

    /// <summary>The same with what it is about.</summary>
    public static string Of(Posture posture) => $"{Kind(posture)}{(posture.Upgrade is null ? " of " : ": ")}{posture.Cluster.Context}";
}
