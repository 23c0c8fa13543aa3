using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>What is wrong with how a user of a kubeconfig proves who asks.</summary>
static class UserChecks
{
    static readonly string[] SecretFields = ["token", "tokenFile", "password", "client-key-data", "client-key"];
    static readonly TimeSpan WorkingDay = TimeSpan.FromHours(25);

    /// <summary>The checks, each of which fails by itself where its file cannot be read.</summary>
    public static IEnumerable<IEnumerable<Observation>> Of(KubeconfigSubject user, DateTimeOffset now) =>
        [Token(user, now), Certificate(user, now), Others(user), Plugin(user)];

    /// <summary>What tells this credential from others without telling it; null where there is none that lasts.</summary>
    public static string? Fingerprint(KubeconfigEntry user) =>
        TokenText(user) is { } token && TokenFacts.TryRead(token) is { } facts ? $"token {facts.Fingerprint}"
        : CertificatePem(user) is { } pem && ClientCertificateFacts.TryRead(pem) is { } certificate ? $"certificate {certificate.Fingerprint[..16]}"
        : null;

    /// <summary>Whether it holds, or names a file with, something that whoever reads it can log in with.</summary>
    public static bool HoldsSecret(KubeconfigEntry user) =>
        SecretFields.Any(field => user.Text(field) is not null) || user.Node("auth-provider") is not null;

    static IEnumerable<Observation> Token(KubeconfigSubject user, DateTimeOffset now)
    {
        if (TokenText(user.Fields) is not { } token)
            yield break;
        if (TokenFacts.TryRead(token) is not { } facts)
        {
            if (!TokenFacts.IsShortLived(token))
                yield return user.Says("token-opaque", $"{(user.Fields.Text("tokenFile") is null ? "holds" : "names a file with")} {TokenFacts.Shape(token)}");
            yield break;
        }

        var whose = $"token {facts.Fingerprint}{(facts.Whose is { } who ? $" of {who}" : "")}{(facts.Audiences.IsEmpty ? "" : $", for {UntrustedText.OneLine(string.Join(", ", facts.Audiences))}")}";
        if (facts.IsExpiryUnreadable)
            yield return user.Says("token-never-expires", $"{whose}: its expiry cannot be read, so nothing says that it ends");
        else if (facts.Expires is not { } expires)
            yield return user.Says("token-never-expires", $"{whose}: has no expiry, as tokens in Secrets have none");
        else if (expires <= now)
            yield return user.Says("token-expired", $"{whose}: ended on {TokenFacts.Day(expires)}");
        else if ((facts.Lifetime ?? expires - now) > WorkingDay)
            yield return user.Says("token-long-lived", $"{whose}: is valid until {TokenFacts.Day(expires)}{(facts.Lifetime is { } life ? $", {TokenFacts.Span(life)} in all" : "")}");
    }

    // As in client-go, the file goes before the token beside it.
    static string? TokenText(KubeconfigEntry user) => (user.FileText("tokenFile")?.Trim() ?? user.Text("token")) is { Length: > 0 } token ? token : null;

    static string? CertificatePem(KubeconfigEntry user) => user.Text("client-certificate-data") is null && user.Text("client-certificate") is null ? null : user.Pem("client-certificate");

