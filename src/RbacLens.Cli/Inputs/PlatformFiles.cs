using System.Reflection;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads what platforms and add-ons ship: one text file for each, with the digest of every object. What is in them is in Platforms/README.md;
/// <c>policies platform</c> writes them.
/// </summary>
static class PlatformFiles
{
    const string Prefix = "platforms/";
    const string Suffix = ".txt";
    const string Managed = "# managed";

    /// <summary>The platforms built in.</summary>
    public static Platforms BuiltIn => builtIn.Value;

    static readonly Lazy<Platforms> builtIn = new(() => new(ReadBuiltIn().SelectMany(objects => objects)));

    /// <summary>The platforms built in, with the files of a folder added.</summary>
    /// <exception cref="InputException">The folder is not there, or a file in it cannot be read.</exception>
    public static Platforms With(string? folder)
    {
        if (folder is null)
            return BuiltIn;
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such directory, expected a folder of platform files");
        var files = Directory.GetFiles(folder, "*" + Suffix);
        if (files.Length == 0)
            throw new InputException($"{folder}: holds no platform files, expected files ending in {Suffix}");
        return new(ReadBuiltIn().SelectMany(objects => objects).Concat(files.Order(StringComparer.Ordinal).SelectMany(file => Parse(File.ReadAllText(file), file))));
    }

    /// <summary>Reads one file; the platform is named as the file is.</summary>
    /// <exception cref="InputException">A line is not kind, namespace, name and digest.</exception>
    public static IReadOnlyList<PlatformObject> Parse(string text, string file)
    {
        var platform = Path.GetFileNameWithoutExtension(file);
        var objects = new List<PlatformObject>();
        var isManaged = false;
        foreach (var (number, line) in text.Split('\n').Index())
            if (line.StartsWith('#') || line.Length == 0)
                isManaged |= line == Managed;
            else
                objects.Add(Object(line, platform, isManaged) ?? throw new InputException(
                    $"{file}:{number + 1}: found \"{UntrustedText.OneLine(line)}\", expected kind, name (namespace/name for what has one) and a digest of sixteen digits"));
        return objects;
    }

    static PlatformObject? Object(string line, string platform, bool isManaged)
    {
        var (first, last) = (line.IndexOf(' '), line.LastIndexOf(' '));
        if (first < 0 || last <= first || line.Length - last != 17 || !IsKind(line[..first]))
            return null;
        var name = line[(first + 1)..last];
        var slash = name.IndexOf('/');
        return new(platform, isManaged, new(line[..first], slash < 0 ? "" : name[..slash], name[(slash + 1)..]), line[(last + 1)..]);
    }

    /// <summary>The lines of a file for what a snapshot holds beyond stock.</summary>
    public static IEnumerable<string> Lines(Snapshot shipped, Stock stock) =>
        shipped.Roles.Where(role => !stock.Knows(role)).Select(role => Line(role.Kind, role.Scope, role.Name, ContentDigest.Of(role)))
            .Concat(shipped.Bindings.Where(binding => !stock.Knows(binding)).Select(binding => Line(binding.Kind, binding.Scope, binding.Name, ContentDigest.Of(binding))));

    static string Line(string kind, Scope scope, string name, string digest) => $"{kind} {(scope.IsCluster ? "" : $"{scope.Namespace}/")}{name} {digest}";

    static bool IsKind(string kind) => kind is "ClusterRole" or "Role" or "ClusterRoleBinding" or "RoleBinding";

    static IEnumerable<IReadOnlyList<PlatformObject>> ReadBuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return Parse(text.ReadToEnd(), name);
        }
    }
}
