namespace RbacLens.Cli.Inputs.Live;

/// <summary>The credentials of a plugin. It runs once for all requests, and again when its credential expired or was refused.</summary>
/// <param name="plugin">The plugin.</param>
/// <param name="certificate">The client certificate of the kubeconfig, for a plugin that prints none.</param>
/// <param name="clock">The time.</param>
sealed class ExecCredentials(ExecPlugin plugin, ClientCertificate? certificate, TimeProvider clock) : Credentials
{
    readonly Lock gate = new();
    Task<ExecCredential>? answer;

    /// <inheritdoc/>
    public override async Task<Credential> CurrentAsync(CancellationToken cancellation) =>
        (await AnswerAsync(held => held.Expires <= clock.GetUtcNow(), cancellation)).Credential;

    /// <inheritdoc/>
    public override async Task<Credential?> RenewAsync(Credential rejected, CancellationToken cancellation) =>
        (await AnswerAsync(held => ReferenceEquals(held.Credential, rejected), cancellation)).Credential;

    Task<ExecCredential> AnswerAsync(Predicate<ExecCredential> isStale, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (answer is null || (answer.IsCompletedSuccessfully && isStale(answer.Result)))
                answer = RunAsync(cancellation);
            return answer;
        }
    }

    async Task<ExecCredential> RunAsync(CancellationToken cancellation)
    {
        var printed = await plugin.RunAsync(cancellation);
        var credential = printed.Credential;
        return printed with { Credential = new(credential.Authorization, credential.Certificate ?? certificate) };
    }
}