    static IEnumerable<Observation> Certificate(KubeconfigSubject user, DateTimeOffset now)
    {
        if (user.Fields.Text("client-key-data") is not null)
            yield return user.Says("key-embedded", "holds the private key of its certificate");
        if (CertificatePem(user.Fields) is not { } pem)
            yield break;
        if (ClientCertificateFacts.TryRead(pem) is not { } certificate)
            throw user.Fields.Wrong("client-certificate", "holds no certificate that can be read");

        var groups = certificate.Groups.IsEmpty ? "" : $" (group{(certificate.Groups.Length == 1 ? "" : "s")} {string.Join(", ", certificate.Groups)})";
        var whose = UntrustedText.OneLine($"certificate {certificate.Fingerprint[..16]} of user {certificate.User ?? "(none)"}{groups}");
        if (certificate.NotAfter <= now)
        {
            yield return user.Says("certificate-expired", $"{whose}: ended on {TokenFacts.Day(certificate.NotAfter)}");
            yield break;
        }

        var life = certificate.NotAfter - certificate.NotBefore;
        if (certificate.Groups.Contains(Rbac.WellKnown.Masters))
            yield return user.Says("masters", $"{whose}: passes every check before RBAC is asked, until {TokenFacts.Day(certificate.NotAfter)}");
        if (life > WorkingDay)
            yield return user.Says("certificate-long-lived", $"{whose}: is valid until {TokenFacts.Day(certificate.NotAfter)}, {TokenFacts.Span(life)} in all, and cannot be revoked");
        if (certificate.RsaBits < 2048)
            yield return user.Says("key-weak", $"{whose}: has an RSA key of {certificate.RsaBits} bits");
    }

    static IEnumerable<Observation> Others(KubeconfigSubject user)
    {
        var fields = user.Fields;
        if (fields.Text("password") is not null)
            yield return user.Says("password", "holds a password");
        if (fields.Node("auth-provider") is not null)
            yield return user.Says("auth-provider", $"uses auth-provider{(fields.Child("auth-provider")?.Text("name") is { } name ? $" {UntrustedText.OneLine(name)}" : "")}");
        var groups = fields.Texts("as-groups");
        if (fields.Text("as") is { } other)
            yield return user.Says("impersonates", UntrustedText.OneLine($"acts as user {other}{(groups.IsEmpty ? "" : $" in {string.Join(", ", groups)}")} in every request"));
    }

    static IEnumerable<Observation> Plugin(KubeconfigSubject user)
    {
        if (user.Fields.Child("exec") is not { } exec)
            yield break;
        var version = exec.Text("apiVersion") ?? "";
        if (version is not (ExecPlugin.V1 or ExecPlugin.V1Beta1))
            yield return user.Says("exec-version", version.Length == 0 ? "has an exec plugin without apiVersion" : UntrustedText.OneLine($"has an exec plugin of {version}, which kubectl no longer knows"));
        else if (version == ExecPlugin.V1 && exec.Text("interactiveMode") is null)
            yield return user.Says("exec-interactive-mode", $"has an exec plugin of {version} without interactiveMode, which kubectl refuses");
        var secrets = Arguments(exec).Concat(Variables(exec)).Distinct(StringComparer.Ordinal).ToList();
        if (secrets.Count > 0)
            yield return user.Says("exec-secret", UntrustedText.OneLine($"hands its exec plugin what looks like a secret, in {string.Join(", ", secrets)}"));
        if (exec.Text("command") is { } command && Executable.IsPath(command) && !Path.IsPathRooted(command))
            yield return user.Says("exec-relative", "runs a command from a path that begins where the kubeconfig lies");
    }

    // Only the names of options and variables are ever told, never what follows them.
    static IEnumerable<string> Arguments(KubeconfigEntry exec)
    {
        var arguments = exec.Texts("args");
        foreach (var (i, argument) in arguments.Index())
        {
            var parts = argument.Split('=', 2);
            var isOption = parts[0].StartsWith('-');
            if (isOption && SecretLooks.IsName(parts[0]) && (parts is [_, { Length: > 0 }] || (parts.Length == 1 && i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-'))))
                yield return parts[0];
            else if (parts is [_, var value] && isOption ? SecretLooks.IsValue(value) : SecretLooks.IsValue(argument))
                yield return isOption ? parts[0] : $"argument {i + 1}";
        }
    }

    static IEnumerable<string> Variables(KubeconfigEntry exec) =>
        from variable in exec.Children("env")
        let name = variable.Required("name")
        let value = variable.Text("value")
        where value is not null && (SecretLooks.IsName(name) || SecretLooks.IsValue(value))
        select name;
}
