using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Reports;

/// <summary>What identities log in with, as Kubernetes writes it: accounts, tokens, certificate requests.</summary>
static class CredentialJson
{
    /// <summary>A ServiceAccount.</summary>
    public static void WriteAccount(Utf8JsonWriter json, Account account)
    {
        SnapshotWriter.Start(json, "v1", "ServiceAccount", account.Namespace, account.Name, annotation: account.CloudIdentity is { } cloud ? new(cloud.Annotation, cloud.Name) : null, created: account.Created);
        if (account.Automount is { } automount)
            json.WriteBoolean("automountServiceAccountToken", automount);
        if (!account.Secrets.IsEmpty)
        {
            json.WriteStartArray("secrets");
            foreach (var secret in account.Secrets)
                SnapshotWriter.WriteMap(json, null, [new("name", secret)]);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>A Secret that holds a token, without the token.</summary>
    public static void WriteSecret(Utf8JsonWriter json, TokenSecret secret)
    {
        var labels = new List<KeyValuePair<string, string>>();
        if (secret.LastUsed is { } used)
            labels.Add(new("kubernetes.io/legacy-token-last-used", used));
        if (secret.InvalidSince is { } since)
            labels.Add(new("kubernetes.io/legacy-token-invalid-since", since));
        SnapshotWriter.Start(json, "v1", "Secret", secret.Namespace, secret.Name, labels);
        if (secret.ServiceAccount is { } account)
            SnapshotWriter.WriteMap(json, "annotations", [new("kubernetes.io/service-account.name", account)]);
        json.WriteEndObject();
        json.WriteString("type", "kubernetes.io/service-account-token");
        json.WriteEndObject();
    }

    /// <summary>A CertificateSigningRequest; what it asks for and got is public.</summary>
    public static void WriteSigningRequest(Utf8JsonWriter json, SigningRequest request)
    {
        SnapshotWriter.Start(json, "certificates.k8s.io/v1", "CertificateSigningRequest", "", request.Name);
        json.WriteStartObject("spec");
        json.WriteString("signerName", request.Signer);
        json.WriteString("username", request.Requester);
        if (request.ExpirationSeconds is { } seconds)
            json.WriteNumber("expirationSeconds", seconds);
        json.WriteString("request", request.Request);
        json.WriteEndObject();
        json.WriteStartObject("status");
        json.WriteStartArray("conditions");
        foreach (var type in new[] { request.IsApproved ? "Approved" : "", request.IsRejected ? "Denied" : "" }.Where(type => type.Length > 0))
            SnapshotWriter.WriteMap(json, null, [new("type", type)]);
        json.WriteEndArray();
        if (request.Certificate.Length > 0)
            json.WriteString("certificate", request.Certificate);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
