using Edge.Foundation;

namespace Edge.Runtime.Reporting;

/// <summary>Turns what went wrong into one line and an exit code.</summary>
internal static class Failure
{
    private static readonly bool WithTrace = Environment.GetEnvironmentVariable("EDGE_TRACE") == "1";

    /// <summary>One line about an exception; with <c>EDGE_TRACE=1</c> its stack as well.</summary>
    internal static string Describe(Exception e)
    {
        string line = e is InputException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        return WithTrace ? $"{line}{Environment.NewLine}{e}" : line;
    }

    /// <summary>Writes the line to standard error.</summary>
    /// <returns>The exit code.</returns>
    internal static int Report(Exception e)
    {
        string line = e is InputException ? Log.OneLine(e.Message) : $"unexpected {e.GetType().Name}: {Log.OneLine(e.Message)} (EDGE_TRACE=1 shows where)";
        Console.Error.WriteLine($"edge-runtime: {line}");
        if (WithTrace)
        {
            Console.Error.WriteLine(e);
        }
        return e is InputException ? ExitCode.BadInput : ExitCode.Failure;
    }
}
