using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>Judges a detector through the pipeline of the device: decoder, preprocessing, engine and boxes are those of edge-runtime.</summary>
internal static class DetectionWork
{
    /// <summary>Boxes below this score do not count: nearly all do, as COCO is judged.</summary>
    internal const float LeastScore = 0.01f;

    private const int MostBoxes = 300;
    private const int MaximumFileBytes = 256 << 20;

    /// <summary>Judges.</summary>
    /// <exception cref="DataException">The data name classes that the model does not know, or a picture is missing.</exception>
    /// <exception cref="InferenceException">Model and card do not fit.</exception>
    internal static DetectionResult Run(DetectionJob job, CancellationToken cancellation)
    {
        using VisionModel model = VisionModel.Open(Pack(job), new SessionSettings { Threads = job.Threads });
        using VisionRunner runner = model.CreateRunner(MostBoxes);
        using var reader = new FileReader { MaxBytes = MaximumFileBytes };
        float threshold = runner.Threshold;
        runner.Threshold = LeastScore;
        int[] classes = Classes(job, model.Labels);
        var evaluator = new DetectionEvaluator();
        var confusion = new DetectionConfusion(model.Labels.Count, threshold);
        var pictures = new List<JudgedPicture>();
        (long decode, long preprocess, long infer, long postprocess) = (0, 0, 0, 0);
        var progress = new ProgressLine();
        IReadOnlyList<AnnotatedImage> images = Choose(job);
        foreach (AnnotatedImage image in images)
        {
            cancellation.ThrowIfCancellationRequested();
            VisionResult seen = See(runner, reader, image.Path);
            FoundBox[] found = [.. seen.Detections.ToArray().Select(box => new FoundBox(new PixelBox(box.Left, box.Top, box.Width, box.Height), box.Class, box.Score))];
            TrueBox[] truth = [.. image.Boxes.Select(box => box with { Class = classes[box.Class] })];
            evaluator.Add(truth, found);
            confusion.Add(truth, found);
            var one = new DetectionConfusion(model.Labels.Count, threshold);
            one.Add(truth, found);
            pictures.Add(Judge(image.Path, truth, [.. found.Where(box => box.Score >= threshold)], one));
            StageTimings times = seen.Timings;
            (decode, preprocess, infer, postprocess) = (decode + times.Decode, preprocess + times.Preprocess, infer + times.Infer, postprocess + times.Postprocess);
            progress.Show($"eval: {pictures.Count} of {images.Count} pictures");
        }
        progress.Clear();
        return new DetectionResult
        {
            Source = job.Source,
            Data = job.Data.Name,
            Names = model.Labels,
            Metrics = evaluator.Compute(),
            Confusion = confusion,
            Threshold = threshold,
            Pictures = pictures,
            Milliseconds = (Mean(decode), Mean(preprocess), Mean(infer), Mean(postprocess)),
        };

        double Mean(long ticks) => StageTimings.Milliseconds(ticks) / pictures.Count;
    }

    private static Package Pack(DetectionJob job)
    {
        var manifest = new Manifest
        {
            Name = "judged",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = job.Card.Input,
            Output = job.Card.Output,
        };
        List<PackageContent> files = [PackageContent.Model(job.Model.ToBytes())];
        if (job.Card.Labels.Count > 0)
        {
            files.Add(PackageContent.Labels(job.Card.Labels));
        }
        return Package.Read(PackageWriter.ToBytes(manifest, files), job.Source, PackageTrust.AllowUnsigned);
    }

    // The data's classes as the model numbers them: by name, or, where the model has no names, as they are.
    private static int[] Classes(DetectionJob job, IReadOnlyList<string> labels)
    {
        IReadOnlyList<string> names = job.Data.ClassNames;
        if (job.Card.Labels.Count == 0 || names.SequenceEqual(labels))
        {
            return names.Count <= labels.Count
                ? [.. Enumerable.Range(0, names.Count)]
                : throw new DataException($"{job.Data.Name}: has {names.Count} classes, {job.Source} tells {labels.Count} apart; use the data it was made for");
        }
        int[] places = [.. names.Select(name => labels.ToList().FindIndex(label => string.Equals(label, name, StringComparison.OrdinalIgnoreCase)))];
        int unknown = Array.IndexOf(places, -1);
        return unknown < 0
            ? places
            : throw new DataException($"{job.Data.Name}: its class '{names[unknown]}' is none of {job.Source}, which knows {string.Join(", ", labels.Take(12))}{(labels.Count > 12 ? ", …" : "")}; name the classes alike");
    }

    private static IReadOnlyList<AnnotatedImage> Choose(DetectionJob job)
    {
        IReadOnlyList<AnnotatedImage> images = job.Data.Images;
        if (images.Count == 0)
        {
            throw new DataException($"{job.Data.Name}: has no pictures; give annotated ones");
        }
        if (job.Limit <= 0 || job.Limit >= images.Count)
        {
            return images;
        }
        int[] order = [.. Enumerable.Range(0, images.Count)];
        new SplitMix64(job.Seed).Shuffle(order);
        return [.. order.Take(job.Limit).Order().Select(index => images[index])];
    }

    private static VisionResult See(VisionRunner runner, FileReader reader, string path)
    {
        try
        {
            return runner.Run(reader.Read(path), path);
        }
        catch (ImageException e)
        {
            throw new DataException($"{e.Message}; edge label-check lists all pictures that are missing or damaged", e);
        }
    }

    private static JudgedPicture Judge(string path, TrueBox[] truth, FoundBox[] found, DetectionConfusion one)
    {
        (long missed, long confused, long extra) = (0, 0, 0);
        foreach (int number in truth.Select(box => box.Class).Distinct())
        {
            missed += one[number, one.Background];
            confused += found.Select(box => box.Class).Distinct().Where(other => other != number).Sum(other => one[number, other]);
        }
        extra = found.Select(box => box.Class).Distinct().Sum(number => one[one.Background, number]);
        return new JudgedPicture(path, truth, found, missed, confused, extra);
    }
}
