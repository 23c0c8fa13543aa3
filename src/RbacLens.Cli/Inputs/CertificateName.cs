using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RbacLens.Cli.Inputs;

/// <summary>Whom a client certificate logs in as: the API server takes the common name for the user and every organization for a group.</summary>
/// <param name="User">The common name; null where there is none.</param>
/// <param name="Groups">The organizations, in order.</param>
sealed record CertificateName(string? User, ImmutableArray<string> Groups)
{
    const string CommonName = "2.5.4.3";
    const string Organization = "2.5.4.10";

    /// <summary>Reads a name. Go writes several organizations into one set, which .NET's own enumeration does not read.</summary>
    /// <exception cref="CryptographicException">It is not a name.</exception>
    public static CertificateName Of(X500DistinguishedName name)
    {
        var parts = new List<(string Kind, string Value)>();
        try
        {
            var sets = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sets.HasData)
                for (var set = sets.ReadSetOf(skipSortOrderValidation: true); set.HasData;)
                {
                    var pair = set.ReadSequence();
                    parts.Add((pair.ReadObjectIdentifier(), Text(pair)));
                }
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("not a distinguished name", e);
        }

        return new(
            parts.Where(part => part.Kind == CommonName).Select(part => part.Value).LastOrDefault(),
            [.. parts.Where(part => part.Kind == Organization).Select(part => part.Value)]);
    }

    static string Text(AsnReader value)
    {
        var tag = value.PeekTag();
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
            or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
            ? value.ReadCharacterString((UniversalTagNumber)tag.TagValue)
            : "";
    }
}

/// <summary>What a client certificate tells everybody.</summary>
/// <param name="User">The user it logs in as; null where it names none.</param>
/// <param name="Groups">The groups it logs in with.</param>
/// <param name="NotBefore">When it begins to be valid.</param>
/// <param name="NotAfter">When it ends to be valid.</param>
/// <param name="Fingerprint">The SHA-256 digest of the certificate, in hex.</param>
/// <param name="RsaBits">The size of an RSA key; null for others.</param>
sealed record ClientCertificateFacts(
    string? User, ImmutableArray<string> Groups, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Fingerprint, int? RsaBits)
{
    /// <summary>Reads the first certificate of a PEM text; null where there is none that can be read.</summary>
    public static ClientCertificateFacts? TryRead(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            using var rsa = certificate.GetRSAPublicKey();
            var name = CertificateName.Of(certificate.SubjectName);
            return new(
                name.User, name.Groups, new(certificate.NotBefore.ToUniversalTime()), new(certificate.NotAfter.ToUniversalTime()),
                certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), rsa?.KeySize);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
