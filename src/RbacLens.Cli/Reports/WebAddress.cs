namespace RbacLens.Cli.Reports;

/// <summary>What may become a link.</summary>
static class WebAddress
{
    /// <summary>Whether a text is an http or https address; anything else, javascript: above all, stays text.</summary>
    public static bool Is(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
