namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Lines that a container runtime cut into pieces, since it keeps none longer than 16 KB: of the Container Runtime Interface, where each piece says
/// whether more follows (<c>2026-11-21T10:00:00Z stdout P {"kind"…</c>, and <c>F</c> on the last one), and of Docker, whose
/// <c>{"log":"…","stream":"stdout"…}</c> ends its text in a newline only when the line does.
/// </summary>
sealed class SplitLines
{
    const int Header = 64;
    const int Longest = LineBatches.Longest;

    readonly List<byte> pending = [];

    /// <summary>Whether a piece waits for the rest of its line.</summary>
    public bool IsWaiting => pending.Count > 0;

    /// <summary>Whether the rest of a line is on the next one.</summary>
    public static bool IsPiece(ReadOnlySpan<byte> line) => PieceOf(line, out var follows).Length > 0 && follows;

    /// <summary>Puts pieces together.</summary>
    /// <param name="line">A line as it stands.</param>
    /// <param name="whole">The line it belongs to, or itself.</param>
    /// <returns>False where more must follow.</returns>
    public bool TryJoin(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> whole)
    {
        whole = line;
        // What begins like an event is one, and nearly every line does.
        if (pending.Count == 0 && line.StartsWith("{\"k"u8))
            return true;
        var piece = PieceOf(line, out var follows);
        if (!follows && pending.Count == 0)
            return true;
        if (piece.IsEmpty || pending.Count + piece.Length > Longest)
            return true;
        pending.AddRange(piece);
        if (follows)
            return false;
        // Docker's text is the content of a JSON string, so the pieces together are one again.
        whole = IsDocker(line) ? [.. "{\"log\":\""u8, .. pending.ToArray(), .. "\"}"u8] : pending.ToArray();
        pending.Clear();
        return true;
    }

    /// <summary>Forgets a piece whose rest never came.</summary>
    public void Clear() => pending.Clear();

    static ReadOnlySpan<byte> PieceOf(ReadOnlySpan<byte> line, out bool follows)
    {
        follows = false;
        if (IsDocker(line))
            return OfDocker(line, out follows);
        if (line.IsEmpty || line[0] is (byte)'{' or (byte)'[')
            return default;
        var start = line[..Math.Min(Header, line.Length)];
        var stream = start.IndexOf(" stdout "u8) is >= 0 and var output ? output : start.IndexOf(" stderr "u8);
        if (stream < 0 || stream + 10 > line.Length || line[stream + 8] is not ((byte)'P' or (byte)'F') || line[stream + 9] != (byte)' ')
            return default;
        follows = line[stream + 8] == (byte)'P';
        return line[(stream + 10)..].TrimEnd((byte)'\r');
    }

    static bool IsDocker(ReadOnlySpan<byte> line) => line.StartsWith("{\"log\":\""u8) || line.StartsWith("{\"log\": \""u8);

    static ReadOnlySpan<byte> OfDocker(ReadOnlySpan<byte> line, out bool follows)
    {
        follows = false;
        var text = line[(line.IndexOf((byte)':') + 1)..].TrimStart((byte)' ')[1..];
        var stream = text.LastIndexOf("\"stream\":"u8);
        if (stream < 0 || text[..stream].TrimEnd(", "u8) is not [.. var content, (byte)'"'])
            return default;
        text = content;
        // A shipper may have taken the newline away; an event ends in a brace.
        follows = !text.EndsWith("\\n"u8) && !text.EndsWith("}"u8);
        return text;
    }
}
