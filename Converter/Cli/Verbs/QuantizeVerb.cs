using System.CommandLine;
using Edge.Cli.Evaluation;
using Edge.Cli.Quantization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Quantizer;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Schemes;
using Edge.Quantizer.Targets;

namespace Edge.Cli.Verbs;

/// <summary><c>edge quantize</c>: a float model to 8-bit whole numbers.</summary>
internal static class QuantizeVerb
{
    private static readonly string[] Repairs = ["equalize", "smooth", "adaround", "bias"];

    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("Where to write the quantized model; the report goes beside it as .report.json.");
        var inputs = new QuantizeInputs();
        var method = new Option<CalibrationMethod?>("--method") { Description = "How the range of an activation is found: minmax, movingaverage, percentile, entropy or mse. Without it all are tried, and the best is taken." };
        var repair = new Option<string[]>("--repair") { Description = "Repair before rounding: equalize (channels between layers), smooth (from activations into the weights behind them, for nets of matrix products), adaround (which way weights round), bias (move means back); repeat for more.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        repair.AcceptOnlyFromAmong(Repairs);
        var percentile = new Option<double>("--percentile") { Description = "The share of values that the range holds, in percent.", DefaultValueFactory = _ => 99.99, HelpName = "P" };
        var scheme = new Option<QuantizationScheme>("--scheme") { Description = "What becomes of the model: static (QDQ), dynamic, int8weights, int4weights, float16 or bfloat16." };
        var block = new Option<int>("--block-size") { Description = "Weights with one scale, for weights in blocks.", DefaultValueFactory = _ => 32, HelpName = "N" };
        var qat = new Option<int>("--qat") { Description = "Train with roundings in place for this many epochs of the calibration samples, taught by the float model.", HelpName = "EPOCHS" };
        var target = new Option<string>("--target") { Description = $"The chip to quantize for: {string.Join(", ", QuantizationTarget.All.Select(item => item.Name))}; this machine's unless given.", DefaultValueFactory = _ => QuantizationTarget.OfThisMachine.Name, HelpName = "NAME" };
        var activations = new Option<QuantizedType?>("--activations") { Description = "Numbers for activations: uint8, int8, uint16 or int16; the target's own unless given." };
        var perTensor = new Option<bool>("--per-tensor") { Description = "One scale for each weight tensor, rather than one for each channel." };
        var clip = new Option<bool>("--clip-weights") { Description = "Clip the largest weights of a channel where that makes the squared error smaller." };
        var keep = new Option<string[]>("--keep-float") { Description = "A node that stays float; repeat for more.", HelpName = "NODE" };
        var drop = new Option<double?>("--max-drop") { Description = "Keep sensitive layers float until the metric has lost at most this much: 0.005 is half a point.", HelpName = "X" };
        var speed = new Option<bool>("--speed") { Description = "Measure layers on this machine, and keep those float that int8 makes slower." };
        var fold = new Option<bool>("--uint8-input") { Description = "Let the model take pictures as the 8-bit numbers that it computes with; its package says how devices make them." };
        var cache = new Option<string?>("--cache") { Description = "Keep what calibration saw in this file, and use it where it is there already.", HelpName = "FILE" };
        var explain = new Option<string?>("--explain") { Description = "Show what quantization does to this layer: values, ranges of all methods, noise.", HelpName = "LAYER" };
        var html = new Option<string?>("--html") { Description = "Write a page to look at, complete in one file.", HelpName = "FILE" };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("quantize", "Quantize a model to 8 bits (QDQ) and compare the task's metric, size and latency before and after.") { model, output };
        inputs.AddTo(command);
        foreach (Option option in new Option[] { method, repair, percentile, target, activations, perTensor, clip, keep, drop, speed, scheme, block, qat, fold, cache, explain, html, threads, json })
        {
            command.Options.Add(option);
        }
        inputs.Card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string path = OutputPath.Check(parse.GetRequiredValue(output));
            string? page = parse.GetValue(html) is { } file ? OutputPath.Check(file) : null;
            if (parse.GetValue(explain) is not null && parse.GetValue(scheme) != QuantizationScheme.Static)
            {
                throw new ToolException("--explain looks at activations, which only --scheme static quantizes");
            }
            var options = new QuantizationOptions
            {
                Method = parse.GetValue(method) ?? CalibrationMethod.MinMax,
                Percentile = parse.GetValue(percentile),
                Target = QuantizationTarget.Find(parse.GetRequiredValue(target)),
                Activations = parse.GetValue(activations),
                PerChannel = !parse.GetValue(perTensor),
                ClipWeights = parse.GetValue(clip),
                KeepFloat = (parse.GetValue(keep) ?? []).Distinct().ToDictionary(name => name, _ => "asked for"),
            };
            options.Validate();
            if (parse.GetValue(fold) && parse.GetValue(scheme) != QuantizationScheme.Static)
            {
                throw new ToolException("--uint8-input needs a model whose first layer computes on whole numbers, which only --scheme static makes");
            }
            if (parse.GetValue(drop) is { } most && !(most is >= 0 and < 1))
            {
                throw new ToolException(FormattableString.Invariant($"--max-drop {most}: must be at least 0 and less than 1, such as 0.005"));
            }
            QuantizeRequest request = inputs.Request(parse, JudgedModel.Open(parse.GetRequiredValue(model)), options, parse.GetValue(threads), parse.GetValue(scheme) == QuantizationScheme.Static, cancellation) with
            {
                ChoosesMethod = parse.GetValue(method) is null,
                Repairs = [.. (parse.GetValue(repair) ?? []).Distinct()],
                MaxDrop = parse.GetValue(drop),
                Speed = parse.GetValue(speed),
                Scheme = parse.GetValue(scheme),
                BlockSize = parse.GetValue(block),
                QatEpochs = EvalVerb.Checked(parse.GetValue(qat), 0, 10_000, "--qat"),
                Explain = parse.GetValue(explain),
                Cache = parse.GetValue(cache),
                FoldsInput = parse.GetValue(fold),
            };
            var job = new QuantizeJob(request, cancellation);
            QuantizationReport report = job.Run();
            job.Quantized.Model.Save(path);
            AtomicFile.WriteAllText(Path.ChangeExtension(path, ".report.json"), Json.Text(report) + "\n");
            if (page is not null)
            {
                QuantizationPage.Of(report, job).Save(page);
                Screen.Note($"wrote {page}");
            }
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(report));
            }
            else
            {
                QuantizationPrinter.Print(report, path);
                if (parse.GetValue(explain) is { } layer)
                {
                    LayerExplanation.Print(job, report, layer);
                }
            }
            return Task.FromResult(report.Precision is { IsWithin: false } ? ExitCode.Failure : ExitCode.Success);
        });
        return command;
    }
}
