using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>A policy that found something: about whom, where, how bad, and the evidence.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="About">The subject, or the object that is judged.</param>
/// <param name="Scopes">Where it holds, ascending; <see cref="Scope.Cluster"/> alone for the whole cluster.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Because">One line: what it can do and why that is rated so.</param>
public sealed record Finding(Policy Policy, Target About, ImmutableArray<Scope> Scopes, Severity Severity, string Because)
{
    /// <summary>The grants that make it so; empty for findings about objects.</summary>
    public ImmutableArray<Grant> Grants { get; init; } = [];

    /// <summary>Whether everything about it ships with Kubernetes, or with a platform, and is no news; such findings are hidden unless asked for.</summary>
    public bool IsStock { get; init; }

    /// <summary>The platform or add-on that ships everything about it exactly so: <c>k3s</c>, <c>argo-cd</c>; null for what people made.</summary>
    public string? Platform { get; init; }

    /// <summary>How often its subject used these grants, as the audit log shows; null without a log, or where the log could not show it.</summary>
    public UseCount? Usage { get; init; }

    /// <summary>The fingerprint of the finding that this one stands beside: worse, about the same subject; null for one that stands for itself.</summary>
    public string? Lead { get; init; }

    /// <summary>How bad it is by itself, where it stands beside a lead as medium; null where <see cref="Severity"/> says so.</summary>
    public Severity? ByItself { get; init; }

    /// <summary>What the audit log shows, where it stands for that in a report that knows findings only.</summary>
    public Detection? Detection { get; init; }

    /// <summary>Who accepted it, if anyone did.</summary>
    public Suppression? Suppression { get; init; }

    /// <summary>The objects it speaks of: the bindings in its evidence, their roles, and what it is about.</summary>
    public IEnumerable<Target> Mentioned =>
    [
        .. Grants.Select(grant => new Target(grant.Binding.Kind, grant.Binding.Scope.Namespace, grant.Binding.Name)),
        .. Grants.Select(grant => new Target(grant.Role.Kind, grant.Role.Scope.Namespace, grant.Role.Name)),
        About,
    ];

    /// <summary>
    /// Sixteen hex digits that stay the same as long as policy, subject and scopes do; a time or a severity never changes them.
    /// </summary>
    public string Fingerprint => Detection?.Fingerprint ?? Digest(Parts());

    string[] Parts()
    {
        var parts = new string[4 + Scopes.Length];
        (parts[0], parts[1], parts[2], parts[3]) = (Policy.Id, About.Kind, About.Namespace, About.Name);
        for (var i = 0; i < Scopes.Length; i++)
            parts[4 + i] = Scopes[i].ToString();
        return parts;
    }

    internal static string Digest(params ReadOnlySpan<string> parts)
    {
        var most = parts.Length;
        foreach (var part in parts)
            most += Encoding.UTF8.GetMaxByteCount(part.Length);
        var text = ArrayPool<byte>.Shared.Rent(most);
        var length = 0;
        foreach (var part in parts)
        {
            length += Encoding.UTF8.GetBytes(part, text.AsSpan(length));
            text[length++] = (byte)'\n';
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.AsSpan(0, length - 1), hash);
        ArrayPool<byte>.Shared.Return(text);
        return Convert.ToHexStringLower(hash[..8]);
    }
}

/// <summary>What a finding is about: a User, Group or ServiceAccount, an object by kind, or the <c>Cluster</c>.</summary>
/// <param name="Kind">The Kubernetes kind, or <c>Cluster</c>.</param>
/// <param name="Namespace">Empty for what has none.</param>
/// <param name="Name">Empty for the cluster.</param>
public sealed record Target(string Kind, string Namespace, string Name) : IComparable<Target>
{
    /// <summary>The cluster as a whole.</summary>
    public static Target Cluster { get; } = new("Cluster", "", "");

    /// <summary>A subject as target.</summary>
    public static Target Of(Subject subject) => new(subject.Kind, subject.NamespaceOrEmpty, subject.Name);

    /// <summary>Whether it is this subject as target.</summary>
    public bool IsOf(Subject subject) => Name == subject.Name && Namespace == subject.NamespaceOrEmpty && Kind == subject.Kind;

    /// <summary>By kind, namespace and name, ordinal.</summary>
    public int CompareTo(Target? other)
    {
        if (other is null)
            return 1;
        var kind = string.CompareOrdinal(Kind, other.Kind);
        var ns = kind != 0 ? kind : string.CompareOrdinal(Namespace, other.Namespace);
        return ns != 0 ? ns : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary><c>ServiceAccount ci/pipeline</c>, <c>Group sre</c>, <c>Cluster</c>.</summary>
    public override string ToString() => $"{Kind} {Namespace}{(Namespace.Length == 0 ? "" : "/")}{Name}".TrimEnd();

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(Target left, Target right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(Target left, Target right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(Target left, Target right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(Target left, Target right) => left.CompareTo(right) >= 0;
}

/// <summary>An accepted finding.</summary>
/// <param name="AcceptedBy">Who accepted it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Until">The last day it is accepted; null for ever.</param>
public sealed record Suppression(string AcceptedBy, string Reason, DateOnly? Until);
