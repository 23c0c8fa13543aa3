using System.Text;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What proves at one moment who asks. It prints nothing of itself.</summary>
/// <param name="authorization">The Authorization header; null for none.</param>
/// <param name="certificate">The client certificate; null for none.</param>
sealed class Credential(string? authorization, ClientCertificate? certificate)
{
    public string? Authorization => authorization;

    public ClientCertificate? Certificate => certificate;

    public bool IsSameAs(Credential other) =>
        Authorization == other.Authorization && (Certificate?.IsSameAs(other.Certificate) ?? other.Certificate is null);

    public override string ToString() => "(not shown)";

    /// <summary>A bearer token, checked for what a header cannot carry; <paramref name="where"/> is named, the token never.</summary>
    public static string Bearer(string token, string where) =>
        token.Length > 0 && token.All(c => c is > ' ' and < '\x7f')
            ? "Bearer " + token
            : throw new InputException($"{where}: is not a bearer token (one line of printable characters was expected)");
}

/// <summary>Where a <see cref="Credential"/> comes from.</summary>
abstract class Credentials
{
    /// <summary>Nothing to show: the server sees system:anonymous.</summary>
    public static Credentials None { get; } = new Fixed(new(null, null));

    /// <summary>The credential to use now.</summary>
    public abstract Task<Credential> CurrentAsync(CancellationToken cancellation);

    /// <summary>Another credential after the server did not accept one; null where there is no other.</summary>
    public virtual async Task<Credential?> RenewAsync(Credential rejected, CancellationToken cancellation)
    {
        var current = await CurrentAsync(cancellation);
        return current.IsSameAs(rejected) ? null : current;
    }

    /// <summary>What a user entry says. A token or password beats the plugin, as in kubectl.</summary>
    public static Credentials Of(KubeconfigEntry user, KubeconfigEntry cluster, Surroundings surroundings)
    {
        if (user.Node("auth-provider") is not null)
            throw user.Wrong("auth-provider", "kubectl removed it in 1.26; use the exec plugin of your provider instead");
        var certificate = CertificateOf(user);
        if (Basic(user) is { } basic)
            return new Fixed(new(basic, certificate));
        if (user.FilePath("tokenFile") is { } file)
            return new TokenFile(file, user.Where("tokenFile"), user.Text("token"), certificate);
        if (user.Text("token") is { } token)
            return new Fixed(new(Credential.Bearer(token, user.Where("token")), certificate));
        return user.Child("exec") is { } exec
            ? new ExecCredentials(ExecPlugin.Of(exec, cluster, surroundings), certificate, surroundings.Clock)
            : new Fixed(new(null, certificate));
    }

    static ClientCertificate? CertificateOf(KubeconfigEntry user)
    {
        var (certificate, key) = (user.Pem("client-certificate"), user.Pem("client-key"));
        if (certificate is null && key is null)
            return null;
        if (certificate is null)
            throw user.Wrong("client-certificate", "is missing, though there is a client-key");
        if (key is null)
            throw user.Wrong("client-key", "is missing, though there is a client-certificate");
        return ClientCertificate.Parse(certificate, key, user.Where(""));
    }

    static string? Basic(KubeconfigEntry user)
    {
        if (user.Text("username") is not { } name)
            return null;
        if (user.Text("token") is not null || user.Text("tokenFile") is not null)
            throw user.Wrong("username", "is there together with a token: only one of them can be meant");
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}"));
    }

    sealed class Fixed(Credential credential) : Credentials
    {
        public override Task<Credential> CurrentAsync(CancellationToken cancellation) => Task.FromResult(credential);
    }
}
