namespace RbacLens.Cli.Inputs;

/// <summary>Text that a server or a plugin chose.</summary>
static class UntrustedText
{
    const int Longest = 300;

    /// <summary>The text as one short line without control characters, fit for a message.</summary>
    public static string OneLine(string text)
    {
        var words = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words);
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
