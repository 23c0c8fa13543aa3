namespace RbacLens.Policies;

/// <summary>How much a finding matters, by what it reaches. Ordered: a greater value is worse.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Clean up when convenient.</summary>
    Low,

    /// <summary>Fix in the normal course of work.</summary>
    Medium,

    /// <summary>Fix soon.</summary>
    High,

    /// <summary>Fix now: it is, or leads to, control of the cluster.</summary>
    Critical,
}
