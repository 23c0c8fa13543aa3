using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>A CertificateSigningRequest's spec and status.</summary>
sealed class SigningRequestReader
{
    string signer = "";
    string requester = "";
    string request = "";
    string certificate = "";
    long? seconds;
    bool isApproved;
    bool isRejected;

    public void Start() => (signer, requester, request, certificate, seconds, isApproved, isRejected) = ("", "", "", "", null, false, false);

    public void ReadSpec(ref JsonCursor json)
    {
        if (!json.EntersObject("spec"))
            return;
        while (json.NextProperty())
        {
            if (json.Is("signerName"u8) && json.Read())
                signer = json.String("spec.signerName");
            else if (json.Is("username"u8) && json.Read())
                requester = json.String("spec.username");
            else if (json.Is("request"u8) && json.Read())
                request = json.Text("spec.request");
            else if (json.Is("expirationSeconds"u8) && json.Read())
                seconds = json.Integer("spec.expirationSeconds");
            else if (json.Read())
                json.Skip();
        }
    }

    public void ReadStatus(ref JsonCursor json)
    {
        if (!json.EntersObject("status"))
            return;
        while (json.NextProperty())
        {
            if (json.Is("certificate"u8) && json.Read())
                certificate = json.Text("status.certificate");
            else if (json.Is("conditions"u8) && json.Read())
                ReadConditions(ref json);
            else if (json.Read())
                json.Skip();
        }
    }

    void ReadConditions(ref JsonCursor json)
    {
        if (!json.EntersArray("status.conditions"))
            return;
        while (json.NextElement())
            if (json.EntersObject("status.conditions[]"))
                while (json.NextProperty())
                {
                    if (json.Is("type"u8) && json.Read())
                        Note(json.String("status.conditions[].type"));
                    else if (json.Read())
                        json.Skip();
                }
    }

    void Note(string condition)
    {
        isApproved |= condition == "Approved";
        isRejected |= condition is "Denied" or "Failed";
    }

    /// <summary>What was read. A request or certificate that cannot be read says nothing about whom it is for.</summary>
    public SigningRequest Request(string name)
    {
        var subject = Subject();
        var issued = Issued();
        return new(name, signer, requester)
        {
            User = issued?.User ?? subject?.User,
            Groups = issued?.Groups ?? subject?.Groups ?? [],
            ExpirationSeconds = seconds,
            IsApproved = isApproved,
            IsRejected = isRejected,
            NotBefore = issued?.NotBefore,
            NotAfter = issued?.NotAfter,
            Request = request,
            Certificate = certificate,
        };
    }

    CertificateName? Subject()
    {
        try
        {
            var asked = CertificateRequest.LoadSigningRequestPem(
                Pem(request), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.SkipSignatureValidation);
            return CertificateName.Of(asked.SubjectName);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    ClientCertificateFacts? Issued() => certificate.Length == 0 ? null : ClientCertificateFacts.TryRead(TryPem(certificate));

    static string TryPem(string base64)
    {
        try
        {
            return Pem(base64);
        }
        catch (FormatException)
        {
            return "";
        }
    }

    static string Pem(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
