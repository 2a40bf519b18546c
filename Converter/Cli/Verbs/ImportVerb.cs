using System.CommandLine;
using System.CommandLine.Parsing;
using Edge.Cli.Import;
using Edge.Cli.Samples;
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
        Option<InputNormalization?> normalize = NormalizeOption.Create("Fold the input's normalisation into the first layer, so that the model takes raw pixels");
        var uint8 = new Option<bool>("--uint8") { Description = "Take uint8 pixels." };
        var nchw = new Option<bool>("--nchw") { Description = "Take an [N,H,W,C] input as [N,C,H,W]." };
        var picture = new Option<string?>("--picture") { Description = "The input that --normalize, --uint8 and --nchw are about; found unless given.", HelpName = "NAME" };
        var float16 = new Option<Float16Use?>("--float16")
        {
            Description = "weights: store the weights as float16, which halves the file; the model computes in float32 as before. all: compute in float16 too. Weights where nothing follows.",
            HelpName = "weights|all",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => result.Tokens.Count == 0 ? Float16Use.Weights : Float16(result),
        };
        var ports = new Option<bool>("--float16-io") { Description = "With --float16 all: take and give float16 too, instead of float32." };
        var opset = new Option<int?>("--opset") { Description = "The opset to upgrade to; 17 where the model is older, unless given.", HelpName = "N" };
        var unproven = new Option<bool>("--no-verify-run") { Description = "Write the model without running it against its source." };
        Option<Dictionary<string, double>> fill = FillOption.Create();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.JsonOutput();
        opset.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long number) && number is <= UpgradeOpset.Oldest or > OpsetChanges.Newest)
            {
                result.AddError($"--opset: {number} cannot be reached; choose {UpgradeOpset.Oldest + 1} to {OpsetChanges.Newest}");
            }
        });
        var command = new Command("import", "Take in an ONNX model: upgrade it, clean it, prove in ONNX Runtime that it computes the same, and say what it is.") { model, output, inputs, normalize, uint8, nchw, picture, float16, ports, opset, unproven, fill, threads, json };
        SampleOptions samples = SampleOptions.AddTo(command, normalize);
        command.Validators.Add(result =>
        {
            if (result.GetValue(ports) && result.GetValue(float16) != Float16Use.All)
            {
                result.AddError("--float16-io: goes with --float16 all");
            }
        });
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
                Float16Ports = parse.GetValue(ports),
                Samples = samples.Files(parse),
                Color = samples.Color(parse),
                Fill = parse.GetValue(fill),
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

    private static Float16Use? Float16(ArgumentResult result)
    {
        if (Enum.TryParse(result.Tokens[0].Value, ignoreCase: true, out Float16Use use) && Enum.IsDefined(use) && !char.IsAsciiDigit(result.Tokens[0].Value[0]))
        {
            return use;
        }
        result.AddError($"--float16: '{result.Tokens[0].Value}' is neither weights nor all");
        return null;
    }
}
