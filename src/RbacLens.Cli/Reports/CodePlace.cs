using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Where pipelines show a finding: a line of a manifest, or for a cluster the object under a name that looks like a file's.</summary>
/// <param name="Path">A path with slashes, relative unless it was given absolute; not escaped.</param>
/// <param name="Line">From 1.</param>
/// <param name="IsFile">Whether there is such a file.</param>
sealed record CodePlace(string Path, int Line, bool IsFile)
{
    /// <summary>The places of a finding, best first; never empty, for the formats want one.</summary>
    public static IReadOnlyList<CodePlace> Of(Posture posture, Finding finding)
    {
        var files = posture.Places(finding).Select(source => new CodePlace(Portable(source.File), source.Line ?? 1, IsFile: true)).ToList();
        return files.Count > 0 ? files : [new(ObjectPath(finding.Mentioned.First()), 1, IsFile: false)];
    }

    /// <summary>As a relative URI, or a file's.</summary>
    public string Uri => Path.StartsWith('/')
        ? "file://" + Escaped
        : Path is [_, ':', '/', ..] ? "file:///" + Path[..2] + string.Join('/', Path[2..].Split('/').Select(System.Uri.EscapeDataString)) : Escaped;

    string Escaped => string.Join('/', Path.Split('/').Select(Escape));

    // Half a character cannot be written in UTF-8, and so not in a URI either.
    static string Escape(string segment) => System.Uri.EscapeDataString(SafeText.Of(segment));

    static string Portable(string file)
    {
        var path = file.Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    // A name may hold anything but a slash in Kubernetes; a user's may hold even that.
    static string ObjectPath(Target target) => string.Join('/',
        new[] { "cluster", target.Namespace, target.Kind.ToLowerInvariant(), target.Name.Replace('/', '_') }.Where(part => part.Length > 0));
}
