namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Lines that a container runtime cut into pieces, since it keeps none longer than 16 KB: of the Container Runtime Interface, where each piece says
/// whether more follows (<c>2026-11-21T10:00:00Z stdout P {"kind"…</c>, and <c>F</c> on the last one), and of Docker, whose
/// <c>{"log":"…","stream":"stdout"…}</c> ends its text in a newline only when the line does. Lines of the other stream may stand between the pieces:
/// an API server that logs to standard output writes its own messages to standard error.
/// </summary>
sealed class SplitLines
{
    const int Header = 64;
    const int Longest = LineBatches.Longest;

    // More messages than that never stand between two pieces.
    const int MostBetween = 1000;

    readonly List<byte>[] pending = [[], []];

    /// <summary>How much of some lines can be read without those that follow: up to the first that is a piece whose rest is not there.</summary>
    public static int LengthOfWhole(ReadOnlySpan<byte> lines)
    {
        var whole = lines.Length;
        var rest = lines;
        Span<bool> hasEnded = stackalloc bool[2];
        for (var looked = 0; looked < MostBetween && !rest.IsEmpty && hasEnded.Contains(false); looked++)
        {
            var last = rest[..^1].LastIndexOf((byte)'\n') + 1;
            if (PieceOf(rest[last..^1], out var follows, out var stream).IsEmpty)
                break;
            if (!follows)
                hasEnded[stream] = true;
            else if (!hasEnded[stream])
            {
                whole = last;
                hasEnded.Clear();
            }

            rest = rest[..last];
        }

        return whole;
    }

    /// <summary>Whether it is a message on standard error, as an API server writes beside a log on standard output, and no entry of the log.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> line) => PieceOf(line, out _, out var stream) is [not (byte)'{', ..] && stream == 1;

    /// <summary>Puts pieces together.</summary>
    /// <param name="line">A line as it stands.</param>
    /// <param name="whole">The line it belongs to, or itself.</param>
    /// <returns>False where more must follow.</returns>
    public bool TryJoin(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> whole)
    {
        whole = line;
        // What begins like an event is one, and nearly every line does.
        if (line.StartsWith("{\"k"u8))
            return true;
        var piece = PieceOf(line, out var follows, out var stream);
        var before = pending[stream];
        if (!follows && before.Count == 0)
            return true;
        if (piece.IsEmpty || before.Count + piece.Length > Longest)
            return true;
        before.AddRange(piece);
        if (follows)
            return false;
        // Docker's text is the content of a JSON string, so the pieces together are one again.
        whole = IsDocker(line) ? [.. "{\"log\":\""u8, .. before.ToArray(), .. "\"}"u8] : before.ToArray();
        before.Clear();
        return true;
    }

    static ReadOnlySpan<byte> PieceOf(ReadOnlySpan<byte> line, out bool follows, out int stream)
    {
        (follows, stream) = (false, 0);
        if (IsDocker(line))
            return OfDocker(line, out follows, out stream);
        if (line.IsEmpty || line[0] is (byte)'{' or (byte)'[')
            return default;
        var start = line[..Math.Min(Header, line.Length)];
        var name = start.IndexOf(" stdout "u8);
        if (name < 0)
            (name, stream) = (start.IndexOf(" stderr "u8), 1);
        if (name < 0 || name + 10 > line.Length || line[name + 8] is not ((byte)'P' or (byte)'F') || line[name + 9] != (byte)' ')
            return default;
        follows = line[name + 8] == (byte)'P';
        return line[(name + 10)..].TrimEnd((byte)'\r');
    }

    static bool IsDocker(ReadOnlySpan<byte> line) => line.StartsWith("{\"log\":\""u8) || line.StartsWith("{\"log\": \""u8);

    static ReadOnlySpan<byte> OfDocker(ReadOnlySpan<byte> line, out bool follows, out int stream)
    {
        (follows, stream) = (false, 0);
        var text = line[(line.IndexOf((byte)':') + 1)..].TrimStart((byte)' ')[1..];
        var name = text.LastIndexOf("\"stream\":"u8);
        if (name < 0 || text[..name].TrimEnd(", "u8) is not [.. var content, (byte)'"'])
            return default;
        stream = text[name..].IndexOf("\"stderr\""u8) >= 0 ? 1 : 0;
        text = content;
        // A shipper may have taken the newline away; an event ends in a brace.
        follows = !text.EndsWith("\\n"u8) && !text.EndsWith("}"u8);
        return text;
    }
}
