using System.Diagnostics;

namespace Edge.Cli.Tests;

/// <summary>The real program, as a user's shell starts it.</summary>
internal static class EdgeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    internal static Process Start(params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "edge"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(info)!;
    }

    internal static async Task<CommandResult> RunAsync(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command that must fail on its input: exit code 2 and one line.</summary>
    internal static async Task<string> RefusedAsync(params IEnumerable<string> arguments)
    {
        CommandResult result = await RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("edge: ", line, StringComparison.Ordinal);
        return line["edge: ".Length..];
    }
}
