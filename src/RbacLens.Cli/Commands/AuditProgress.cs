using System.Globalization;

namespace RbacLens.Cli.Commands;

/// <summary>How far the reading of a log has come, on one line of a terminal; nothing elsewhere.</summary>
sealed class AuditProgress(Terminal terminal, long total) : IProgress<long>, IDisposable
{
    const int Width = 30;
    const long Step = 8 << 20;

    long shown;

    public void Report(long value)
    {
        if (!terminal.IsWatched || value - shown < Step)
            return;
        shown = value;
        terminal.Error.Write(total > 0 && value <= total ? $"\r{Bar(value)} {value * 100 / total,3} %" : $"\r{(value >> 20).ToString(CultureInfo.InvariantCulture)} MB read");
    }

    string Bar(long value)
    {
        var done = (int)(value * Width / total);
        return $"reading [{new string('#', done)}{new string('.', Width - done)}]";
    }

    public void Dispose()
    {
        if (shown > 0)
            terminal.Error.Write($"\r{new string(' ', Width + 20)}\r");
    }
}
