using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>A command of the kubeconfig that prints a credential. It runs exactly as kubectl would run it.</summary>
/// <param name="Where">The place in the kubeconfig, for messages.</param>
/// <param name="Command">A name to look up in PATH, or a path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">Its whole environment.</param>
/// <param name="ApiVersion">The version of ExecCredential it must print.</param>
/// <param name="Interactive">Whether it may read standard input.</param>
/// <param name="InstallHint">What to say where it is not installed; null for nothing.</param>
sealed record ExecPlugin(
    string Where, string Command, ImmutableArray<string> Arguments, ImmutableDictionary<string, string> Variables, string ApiVersion,
    bool Interactive, string? InstallHint)
{
    /// <summary>The two versions that kubectl knows.</summary>
    public const string V1 = "client.authentication.k8s.io/v1", V1Beta1 = "client.authentication.k8s.io/v1beta1";

    /// <summary>What an <c>exec</c> entry says.</summary>
    public static ExecPlugin Of(KubeconfigEntry exec, KubeconfigEntry cluster, Surroundings surroundings)
    {
        var version = exec.Required("apiVersion");
        if (version is not (V1 or V1Beta1))
            throw exec.Wrong("apiVersion", $"{UntrustedText.OneLine(version)} found, {V1} or {V1Beta1} expected");
        var interactive = MayAsk(exec, version, surroundings);
        var info = ExecInfo.Json(version, interactive, exec.Flag("provideClusterInfo") ? cluster : null);
        var own = exec.Children("env").Select(pair => KeyValuePair.Create(pair.Required("name"), pair.Text("value") ?? ""));
        var variables = surroundings.Variables.ToImmutableDictionary(Surroundings.NamesOfVariables)
            .SetItems(own).SetItem("KUBERNETES_EXEC_INFO", info);
        return new(exec.Where(""), CommandOf(exec), exec.Texts("args"), variables, version, interactive, exec.Text("installHint"));
    }

    /// <summary>Runs the command. Its standard error goes to the user; what it prints is never quoted, as it holds secrets.</summary>
    public async Task<ExecCredential> RunAsync(CancellationToken cancellation)
    {
        using var process = Start();
        if (!Interactive)
            process.StandardInput.Close();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? ExecCredential.Parse(output, ApiVersion, $"{Where}: {Command}")
                : throw new InputException($"{Where}: {Command} ended with exit code {process.ExitCode} instead of a credential");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    Process Start()
    {
        var start = new ProcessStartInfo(Executable.Find(Command, Variables) ?? throw Missing(), Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = !Interactive,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InputException($"{Where}: {Command} could not be started (is it a program, and executable?)", e);
        }
    }

    InputException Missing() =>
        new($"{Where}: {Command} is not installed{(InstallHint is null ? "" : ": " + UntrustedText.OneLine(InstallHint))}");

    static bool MayAsk(KubeconfigEntry exec, string version, Surroundings surroundings) =>
        (exec.Text("interactiveMode") ?? (version == V1Beta1 ? "IfAvailable" : null)) switch
        {
            "Never" => false,
            "IfAvailable" => surroundings.Interactive,
            "Always" => surroundings.Interactive
                ? true
                : throw exec.Wrong("interactiveMode", "is Always, but standard input is not a terminal"),
            null => throw exec.Wrong("interactiveMode", $"is missing; {V1} requires Never, IfAvailable or Always"),
            _ => throw exec.Wrong("interactiveMode", "Never, IfAvailable or Always was expected"),
        };

    static string CommandOf(KubeconfigEntry exec)
    {
        var command = exec.Required("command");
        return Executable.IsPath(command) ? Path.Combine(exec.Directory, command) : command;
    }
}
