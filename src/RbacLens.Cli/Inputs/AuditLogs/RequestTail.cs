namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// What a request's URL says beyond its object: the path asked of whatever is proxied, and the command that exec starts. Queries and arguments are
/// left out, for they may hold secrets; long paths are cut, for they hold ids.
/// </summary>
static class RequestTail
{
    const int LevelsOfKubelet = 4;
    const int LevelsOfOthers = 1;
    const int Longest = 400;
    const int LongestWord = 100;

    /// <summary>The part worth keeping; empty for most requests.</summary>
    public static ReadOnlySpan<byte> Of(scoped ref RawEvent found, Span<byte> scratch)
    {
        if (found.Resource.IsEmpty)
            return Path(found.Uri);
        if (found.Subresource.SequenceEqual("proxy"u8))
            return Proxied(ref found, scratch);
        if (found.Subresource.SequenceEqual("exec"u8))
            return Command(found.Uri);
        return IsWrite(found.Verb) && found.Uri.IndexOf("dryRun=All"u8) > 0 ? "?dryRun=All"u8 : default;
    }

    static bool IsWrite(ReadOnlySpan<byte> verb) => verb.Length > 4 && !verb.SequenceEqual("watch"u8);

    static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> uri)
    {
        var end = uri.IndexOf((byte)'?');
        return end < 0 ? uri : uri[..end];
    }

    // /api/v1/nodes/NAME/proxy/exec/ns/pod/container: the name may hold anything but a slash, so levels are counted from the resource.
    static ReadOnlySpan<byte> Proxied(scoped ref RawEvent found, Span<byte> scratch)
    {
        var path = Path(found.Uri);
        "/"u8.CopyTo(scratch);
        if (found.Resource.Length + 2 > scratch.Length)
            return default;
        found.Resource.CopyTo(scratch[1..]);
        scratch[found.Resource.Length + 1] = (byte)'/';
        var resource = path.IndexOf(scratch[..(found.Resource.Length + 2)]);
        if (resource < 0)
            return default;
        var rest = path[(resource + found.Resource.Length + 2)..];
        for (var level = 0; level < 2; level++)
        {
            var slash = rest.IndexOf((byte)'/');
            if (slash < 0)
                return default;
            rest = rest[(slash + (level == 0 ? 1 : 0))..];
        }

        return Levels(rest, found.Resource.SequenceEqual("nodes"u8) ? LevelsOfKubelet : LevelsOfOthers);
    }

    static ReadOnlySpan<byte> Levels(ReadOnlySpan<byte> path, int most)
    {
        // A path that climbs leads elsewhere than its first levels say.
        if (path.IndexOf(".."u8) >= 0 || path.IndexOf("%2"u8) >= 0)
            return path[..Math.Min(path.Length, Longest)];
        var at = 0;
        for (var level = 0; level < most; level++)
        {
            var slash = at + 1 >= path.Length ? -1 : path[(at + 1)..].IndexOf((byte)'/');
            if (slash < 0)
                return path;
            at += slash + 1;
        }

        // What is cut off of a kubelet's path must not lead elsewhere.
        return most == LevelsOfKubelet && (path[at..].IndexOf(".."u8) >= 0 || path[at..].Contains((byte)'%')) ? path : path[..at];
    }

    // Go writes & as \\u0026 in JSON. A whole shell line may stand in one argument; its first word is enough.
    static ReadOnlySpan<byte> Command(ReadOnlySpan<byte> uri)
    {
        var start = uri.IndexOf("command="u8);
        if (start <= 0 || !(uri[start - 1] is (byte)'?' or (byte)'&' || uri[..start].EndsWith("\\u0026"u8)))
            return default;
        var command = uri[(start + "command="u8.Length)..];
        var end = 0;
        while (end < command.Length && end < LongestWord && !"&+ \\"u8.Contains(command[end]) && !IsEscapedSpace(command[end..]))
            end++;
        return command[..end];
    }

    // Any other letter may be written so, to look like no command at all.
    static bool IsEscapedSpace(ReadOnlySpan<byte> text) => text is [(byte)'%', (byte)'2', (byte)'0', ..] or [(byte)'%', (byte)'0', ..];
}
