using System.CommandLine;
using Edge.Runtime.Service;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime run --config FILE [--stats FILE]</c>.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var config = new Option<string>("--config") { Description = "the configuration", HelpName = "FILE", Required = true };
        var stats = new Option<string?>("--stats") { Description = "where to write what the run did, as JSON, when it ends", HelpName = "FILE" };
        var command = new Command("run", "Runs the pipelines of a configuration until their sources are through or a signal comes.") { config, stats };
        command.SetAction(parsed => Runner.Run(parsed.GetRequiredValue(config), parsed.GetValue(stats)));
        return command;
    }
}
