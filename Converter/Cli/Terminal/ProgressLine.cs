namespace Edge.Cli.Terminal;

/// <summary>A line that is redrawn in place on a terminal; elsewhere nothing is shown, since a log wants lines that last.</summary>
internal sealed class ProgressLine
{
    private bool _isShown;

    /// <summary>Draws the line over the last one.</summary>
    internal void Show(string text)
    {
        if (!Screen.IsInteractive)
        {
            return;
        }
        int width = Console.WindowWidth is > 1 and var columns ? columns - 1 : 119;
        Console.Error.Write($"\r\e[K{(text.Length > width ? text[..width] : text)}");
        _isShown = true;
    }

    /// <summary>Takes the line away.</summary>
    internal void Clear()
    {
        if (_isShown)
        {
            Console.Error.Write("\r\e[K");
            _isShown = false;
        }
    }
}
