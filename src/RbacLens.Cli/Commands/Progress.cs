using System.Globalization;
using RbacLens.Cli.Reports;

namespace RbacLens.Cli.Commands;

/// <summary>Says on standard error that something is still going on, where people watch; what is done within a second says nothing.</summary>
static class Progress
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the work.</summary>
    /// <param name="terminal">Where to say so.</param>
    /// <param name="what">What is being done: <c>Reading prod</c>.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string what, Task<T> work)
    {
        if (!terminal.IsWatched)
            return await work;
        var begun = terminal.Surroundings.Clock.GetTimestamp();
        var shown = false;
        while (await Task.WhenAny(work, Task.Delay(Patience)) != work)
        {
            var seconds = terminal.Surroundings.Clock.GetElapsedTime(begun).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            await terminal.Error.WriteAsync($"\r{TerminalText.Cut(Words.Printable($"{what} … {seconds} s"), terminal.Width - 1)}");
            shown = true;
        }

        if (shown)
            await terminal.Error.WriteAsync($"\r{new string(' ', terminal.Width - 1)}\r");
        return await work;
    }
}
