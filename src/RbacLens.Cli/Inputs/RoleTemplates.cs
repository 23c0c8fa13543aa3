using System.Reflection;
using System.Text;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>The roles in <c>templates/rbac/</c>, and the snippets beside them.</summary>
static class RoleTemplates
{
    const string Prefix = "rbac/";

    /// <summary>The names of all templates, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A template's text, with its comments and its places to fill.</summary>
    public static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{name}.yaml")
            ?? throw new InputException($"{UntrustedText.OneLine(name)}: there is no such template, expected one of {string.Join(", ", Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>What a template is for: the first line of its comment.</summary>
    public static string Title(string name) => Text(name).Split('\n')[0].TrimStart('#', ' ');

    /// <summary>Whether a template has a place of this name.</summary>
    public static bool Takes(string text, string place) => text.Contains($"{{{{{place}}}}}", StringComparison.Ordinal);

    /// <summary>A template with its places filled: each value becomes one quoted scalar, whatever it holds.</summary>
    public static string Filled(string text, IEnumerable<(string Place, string Value)> values) =>
        values.Aggregate(text, (filled, value) => filled.Replace($"{{{{{value.Place}}}}}", value.Value, StringComparison.Ordinal));

    /// <summary>A text as a YAML (and JSON) scalar; plain where that is safe.</summary>
    public static string Scalar(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/') && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? text
            : $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>A subject as a YAML mapping.</summary>
    public static string Of(Subject subject) => subject is Subject.ServiceAccount account
        ? $"{{kind: ServiceAccount, name: {Scalar(account.Name)}, namespace: {Scalar(account.Namespace)}}}"
        : $"{{apiGroup: rbac.authorization.k8s.io, kind: {subject.Kind}, name: {Scalar(subject.Name)}}}";

    /// <summary>The role that a template makes; null for a snippet that is none.</summary>
    public static async Task<Role?> RoleAsync(string name, CancellationToken cancellation)
    {
        var text = Text(name);
        if (!Takes(text, "subject"))
            return null;
        var filled = Filled(text, [("name", name), ("namespace", "example"), ("subject", Of(new Subject.Group("example")))]);
        return (await ReadAsync(filled, cancellation)).Roles[0];
    }

    /// <summary>Manifests as a snapshot, without what ships.</summary>
    public static Task<Snapshot> ReadAsync(string manifests, CancellationToken cancellation) =>
        new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(manifests)), default, cancellation);
}
