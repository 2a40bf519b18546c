using System.CommandLine;
using Edge.Foundation;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime check --config FILE</c>.</summary>
internal static class CheckVerb
{
    internal static Command Create()
    {
        var config = new Option<string>("--config") { Description = "the configuration", HelpName = "FILE", Required = true };
        var command = new Command("check", "Checks a configuration and everything that it names, without starting anything: one line a problem.") { config };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(config)));
        return command;
    }

    private static int Run(string path)
    {
        var problems = new Problems();
        RuntimeConfig? config = ConfigFile.Examine(path, problems);
        if (config is not null)
        {
            SurroundingsCheck.Check(config, problems);
        }
        foreach (string problem in problems.Lines)
        {
            Console.Error.WriteLine($"edge-runtime: {path}: {Reporting.Log.OneLine(problem)}");
        }
        if (problems.Count == 0)
        {
            Console.Out.WriteLine($"{path}: {config!.Pipelines.Count} {(config.Pipelines.Count == 1 ? "pipeline" : "pipelines")}: everything is in order");
        }
        return problems.Count == 0 ? ExitCode.Success : ExitCode.BadInput;
    }
}
