using System.Globalization;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What a credential plugin printed.</summary>
/// <param name="Credential">The token, the certificate, or both.</param>
/// <param name="Expires">When it ends; null where the plugin does not say.</param>
sealed record ExecCredential(Credential Credential, DateTimeOffset? Expires)
{
    /// <summary>Reads an ExecCredential object; complaints name the plugin, never what it printed.</summary>
    public static ExecCredential Parse(string json, string apiVersion, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement, apiVersion, where);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{where}: did not print an ExecCredential object in JSON", e);
        }
    }

    static ExecCredential Of(JsonElement root, string apiVersion, string where)
    {
        if (Text(root, "kind") != "ExecCredential")
            throw new InputException($"{where}: printed JSON whose kind is not ExecCredential");
        if (Text(root, "apiVersion") is var printed && printed != apiVersion)
            throw new InputException(
                $"{where}: printed apiVersion {UntrustedText.OneLine(printed ?? "(none)")}, the kubeconfig says {apiVersion}");
        if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object)
            throw new InputException($"{where}: printed no status");
        var token = Text(status, "token");
        var certificate = Certificate(status, where);
        if (token is null && certificate is null)
            throw new InputException($"{where}: printed neither a token nor a client certificate");
        return new(new(token is null ? null : Credential.Bearer(token, $"{where}: token"), certificate), Expiry(status, where));
    }

    static ClientCertificate? Certificate(JsonElement status, string where) =>
        (Text(status, "clientCertificateData"), Text(status, "clientKeyData")) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) => ClientCertificate.Parse(certificate, key, where),
            _ => throw new InputException($"{where}: printed only one of client certificate and key"),
        };

    static DateTimeOffset? Expiry(JsonElement status, string where)
    {
        if (Text(status, "expirationTimestamp") is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new InputException($"{where}: printed an expirationTimestamp that is not a time");
    }

    static string? Text(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
