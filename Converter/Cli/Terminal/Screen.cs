using Spectre.Console;

namespace Edge.Cli.Terminal;

/// <summary>What the command says to people: results on standard output, progress and errors on standard error.</summary>
internal static class Screen
{
    /// <summary>Results.</summary>
    internal static IAnsiConsole Out { get; } = Make(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress, which must not end up in a pipe.</summary>
    internal static IAnsiConsole Status { get; } = Make(Console.Error, Console.IsErrorRedirected);

    /// <summary>True where progress may be redrawn in place.</summary>
    internal static bool IsInteractive => !Console.IsErrorRedirected;

    /// <summary>One line of result.</summary>
    internal static void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>One line of progress.</summary>
    internal static void Note(string text) => Console.Error.WriteLine(text);

    /// <summary>The one line that says what went wrong.</summary>
    internal static void Error(string message) => Console.Error.WriteLine($"edge: {message.ReplaceLineEndings(" ")}");

    /// <summary>A table without frames: names to the left, figures to the right.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="texts">How many columns from the left hold text.</param>
    internal static void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, int texts = 1)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple);
        for (int column = 0; column < header.Count; column++)
        {
            var heading = new TableColumn(Markup.Escape(header[column])) { NoWrap = true };
            table.AddColumn(column < texts ? heading : heading.RightAligned());
        }
        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        Out.Write(table);
    }

    private static IAnsiConsole Make(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isRedirected)
        {
            // A file has no edge to wrap at.
            console.Profile.Width = 200;
        }
        return console;
    }
}
