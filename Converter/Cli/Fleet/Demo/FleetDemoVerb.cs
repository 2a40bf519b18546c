using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Foundation;

namespace Edge.Cli.Fleet.Demo;

/// <summary><c>edge fleet demo</c>: a whole fleet on this machine.</summary>
internal static class FleetDemoVerb
{
    internal static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "Where everything goes; replaced.", DefaultValueFactory = _ => "out/demo-fleet", HelpName = "FOLDER" };
        var devices = new Option<int>("--devices") { Description = "How many devices.", DefaultValueFactory = _ => 20, HelpName = "N" };
        var runtime = new Option<string?>("--runtime") { Description = "The native edge-runtime; found beside edge unless given.", HelpName = "FILE" };
        var command = new Command("demo", "A broker, a server and real devices: a good release, a slow one, a wrong one, and a power cut.") { folder, devices, runtime };
        command.SetAction(async (parse, cancellation) =>
        {
            if (parse.GetValue(devices) is < 4 or > 200)
            {
                throw new FleetException("devices: give 4 to 200");
            }
            string[] places = [Path.Combine(AppContext.BaseDirectory, "edge-runtime"), Path.Combine(AppContext.BaseDirectory, "..", "edge-runtime", "edge-runtime")];
            string program = parse.GetValue(runtime) ?? Array.Find(places, File.Exists)
                ?? throw new ToolException("edge-runtime is not beside edge; build it with 'make build', or say where it is with --runtime");
            using var demo = new FleetDemo(parse.GetRequiredValue(folder), parse.GetValue(devices), program);
            return await demo.RunAsync(cancellation) ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }
}
