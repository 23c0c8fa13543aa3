using System.Collections.Immutable;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>Programs by name. .NET would look beside itself and in the current directory first; kubectl looks in PATH alone.</summary>
static class Executable
{
    /// <summary>Whether a command is a path rather than a name.</summary>
    public static bool IsPath(string command) =>
        command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || command.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The file that a command means; null where there is none.</summary>
    public static string? Find(string command, ImmutableDictionary<string, string> variables) =>
        Candidates(command, variables).FirstOrDefault(File.Exists);

    static IEnumerable<string> Candidates(string command, ImmutableDictionary<string, string> variables) =>
        from directory in IsPath(command) ? [""] : Directories(variables)
        from ending in OperatingSystem.IsWindows() ? Endings(variables) : [""]
        select Path.Combine(directory, command + ending);

    static IEnumerable<string> Directories(ImmutableDictionary<string, string> variables) =>
        variables.GetValueOrDefault("PATH", "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified);

    static IEnumerable<string> Endings(ImmutableDictionary<string, string> variables) =>
        ["", .. variables.GetValueOrDefault("PATHEXT", ".EXE;.CMD;.BAT").Split(';')];
}
