using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Foundation;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;
using Edge.Zoo;

namespace Edge.Cli.Verbs;

/// <summary><c>edge train</c>: trains a model of the zoo, or goes on training any ONNX model.</summary>
internal static class TrainVerb
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"A model of the zoo ({string.Join(", ", ZooCatalog.Names)}), or an ONNX file to go on with.", HelpName = "MODEL" };
        Option<string> output = CommonOptions.Output("Where to write the trained model; checkpoints stand beside it meanwhile.");
        Option<string> data = CommonOptions.Data();
        var epochs = new Option<int>("--epochs") { Description = "How often each training sample is seen.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var seconds = new Option<double?>("--seconds") { Description = "Stop after about this long, even if epochs are left.", HelpName = "S" };
        var batch = new Option<int>("--batch") { Description = "Samples in a step.", DefaultValueFactory = _ => 128, HelpName = "N" };
        var optimizer = new Option<string>("--optimizer") { Description = "adam, adamw or sgd.", DefaultValueFactory = _ => "adam", HelpName = "NAME" };
        var rate = new Option<double?>("--lr") { Description = "Learning rate; the optimizer's own default unless given.", HelpName = "X" };
        var schedule = new Option<string>("--schedule") { Description = "How the learning rate changes: constant, step, cosine, one-cycle or plateau.", DefaultValueFactory = _ => "cosine", HelpName = "NAME" };
        var dropout = new Option<float>("--dropout") { Description = "Share of units that dropout silences, for models of the zoo.", HelpName = "P" };
        var validation = new Option<double>("--validation") { Description = "Share of the training samples kept back to validate with.", DefaultValueFactory = _ => 0.1, HelpName = "P" };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same model.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var device = new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto", HelpName = "DEVICE" };
        var resume = new Option<bool>("--resume") { Description = "Go on from the last checkpoint." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("train", "Train a model on a data set, and write it as ONNX.") { model, output, data, epochs, seconds, batch, optimizer, rate, schedule, dropout, validation, seed, device, resume, json };
        command.SetAction((parse, cancellation) =>
        {
            OptimizerOptions chosen = OptimizerOptions.Parse(parse.GetRequiredValue(optimizer));
            Device where = Device.Select(parse.GetRequiredValue(device), out string? fallback);
            if (fallback is not null)
            {
                Screen.Note(fallback);
            }
            var request = new TrainRequest
            {
                Model = parse.GetRequiredValue(model),
                Data = parse.GetRequiredValue(data),
                OutputPath = parse.GetRequiredValue(output),
                Dropout = parse.GetValue(dropout),
                Resume = parse.GetValue(resume),
                Options = new TrainerOptions
                {
                    Epochs = parse.GetValue(epochs),
                    TimeBudget = parse.GetValue(seconds) is { } limit ? TimeSpan.FromSeconds(limit) : null,
                    BatchSize = parse.GetValue(batch),
                    Optimizer = parse.GetValue(rate) is { } given ? chosen with { LearningRate = given } : chosen,
                    Schedule = Schedule.Parse(parse.GetRequiredValue(schedule)),
                    ValidationFraction = parse.GetValue(validation),
                    Seed = parse.GetValue(seed),
                    Device = where,
                },
            };
            TrainOutcome outcome = TrainWork.Run(request, cancellation);
            return Task.FromResult(Report(request, outcome, parse.GetValue(json)));
        });
        return command;
    }

    private static int Report(TrainRequest request, TrainOutcome outcome, bool json)
    {
        if (outcome.Test is null)
        {
            Screen.Note($"stopped; 'edge train … --resume' goes on from {TrainRequest.CheckpointPath(request.OutputPath)}");
            return ExitCode.Interrupted;
        }
        Screen.Line(json
            ? Json.Text(new { model = request.OutputPath, testAccuracy = outcome.Test.Accuracy, testLoss = outcome.Test.Loss, outcome.Result.Steps, imagesPerSecond = outcome.Result.SamplesPerSecond, seconds = outcome.Result.Elapsed.TotalSeconds, outcome.Result.History })
            : string.Create(CultureInfo.InvariantCulture, $"{request.OutputPath}: test accuracy {outcome.Test.Accuracy:P2}, loss {outcome.Test.Loss:F4}; {outcome.Result.SamplesPerSecond:N0} images/s, {outcome.Result.Elapsed.TotalSeconds:F0} s"));
        return ExitCode.Success;
    }
}
