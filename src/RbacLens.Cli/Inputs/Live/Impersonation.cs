using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>Whom to impersonate, as headers of every request.</summary>
/// <param name="Headers">Each header with its values; a header with several values must be sent once per value.</param>
sealed record Impersonation(ImmutableArray<(string Name, ImmutableArray<string> Values)> Headers)
{
    /// <summary>Nobody.</summary>
    public static Impersonation Nobody { get; } = new([]);

    /// <summary>What the user entry says; --as and --as-group replace its fields one by one, as in kubectl.</summary>
    public static Impersonation Of(KubeconfigEntry user, ClusterOptions options)
    {
        var name = options.As ?? user.Text("as");
        ImmutableArray<string> groups = options.AsGroups.Count > 0 ? [.. options.AsGroups] : user.Texts("as-groups");
        var uid = user.Text("as-uid");
        var extra = user.Child("as-user-extra");
        if (name is not null)
            return new([.. Fields(name, groups, uid, extra).Where(header => header.Values.Length > 0).Select(Checked)]);
        if (!groups.IsEmpty || uid is not null || extra is not null)
            throw new InputException("groups, a uid or extra fields are impersonated only together with a user: name one with --as");
        return Nobody;
    }

    static IEnumerable<(string Name, ImmutableArray<string> Values)> Fields(
        string user, ImmutableArray<string> groups, string? uid, KubeconfigEntry? extra)
    {
        yield return ("Impersonate-User", [user]);
        yield return ("Impersonate-Group", groups);
        yield return ("Impersonate-Uid", uid is null ? [] : [uid]);
        foreach (var key in extra?.FieldNames ?? [])
            yield return ("Impersonate-Extra-" + Escape(key), extra!.Texts(key));
    }

    // A line break in a name would end the header and begin another one.
    static (string Name, ImmutableArray<string> Values) Checked((string Name, ImmutableArray<string> Values) header) =>
        header.Values.Any(value => value.Any(char.IsControl))
            ? throw new InputException($"{header.Name}: a value holds a control character, which no user or group name can")
            : header;

    // What a header name cannot hold travels as %XX (client-go transport/round_trippers.go).
    static string Escape(string key)
    {
        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(key))
            _ = char.IsAsciiLetterOrDigit((char)b) || "!#$&'*+-.^_`|~".Contains((char)b)
                ? escaped.Append((char)b)
                : escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        return escaped.ToString();
    }
}
