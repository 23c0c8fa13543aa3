using System.Globalization;
using RbacLens.Access;

namespace RbacLens.Policies;

/// <summary>Facts about credentials: who may get in, and for how long.</summary>
static class CredentialFacts
{
    /// <summary>A login should not outlive a working day.</summary>
    public const long LongestSeconds = 24 * 60 * 60;

    /// <summary>Requests for login certificates that ask for a long life, or leave it to the signer, and have no certificate yet.</summary>
    public static IEnumerable<(SigningRequest Request, string Because)> LongRequests(Snapshot snapshot) =>
        from request in snapshot.SigningRequests
        where request.Signer == SigningRequest.ApiServerClient && !request.IsRejected && request.NotAfter is null
        where request.ExpirationSeconds is null or > LongestSeconds
        let asks = request.ExpirationSeconds is { } seconds ? $"for {Duration(seconds)}" : "without expirationSeconds, so for as long as the signer gives, usually a year"
        let state = request.IsApproved ? "approved" : "waiting for approval"
        select (request, $"{request.Requester} asks for a login as {request.Whom} {asks}; {state}");

    /// <summary>Login certificates that were issued and are valid still, for longer than a working day in all.</summary>
    public static IEnumerable<(SigningRequest Request, string Because)> ValidCertificates(Snapshot snapshot) =>
        from request in snapshot.SigningRequests
        where request.Signer == SigningRequest.ApiServerClient && request.NotAfter > snapshot.CollectedAt
        let life = (request.NotAfter - request.NotBefore)?.TotalSeconds ?? 0
        where life > LongestSeconds + 3600
        select (request, $"a certificate for {request.Whom} logs in until {Day(request.NotAfter)} ({Duration((long)life)} in all), and cannot be revoked");

    /// <summary>Pods that ask for tokens with a long life.</summary>
    public static IEnumerable<(Workload Workload, string Because)> LongTokens(IEnumerable<Workload> workloads) =>
        from workload in workloads
        where workload.TokenSeconds > LongestSeconds
        let audience = workload.TokenAudience is { } other ? $" for {other}" : ""
        select (workload, $"asks for a token of {workload.ServiceAccount}{audience} that is valid for {Duration(workload.TokenSeconds ?? 0)}");

    /// <summary>
    /// Accounts that stand for an identity of the cloud. What it may do there is not known; a name that promises everything says enough, and so
    /// does the default account, which every pod has that names none.
    /// </summary>
    public static IEnumerable<Observed> CloudIdentities(Snapshot snapshot) =>
        from account in snapshot.Accounts
        where account.CloudIdentity is not null
        let cloud = account.CloudIdentity
        let isDefault = account.Name == "default"
        let says = isDefault ? ", and so does every pod of the namespace that names no account" : SoundsPowerful(cloud.Name) ? ", whose name says that it may do anything" : ""
        select new Observed(Target.Of(account.Subject), $"stands for {cloud.Name} in the cloud ({cloud.Annotation}){says}", account.Subject)
        {
            Severity = says.Length > 0 ? Severity.Medium : null,
        };

    static readonly string[] Powers = ["admin", "owner", "poweruser", "root"];

    static bool SoundsPowerful(string identity)
    {
        // The account or project before the name says nothing.
        var name = identity.Split('@')[0].Split('/')[^1];
        return Powers.Any(power => name.Contains(power, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>When a token without expiry was last used, and what will become of it.</summary>
    public static string Fate(TokenSecret secret, Snapshot snapshot)
    {
        if (secret.InvalidSince is { } since)
            return $", marked invalid since {since}: whoever may change the Secret can take the mark off";
        var used = secret.LastUsed is { } last ? $", last used {last}{Ago(last, snapshot.CollectedAt)}" : "";
        var account = snapshot.Accounts.FirstOrDefault(account => account.Namespace == secret.Namespace && account.Name == secret.ServiceAccount);
        return account is null ? used
            : used + (account.Secrets.Contains(secret.Name) ? "" : "; made by hand, so no clean-up ever removes it");
    }

    static string Ago(string day, DateTimeOffset now) =>
        DateTimeOffset.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) && (now - then).TotalDays is >= 2 and var days
            ? $" ({(int)days} days ago)"
            : "";

    static string Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    static string Duration(long seconds) => seconds >= 2 * 86400 ? $"{seconds / 86400} days" : $"{seconds / 3600} hours";
}
