namespace Edge.Foundation;

/// <summary>What the programs of Edge tell the shell.</summary>
public static class ExitCode
{
    /// <summary>The work was done.</summary>
    public const int Success = 0;

    /// <summary>The input was right, the work failed.</summary>
    public const int Failure = 1;

    /// <summary>The input (file, configuration, argument) is wrong; one line on standard error says what.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C, as shells expect it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
