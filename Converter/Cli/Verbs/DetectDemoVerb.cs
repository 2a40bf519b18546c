using System.CommandLine;
using System.Globalization;
using Edge.Cli.Demo.Detector;
using Edge.Cli.Terminal;
using Edge.Foundation;

namespace Edge.Cli.Verbs;

/// <summary><c>edge demo-detect</c>: a detector of one's own from nothing.</summary>
internal static class DetectDemoVerb
{
    internal static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "Where everything goes.", DefaultValueFactory = _ => "out/demo-detect", HelpName = "FOLDER" };
        var recipe = new Option<string>("--recipe") { Description = "How the detector is trained.", DefaultValueFactory = _ => "recipes/edgedet-n.yaml", HelpName = "RECIPE" };
        var scenes = new Option<int>("--scenes") { Description = "Scenes to train with.", DefaultValueFactory = _ => 2000, HelpName = "N" };
        var singles = new Option<int>("--singles") { Description = "Pictures of one item each, for the first layers.", DefaultValueFactory = _ => 40_000, HelpName = "N" };
        var held = new Option<int>("--val") { Description = "Scenes to judge with.", DefaultValueFactory = _ => 500, HelpName = "N" };
        var set = new Option<string[]>("--set") { Description = "A key of the recipe: training.epochs=10.", HelpName = "KEY=VALUE" };
        var seed = new Option<ulong>("--seed") { Description = "Of scenes and training.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var runtime = new Option<string?>("--runtime") { Description = "The native edge-runtime; found beside edge unless given.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("demo-detect", "Make scenes, train a detector on them, quantize, package, sign and run it, and draw what it sees.") { folder, recipe, scenes, singles, held, set, seed, runtime, json };
        command.SetAction(async (parse, cancellation) =>
        {
            var options = new DetectDemoOptions
            {
                Folder = parse.GetRequiredValue(folder),
                RecipePath = parse.GetRequiredValue(recipe),
                BackboneRecipePath = Path.Combine(Path.GetDirectoryName(parse.GetRequiredValue(recipe)) ?? "", "edgedet-n-backbone.yaml"),
                RuntimePath = parse.GetValue(runtime) ?? DemoVerb.FindRuntime(),
                Settings = parse.GetValue(set) ?? [],
                Scenes = EvalVerb.Checked(parse.GetValue(scenes), 10, 1_000_000, "--scenes"),
                Singles = EvalVerb.Checked(parse.GetValue(singles), 100, 1_000_000, "--singles"),
                Held = EvalVerb.Checked(parse.GetValue(held), 1, 100_000, "--val"),
                Seed = parse.GetValue(seed),
            };
            Print(await new DetectDemoWork(options).RunAsync(cancellation), options, parse.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(DetectDemoReport report, DetectDemoOptions options, bool json)
    {
        if (json)
        {
            Screen.Line(Json.Text(report));
            return;
        }
        Screen.Table(
            ["", "float32", "int8"],
            [
                ["AP at overlap 0.5, held-out scenes", Text($"{report.EdgedetAp50:F3}"), Text($"{report.EdgedetInt8Ap50:F3}")],
                ["AP at overlaps 0.50 to 0.95", Text($"{report.EdgedetAp:F3}"), Text($"{report.EdgedetInt8Ap:F3}")],
                ["model bytes", Text($"{report.FloatBytes:N0}"), Text($"{report.Int8Bytes:N0}")],
                ["inference, ms, one thread", Text($"{report.FloatInferMs:F2}"), Text($"{report.Int8InferMs:F2}")],
            ]);
        Screen.Line(Text($"Training took {report.BackboneSeconds:F0} s and {report.TrainSeconds:F0} s, together {report.TrainProcessorSeconds:F0} s of processor time; everything {report.DemoSeconds:F0} s."));
        Screen.Line($"Look at it:            {options.Folder}/report.html, {options.Folder}/detections.jpg, {options.Folder}/pictures  (figures: report.json)");
        Screen.Line($"Try your own pictures: out/bin/edge-runtime infer {options.Folder}/edgedet-int8-1.0.0.edgepkg PICTURE.jpg --trust {options.Folder}/keys/demo.pub --draw seen.png");
        Screen.Line("Train on your own annotations (COCO JSON, or a folder of YOLO or Pascal VOC labels):");
        Screen.Line($"  out/bin/edge label-check my.json && out/bin/edge train recipes/edgedet-n.yaml --data my.json --set data.test=0.2 --set model.backbone={options.Folder}/backbone.onnx -o my.onnx");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
