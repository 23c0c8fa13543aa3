using System.Collections;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What a process finds around itself, as a value: tests need no global state.</summary>
/// <param name="Variables">The environment variables.</param>
/// <param name="Home">The user's home directory.</param>
/// <param name="Clock">The time, and all waiting.</param>
sealed record Surroundings(IReadOnlyDictionary<string, string> Variables, string Home, TimeProvider Clock)
{
    /// <summary>Where a pod finds its service account.</summary>
    public string ServiceAccountRoot { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether somebody sits at standard input, so that a credential plugin may ask.</summary>
    public bool Interactive { get; init; }

    /// <summary>How this system compares names of environment variables.</summary>
    public static StringComparer NamesOfVariables { get; } =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The surroundings of this process.</summary>
    public static Surroundings OfThisProcess()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", NamesOfVariables);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new(variables, home, TimeProvider.System) { Interactive = !Console.IsInputRedirected };
    }

    /// <summary>The value of an environment variable; null where it is not set or empty.</summary>
    public string? Variable(string name) => Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
