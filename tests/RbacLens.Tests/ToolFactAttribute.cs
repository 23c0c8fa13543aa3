namespace RbacLens.Tests;

/// <summary>
/// A test that runs a program from PATH. Without the program it is skipped, which says so; where <c>CI</c> is <c>true</c> it fails instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool)
    {
        Tool = tool;
        if (!IsOnPath(tool) && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = $"{tool} is not on PATH";
    }

    public string Tool { get; }

    static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, tool)) || File.Exists(Path.Combine(folder, $"{tool}.exe")));
}
