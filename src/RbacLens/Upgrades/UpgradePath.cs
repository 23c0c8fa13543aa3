using RbacLens.Access;

namespace RbacLens.Upgrades;

/// <summary>From which release to which an API server moves.</summary>
/// <param name="From">The release it runs now.</param>
/// <param name="To">The release it is to run; not older.</param>
public sealed record UpgradePath(KubernetesVersion From, KubernetesVersion To)
{
    /// <summary>Whether a change of this release is met on the way: it is not there yet, and will be.</summary>
    public bool Crosses(KubernetesVersion release) => From < release && release <= To;

    /// <summary><c>1.33 to 1.36</c>.</summary>
    public override string ToString() => $"{From} to {To}";
}
