using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Imaging;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>Trains a generator and a discriminator; the generator is the result, the other stands beside it.</summary>
internal static class GanWork
{
    internal static TrainOutcome Run(TrainJob job, TrainerOptions options, TrainingData data, CancellationToken cancellation)
    {
        Recipe recipe = job.Recipe;
        RecipeGan gan = recipe.Gan!;
        OnnxModel discriminator = ModelSource.IsFile(gan.Discriminator)
            ? ModelSource.Load(gan.Discriminator)
            : ZooModels.Build(gan.Discriminator, recipe.GanKeys, data.Train, null, recipe.Seed + 1);
        var pair = new GanOptions { DiscriminatorRate = gan.LearningRate, Smoothing = gan.Smoothing };
        using GanTrainer trainer = TrainWork.FindsCheckpoint(job)
            ? GanTrainer.Resume(job.CheckpointPath, discriminator, data.Train, options, pair)
            : new GanTrainer(ModelSource.Build(recipe, data), discriminator, data.Train, options, pair);
        TrainWork.SayWhatIsDone(job, trainer.History);
        OnnxModel generator = trainer.Generator;
        var view = new TrainingView(() => trainer.History) { IsQuiet = job.IsQuiet };
        TrainingResult result = trainer.Run(view, cancellation);
        view.Finish();
        if (result.Reason == StopReason.Cancelled)
        {
            return new TrainOutcome(generator, null, result, data, view.Curves);
        }
        Provenance.Write(generator, null, recipe, data);
        Provenance.Write(discriminator, null, recipe, data);
        generator.Save(job.OutputPath);
        string beside = Path.ChangeExtension(job.OutputPath, ".discriminator.onnx");
        discriminator.Save(beside);
        File.Delete(job.CheckpointPath);
        Screen.Note($"{beside}: the discriminator");
        return new TrainOutcome(generator, null, result, data, view.Curves)
        {
            Metrics = new Dictionary<string, double> { ["loss"] = result.History[^1].TrainLoss },
            Pictures = Pictures(trainer.Sample(gan.Samples, recipe.Seed), gan.Samples, data.Train.Inputs[0]),
        };
    }

    /// <summary>Samples from −1 to 1 as PNG files; nothing where samples are no pictures.</summary>
    private static List<byte[]> Pictures(float[] values, int count, Field field)
    {
        var pictures = new List<byte[]>();
        if (field.Shape.Length != 3 || field.Shape[0] is not (1 or 3))
        {
            return pictures;
        }
        (int channels, int height, int width) = (field.Shape[0], field.Shape[1], field.Shape[2]);
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        for (int index = 0; index < count; index++)
        {
            pixels.Resize(width, height, channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24);
            for (int place = 0; place < field.Length; place++)
            {
                float level = (values[(index * field.Length) + place] + 1) * 127.5f;
                pixels.Pixels[(place % (height * width) * channels) + (place / (height * width))] = (byte)Math.Clamp(level + 0.5f, 0, 255);
            }
            pictures.Add(encoder.EncodePng(pixels).ToArray());
        }
        return pictures;
    }
}
