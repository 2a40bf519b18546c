using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Training.Recipes;

namespace Edge.Cli.Verbs;

/// <summary><c>edge finetune</c>: goes on training any ONNX model on other data, with another last layer where classes differ.</summary>
internal static class FinetuneVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("Where to write the trained model; checkpoints stand beside it meanwhile.");
        var file = new Option<string?>("--recipe") { Description = "A recipe for data, optimizer and the rest.", HelpName = "RECIPE" };
        Option<bool> json = CommonOptions.JsonOutput();
        var keys = new RecipeOptions();
        keys.Key<bool>("--head-only", "finetune.headOnly", "Train only the last layer.");
        keys.Key<bool>("--replace-head", "finetune.replaceHead", "Make the last layer anew; done by itself where the number of classes differs.");
        keys.Key<string[]>("--train", "finetune.train", "Train only weights whose names fit, with * and ?.", "PATTERN");
        keys.Key<string[]>("--freeze", "finetune.freeze", "Leave weights as they are whose names fit.", "PATTERN");
        keys.Key<bool>("--freeze-batch-norm", "finetune.freezeBatchNorm", "Leave running statistics as they are.");
        keys.Key<double?>("--body-rate", "finetune.bodyRate", "Multiplies the learning rate of everything but the last layer.", "X");
        keys.Key<string>("--teacher", "distill.teacher", "An ONNX model to learn from too.", "MODEL");
        keys.Key<double?>("--temperature", "distill.temperature", "How soft the teacher's probabilities are made (4).", "T");
        keys.Key<double?>("--teacher-weight", "distill.weight", "What the teacher counts beside the labels (0.5).", "P");
        var command = new Command("finetune", "Go on training a model on other data.") { model, output, file };
        keys.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parse, cancellation) =>
        {
            string source = parse.GetRequiredValue(model);
            RecipeOverride[] given = [new RecipeOverride("model.name", RecipeOptions.Quote(source, "model.name"), "MODEL"), .. keys.Given(parse)];
            string? path = parse.GetValue(file);
            if (path is null && !given.Any(item => item.Path == "data.source"))
            {
                throw new ToolException("edge finetune needs --data DATA or --recipe RECIPE (see edge finetune --help)");
            }
            if (!ModelSource.IsFile(source))
            {
                throw new ToolException($"{source}: no such file; edge finetune goes on with an ONNX model, edge train begins anew");
            }
            Recipe recipe = path is null ? Recipe.From(source, given) : Recipe.Load(path, given);
            var job = new TrainJob(recipe, OutputPath.Check(parse.GetRequiredValue(output))) { Resumes = parse.GetValue(keys.Resume), Profiles = parse.GetValue(keys.Profile) };
            return Task.FromResult(TrainReport.Print(job, TrainWork.Run(job, cancellation), parse.GetValue(json), "finetune"));
        });
        return command;
    }
}
