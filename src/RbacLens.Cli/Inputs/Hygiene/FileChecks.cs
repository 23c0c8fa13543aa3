namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>Who else on the machine can read or change a kubeconfig, or a file that it names.</summary>
static class FileChecks
{
    /// <summary>Nothing on Windows, where access is not told by a mode.</summary>
    public static IEnumerable<Observation> Of(KubeconfigSubject file, string path, string what)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            yield break;
        var mode = File.GetUnixFileMode(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        if (mode.HasFlag(UnixFileMode.OtherWrite) || mode.HasFlag(UnixFileMode.GroupWrite))
            yield return file.Says("file-writable", $"{what} can be changed by others on this machine (mode {Octal(mode)})");
        if (mode.HasFlag(UnixFileMode.OtherRead))
            yield return file.Says("file-readable", $"{what} can be read by everybody on this machine (mode {Octal(mode)})");
        else if (mode.HasFlag(UnixFileMode.GroupRead))
            yield return file.Says("file-group-readable", $"{what} can be read by its group (mode {Octal(mode)})");
    }

    static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
