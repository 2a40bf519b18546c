using System.CommandLine;
using Edge.Cli.Fleet;
using Edge.Cli.Terminal;
using Edge.Cli.Verbs;
using Edge.Foundation;

namespace Edge.Cli;

/// <summary>The <c>edge</c> command.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("Edge: train or import a neural network, quantize it, package and sign it for small machines.")
        {
            TrainVerb.Create(),
            FinetuneVerb.Create(),
            RecipesVerb.Create(),
            ZooVerb.Create(),
            SynthVerb.Create(),
            LabelCheckVerb.Create(),
            EvalVerb.Create(),
            ExplainVerb.Create(),
            AttackVerb.Create(),
            ImportVerb.Create(),
            InspectVerb.Create(),
            DiffVerb.Create(),
            ExportVerb.Create(),
            QuantizeVerb.Create(),
            KeygenVerb.Create(),
            PackageVerb.Create(),
            VerifyVerb.Create(),
            FleetVerb.Create(),
            DemoVerb.Create(),
            DetectDemoVerb.Create(),
        };
        bool isWorker = arguments is [ContainedRun.Worker, ..];
        ParseResult parsed = root.Parse(isWorker ? arguments[1..] : arguments);
        if (arguments.Length == 0)
        {
            root.Parse(["--help"]).Invoke();
            return ExitCode.BadInput;
        }
        if (parsed.Errors.Count > 0)
        {
            return Fail(ExitCode.BadInput, ParseProblem.Describe(parsed));
        }
        try
        {
            if (!isWorker && ContainedRun.IsFor(parsed))
            {
                return await ContainedRun.RunAsync(arguments, parsed);
            }
            if (isWorker && Environment.GetEnvironmentVariable("EDGE_TRACE") != "1")
            {
                NativeErrors.Silence();
            }
            // Ctrl-C lets the work finish what it is writing, such as a checkpoint.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
            return await parsed.InvokeAsync(configuration);
        }
        catch (InputException e)
        {
            return Fail(ExitCode.BadInput, e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failure, e.Message);
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("EDGE_TRACE") != "1")
        {
            return Fail(ExitCode.Failure, $"{e.GetType().Name}: {e.Message} (EDGE_TRACE=1 shows where)");
        }
    }

    private static int Fail(int code, string message)
    {
        Screen.Error(message);
        return code;
    }
}
