using System.Collections.Immutable;

namespace RbacLens.Policies;

/// <summary>One thing we look for: why it matters, what to do, and the question it asks.</summary>
public sealed record Policy
{
    /// <summary>The file's name without extension: <c>nodes-proxy</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The folder it lives in: <c>nodes</c>.</summary>
    public required string Area { get; init; }

    /// <summary>One short line that completes "this subject …" or names the object's fault.</summary>
    public required string Title { get; init; }

    /// <summary>What an attacker does with it.</summary>
    public required string Why { get; init; }

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>Frameworks and pages that say the same.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The question.</summary>
    public required Match Match { get; init; }

    /// <summary>Kinds that must have been collected for "no finding" to mean "pass".</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>Manifests that must yield the finding.</summary>
    public ImmutableArray<Example> Violating { get; init; } = [];

    /// <summary>Manifests that must not.</summary>
    public ImmutableArray<Example> Conforming { get; init; } = [];
}

/// <summary>A policy's proof: manifests in which its finding must, or must not, appear.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Manifests">YAML documents, as a user would write them.</param>
/// <param name="Version">The release the cluster runs; null for an unknown one.</param>
/// <param name="Severity">For violating examples: the severity expected; null for any.</param>
public sealed record Example(string Title, string Manifests, string? Version, Severity? Severity);

/// <summary>Where else this is written.</summary>
/// <param name="Framework"><c>CIS</c>, <c>NSA</c>, <c>MITRE</c>, …; null for a page.</param>
/// <param name="Id">The control's id in the framework, or the page's URL.</param>
public sealed record Reference(string? Framework, string Id);
