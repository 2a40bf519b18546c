using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Packages;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Metrics;
using Edge.Zoo;

namespace Edge.Cli.Training;

/// <summary>Trains a classifier and writes the model, with checkpoints on the way.</summary>
internal static class TrainWork
{
    /// <summary>Trains until done or cancelled; a checkpoint stands beside the model until it is done.</summary>
    internal static TrainOutcome Run(TrainRequest request, CancellationToken cancellation)
    {
        DatasetPair data = DatasetCatalog.Load(request.Data);
        string checkpoint = TrainRequest.CheckpointPath(request.OutputPath);
        TrainerOptions options = request.Options with { CheckpointPath = checkpoint };
        bool resumes = request.Resume && File.Exists(checkpoint);
        if (request.Resume && !resumes)
        {
            Screen.Note($"no checkpoint {checkpoint}: training begins anew");
        }
        var normalization = Normalization.Unit(data.Train.Channels);
        Dataset train = data.Train.Prepare(normalization);
        using Trainer trainer = resumes ? Trainer.Resume(checkpoint, train, options) : new Trainer(Build(request, data.Train), train, options);
        if (resumes)
        {
            Screen.Note($"goes on from {checkpoint}: {trainer.History.Count} epochs are done");
        }
        var view = new TrainingView(trainer);
        TrainingResult result = trainer.Run(view, cancellation);
        view.Finish();
        ModelCard card = Card(request, data, result);
        if (result.Reason == StopReason.Cancelled)
        {
            return new TrainOutcome(trainer.Model, card, result, null, data, view.Curves);
        }
        ClassificationMetrics test = trainer.Evaluate(data.Test.Prepare(normalization), cancellation).Classes!;
        card = card with { Training = card.Training! with { Metrics = new Dictionary<string, double> { ["accuracy"] = test.Accuracy, ["loss"] = test.Loss } } };
        card.Write(trainer.Model);
        trainer.Model.ProducerName = "edge";
        trainer.Model.ProducerVersion = Product.Version;
        trainer.Model.Save(request.OutputPath);
        File.Delete(checkpoint);
        return new TrainOutcome(trainer.Model, card, result, test, data, view.Curves);
    }

    private static OnnxModel Build(TrainRequest request, ImageDataset data)
    {
        if (request.Model.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || File.Exists(request.Model))
        {
            OnnxModel model = OnnxModel.Load(request.Model);
            ModelVerifier.ThrowIfInvalid(model, request.Model);
            return model;
        }
        return ZooCatalog.Build(request.Model, new ZooOptions
        {
            Channels = data.Channels,
            Height = data.Height,
            Width = data.Width,
            Classes = data.ClassNames.Count,
            Dropout = request.Dropout,
            Seed = request.Options.Seed,
        });
    }

    private static ModelCard Card(TrainRequest request, DatasetPair data, TrainingResult result) => new()
    {
        Task = ModelTask.Classify,
        Input = new InputSpec
        {
            Channels = data.Train.Channels,
            Height = data.Train.Height,
            Width = data.Train.Width,
            ColorOrder = data.Train.Channels == 1 ? ColorOrder.Grey : ColorOrder.Rgb,
        },
        Output = new OutputSpec { Family = OutputSpec.Classifier },
        Labels = data.Train.ClassNames,
        Training = new TrainingProvenance
        {
            DataSet = request.Data,
            Architecture = Path.GetFileName(request.Model),
            Seed = (long)request.Options.Seed,
            Epochs = result.History.Count,
            Samples = data.Train.Count,
            Tool = $"edge {Product.Version}, libtorch {Libtorch.Version}",
        },
    };
}
