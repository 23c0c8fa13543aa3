namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>A piece of a log that one thread reads on its own: whole lines, or whole elements of a list.</summary>
/// <param name="Buffer">The bytes.</param>
/// <param name="Length">How many of them count.</param>
/// <param name="Elements">Where elements start and how long they are; null where each line is an entry.</param>
/// <param name="Order">Where the first entry stands among all there are.</param>
/// <param name="Origin">The file.</param>
/// <param name="FirstLine">The line of the file the piece starts on; 0 where lines mean nothing.</param>
/// <param name="EndsFile">Whether the file ends here in the middle: without a newline, or before a list is closed.</param>
sealed record EntryBatch(byte[] Buffer, int Length, List<(int Start, int Length)>? Elements, long Order, string Origin, long FirstLine, bool EndsFile)
{
    /// <summary>How many entries there are; empty lines count.</summary>
    public int Entries => Elements?.Count ?? Lines;

    /// <summary>How many lines there are.</summary>
    public int Lines { get; init; }

    /// <summary>Reads all entries.</summary>
    /// <returns>Whether the last line of the file was only half there.</returns>
    public bool ReadInto(EntryReader reader)
    {
        var order = Order;
        if (Elements is not null)
        {
            Func<long, string> entry = at => $"{Origin}, entry {at - Order + 1}";
            foreach (var (start, length) in Elements)
                reader.TryRead(Buffer.AsSpan(start, length), order++, entry);
            return EndsFile;
        }

        Func<long, string> line = at => $"{Origin}, line {FirstLine + at - Order}";
        var rest = Buffer.AsSpan(0, Length);
        var split = new SplitLines();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var isLast = end < 0;
            var broken = reader.Met.Broken;
            if (!split.TryJoin(isLast ? rest : rest[..end], out var whole) && !isLast)
            {
                order++;
                rest = rest[(end + 1)..];
                continue;
            }

            if (!reader.TryRead(whole, order, line) && isLast && EndsFile)
            {
                // A log that is being written ends in the middle of a line; that is no fault of the log.
                reader.Met.Broken = broken;
                reader.Met.Entries--;
                if (reader.Met.FirstBroken?.Order == order)
                    reader.Met.FirstBroken = null;
                return true;
            }

            order++;
            rest = isLast ? default : rest[(end + 1)..];
        }

        return false;
    }
}
