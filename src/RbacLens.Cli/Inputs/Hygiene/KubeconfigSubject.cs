using RbacLens.Cli.Inputs.Live;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>One entry of a kubeconfig, with what it takes to judge it.</summary>
/// <param name="Kind">What it is: <c>KubeconfigUser</c>, <c>KubeconfigCluster</c>, <c>KubeconfigContext</c> or <c>Kubeconfig</c>.</param>
/// <param name="File">The file, as the user would write it.</param>
/// <param name="Name">The entry's name; empty for the file itself.</param>
/// <param name="Fields">Its fields.</param>
sealed record KubeconfigSubject(string Kind, string File, string Name, KubeconfigEntry Fields)
{
    /// <summary>Named as <c>FILE#ENTRY</c>, so that entries of one name in two files stay apart.</summary>
    public Target Target => new(Kind, "", Name.Length == 0 ? File : $"{File}#{UntrustedText.OneLine(Name)}");

    /// <summary>An observation about it.</summary>
    public Observation Says(string check, string because) => new("kubeconfig-" + check, Target, because);
}
