using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>A CertificateSigningRequest object. Requests and certificates are public; the keys that belong to them are never in a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signer">Its <c>signerName</c>.</param>
/// <param name="Requester">Who asked: the username the API server noted.</param>
public sealed record SigningRequest(string Name, string Signer, string Requester)
{
    /// <summary>The signer whose certificates the API server takes for a login of anyone.</summary>
    public const string ApiServerClient = "kubernetes.io/kube-apiserver-client";

    /// <summary>The user that the certificate is for (its common name); null where the request cannot be read.</summary>
    public string? User { get; init; }

    /// <summary>The groups that the certificate is for (its organizations).</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>The lifetime asked for; null where none is, so that the signer decides (usually a year).</summary>
    public long? ExpirationSeconds { get; init; }

    /// <summary>Whether it was denied, or failed.</summary>
    public bool IsRejected { get; init; }

    /// <summary>Whether it was approved.</summary>
    public bool IsApproved { get; init; }

    /// <summary>When the issued certificate begins to be valid; null where none was issued, or it cannot be read.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the issued certificate ends to be valid; null likewise.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary><c>spec.request</c> as it was, base64.</summary>
    public string Request { get; init; } = "";

    /// <summary><c>status.certificate</c> as it was, base64; empty where none was issued.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Whoever logs in with the certificate, as bindings would name them.</summary>
    public IEnumerable<Subject> Identities =>
        Groups.Select(group => (Subject)new Subject.Group(group)).Prepend(new Subject.User(User ?? ""));

    /// <summary><c>User carol (groups dev, ops)</c>.</summary>
    public string Whom => $"User {User ?? "(not readable)"}{(Groups.IsEmpty ? "" : $" (group{(Groups.Length == 1 ? "" : "s")} {string.Join(", ", Groups)})")}";
}
