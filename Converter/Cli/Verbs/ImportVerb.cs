using System.CommandLine;
using Edge.Cli.Import;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Passes;

namespace Edge.Cli.Verbs;

/// <summary><c>edge import</c>: somebody else's model, cleaned and proven.</summary>
internal static class ImportVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("Where to write the imported model.");
        Option<Dictionary<string, TensorShape>> inputs = ShapeOption.Create();
        Option<InputNormalization?> normalize = NormalizeOption.Create();
        var uint8 = new Option<bool>("--uint8") { Description = "Take uint8 pixels." };
        var nchw = new Option<bool>("--nchw") { Description = "Take an [N,H,W,C] input as [N,C,H,W]." };
        var picture = new Option<string?>("--picture") { Description = "The input that --normalize, --uint8 and --nchw are about; found unless given.", HelpName = "NAME" };
        var float16 = new Option<bool>("--float16") { Description = "Store the weights as float16, which halves the file; the model computes in float32 as before." };
        var opset = new Option<int?>("--opset") { Description = "The opset to upgrade to; 17 where the model is older, unless given.", HelpName = "N" };
        var unproven = new Option<bool>("--no-verify-run") { Description = "Write the model without running it against its source." };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.JsonOutput();
        opset.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long number) && number is <= UpgradeOpset.Oldest or > OpsetChanges.Newest)
            {
                result.AddError($"--opset: {number} cannot be reached; choose {UpgradeOpset.Oldest + 1} to {OpsetChanges.Newest}");
            }
        });
        var command = new Command("import", "Take in an ONNX model: upgrade it, clean it, prove in ONNX Runtime that it computes the same, and say what it is.") { model, output, inputs, normalize, uint8, nchw, picture, float16, opset, unproven, threads, json };
        command.SetAction(parse =>
        {
            ImportOutcome outcome = ImportWork.Run(new ImportRequest
            {
                Source = parse.GetRequiredValue(model),
                Target = OutputPath.Check(parse.GetRequiredValue(output)),
                Inputs = parse.GetValue(inputs),
                Normalize = parse.GetResult(normalize) is not null,
                Normalization = parse.GetValue(normalize) is { } found && !ReferenceEquals(found, NormalizeOption.GraphOnly) ? found : null,
                UInt8 = parse.GetValue(uint8),
                Nchw = parse.GetValue(nchw),
                Picture = parse.GetValue(picture),
                Float16 = parse.GetValue(float16),
                Opset = parse.GetValue(opset),
                Prove = !parse.GetValue(unproven),
                Threads = parse.GetValue(threads),
            });
            if (outcome.Report is not { } report)
            {
                Screen.Error(outcome.Refusal!);
                return ExitCode.Failure;
            }
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(report));
            }
            else
            {
                ImportPrinter.Print(report);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
