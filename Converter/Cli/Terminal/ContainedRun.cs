using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Edge.Foundation;

namespace Edge.Cli.Terminal;

/// <summary>
/// Runs a verb in a process of its own. ONNX Runtime checks less than it computes with: a model that follows every rule can
/// still end the process that runs it. Then this one is left to say so, and to tidy up.
/// </summary>
internal static class ContainedRun
{
    /// <summary>The first argument of the inner process.</summary>
    internal const string Worker = "worker";

    // What shells add to the number of the signal that ended a process.
    private const int BySignal = 128;

    private static readonly string[] Verbs = ["import", "inspect", "diff", "quantize", "eval", "package"];

    /// <summary>Is this a command that lets ONNX Runtime near somebody else's model?</summary>
    internal static bool IsFor(ParseResult parsed) =>
        Verbs.Contains(parsed.CommandResult.Command.Name) && ReferenceEquals(parsed.Action, parsed.CommandResult.Command.Action);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="parsed">The same, parsed.</param>
    /// <returns>The exit code of the inner process; <see cref="ExitCode.BadInput"/> where it crashed.</returns>
    internal static async Task<int> RunAsync(string[] arguments, ParseResult parsed)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("edge-");
        using Process process = Start([Worker, .. arguments], scratch.FullName);
        bool isInterrupted = false;
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            isInterrupted = true;
            process.Kill();
        }
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await process.WaitForExitAsync();
            if (isInterrupted)
            {
                return ExitCode.Interrupted;
            }
            bool crashed = process.ExitCode > BySignal && process.ExitCode != ExitCode.Interrupted;
            if (crashed)
            {
                Screen.Error(Describe(process.ExitCode - BySignal, parsed));
                return ExitCode.BadInput;
            }
            return process.ExitCode;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static Process Start(IEnumerable<string> arguments, string scratch)
    {
        string program = Environment.ProcessPath!;
        // Started as "dotnet edge.dll", the program is not this one.
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var info = new ProcessStartInfo(program, isHost ? [typeof(ContainedRun).Assembly.Location, .. arguments] : arguments);
        info.Environment["TMPDIR"] = scratch;
        // A dump of memory helps nobody here and may take minutes.
        info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(info)!;
    }

    private static string Describe(int signal, ParseResult parsed)
    {
        string models = string.Join(" and ", parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value));
        return signal == 9
            ? $"{models}: running it was ended from outside, most likely because memory ran out; nothing was written: try smaller inputs"
            : $"{models}: ONNX Runtime crashed on it (signal {signal}), and nothing was written; a number in it asks the engine for something absurd: export the model again";
    }
}
