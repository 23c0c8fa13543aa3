namespace RbacLens.Cli.Inputs.Live;

/// <summary>A token in a file that somebody keeps fresh: it is read again for every request.</summary>
/// <param name="path">The file.</param>
/// <param name="where">The place that names it, for messages.</param>
/// <param name="start">The token to use while the file cannot be read; null for none.</param>
/// <param name="certificate">A client certificate to show as well; null for none.</param>
sealed class TokenFile(string path, string where, string? start, ClientCertificate? certificate) : Credentials
{
    /// <inheritdoc/>
    public override async Task<Credential> CurrentAsync(CancellationToken cancellation)
    {
        var token = await ReadAsync(cancellation) ?? start ?? throw new InputException($"{where}: no token could be read from {path}");
        return new(Credential.Bearer(token, where), certificate);
    }

    async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var text = await File.ReadAllTextAsync(path, cancellation);
            return text.Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
