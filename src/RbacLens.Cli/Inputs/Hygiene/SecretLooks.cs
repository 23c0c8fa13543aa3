namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>What looks like a secret, by the name it goes by or by its own look.</summary>
static class SecretLooks
{
    static readonly string[] Words = ["password", "passwd", "secret", "token", "apikey", "api-key", "api_key", "access-key", "access_key", "credential", "private-key", "private_key"];

    // What names a secret's place, or a kind of token, is no secret.
    static readonly string[] PlainWords = ["file", "path", "dir", "cache", "name", "url", "uri", "endpoint", "id", "type", "mode", "storage", "get-token", "credentials"];

    // Tokens of GitHub, GitLab, Slack, Vault and AWS; keys; headers.
    static readonly string[] Beginnings = ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "hvs.", "AKIA", "ASIA", "-----BEGIN ", "Bearer ", "Basic ", "sha256~", "ya29."];

    /// <summary>Whether a field, option or variable of this name holds a secret.</summary>
    public static bool IsName(string name) =>
        Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !PlainWords.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a text is a secret by its look, whatever it is called.</summary>
    public static bool IsValue(string text) =>
        Array.Exists(Beginnings, text.StartsWith) || text.Contains(": Bearer ", StringComparison.OrdinalIgnoreCase) || text.Contains(": Basic ", StringComparison.OrdinalIgnoreCase)
        || TokenFacts.TryRead(text) is not null || (InAddress(text) is { } place && place != "a user name");

    /// <summary>Where an address holds a credential, in words; null where it holds none or is no address.</summary>
    public static string? InAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length + address.UserInfo.Length == 0)
            return null;
        if (address.UserInfo.Contains(':'))
            return "a password";
        var named = from part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
                    let pair = part.Split('=', 2)
                    where pair is [_, { Length: > 0 }] && (IsName(pair[0]) || IsValue(Uri.UnescapeDataString(pair[1])))
                    select pair[0];
        return named.FirstOrDefault() is { } name ? $"a credential as {UntrustedText.OneLine(name)}" : address.UserInfo.Length > 0 ? "a user name" : null;
    }
}
