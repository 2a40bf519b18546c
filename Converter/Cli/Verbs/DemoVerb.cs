using System.CommandLine;
using Edge.Cli.Demo;
using Edge.Cli.Terminal;
using Edge.Foundation;

namespace Edge.Cli.Verbs;

/// <summary><c>edge demo</c>: the whole line on Fashion-MNIST.</summary>
internal static class DemoVerb
{
    internal static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "Where everything goes.", DefaultValueFactory = _ => "out/demo", HelpName = "FOLDER" };
        var seconds = new Option<double>("--seconds") { Description = "Train no longer than about this, even if epochs are left.", DefaultValueFactory = _ => 150, HelpName = "S" };
        var pictures = new Option<int>("--pictures") { Description = "How many test pictures the runtime gets.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = "Of the training's random numbers.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var runtime = new Option<string?>("--runtime") { Description = "The native edge-runtime; found beside edge unless given.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("demo", "Train, quantize, package, sign, run and report on Fashion-MNIST, and show what came of it.") { folder, seconds, pictures, seed, runtime, json };
        command.SetAction(async (parse, cancellation) =>
        {
            var options = new DemoOptions
            {
                Folder = parse.GetRequiredValue(folder),
                TrainingTime = TimeSpan.FromSeconds(parse.GetValue(seconds)),
                Pictures = parse.GetValue(pictures),
                Seed = parse.GetValue(seed),
                RuntimePath = parse.GetValue(runtime) ?? FindRuntime(),
            };
            DemoReport report = await new DemoWork(options).RunAsync(cancellation);
            Print(report, options, parse.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(DemoReport report, DemoOptions options, bool json)
    {
        if (json)
        {
            Screen.Line(Json.Text(report));
            return;
        }
        Screen.Table(DemoTable.Header, DemoTable.Rows(report));
        Screen.Table(["stage", "seconds"], report.Stages.Select(stage => (string[])[stage.Name, stage.Seconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)]));
        Screen.Line($"Look at it:            {options.Folder}/report.html  (figures: report.json)");
        Screen.Line($"Try your own pictures: out/bin/edge-runtime infer {options.Folder}/fashion-int8-1.0.0.edgepkg PICTURE.jpg --trust {options.Folder}/keys/demo.pub");
        Screen.Line("Train on your own data (a folder with IDX files, named as MNIST's):");
        Screen.Line("  out/bin/edge train convnet --data FOLDER -o my.onnx");
        Screen.Line("  out/bin/edge quantize my.onnx --data FOLDER -o my-int8.onnx");
        Screen.Line("  out/bin/edge keygen my.key && out/bin/edge package my-int8.onnx --key my.key");
    }

    /// <summary>The native runtime beside this program.</summary>
    internal static string FindRuntime()
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, "edge-runtime"), Path.Combine(AppContext.BaseDirectory, "..", "edge-runtime", "edge-runtime")];
        return Array.Find(places, File.Exists) ?? throw new ToolException("edge-runtime is not beside edge; build it with 'make build', or say where it is with --runtime");
    }
}
