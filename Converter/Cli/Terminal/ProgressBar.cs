using System.Diagnostics;
using System.Globalization;

namespace Edge.Cli.Terminal;

/// <summary>How far a piece of work is: a bar that is redrawn on a terminal, a line now and then elsewhere.</summary>
/// <param name="what">What is being done.</param>
internal sealed class ProgressBar(string what)
{
    private const int Width = 30;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly ProgressLine _line = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Says how much is done.</summary>
    /// <param name="done">So many,</param>
    /// <param name="all">of so many; the bar goes away when all are done.</param>
    internal void Show(int done, int all)
    {
        if (done >= all)
        {
            _line.Clear();
            return;
        }
        string figures = string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {all:N0}");
        if (Screen.IsInteractive)
        {
            int filled = (int)((long)done * Width / all);
            _line.Show($"{what} {new string('█', filled)}{new string('░', Width - filled)} {figures}");
        }
        else if (Stopwatch.GetElapsedTime(_last) > BetweenLines)
        {
            _last = Stopwatch.GetTimestamp();
            Screen.Note($"{what}: {figures}");
        }
    }
}
