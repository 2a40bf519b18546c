using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Data;
using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;
using Edge.Tool;
using Edge.Training;
using Edge.Training.Data;
using Edge.Zoo;

var tool = new ToolCommand("How many samples a second the loader gives by itself, and how many a net takes: the loader must be ahead.");
Option<int> imagesOption = tool.Count("--images", 12_800, "images of Fashion-MNIST");
Option<int> picturesOption = tool.Count("--pictures", 400, "JPEG files", least: 2);
return tool.Run(args, parsed => Run(parsed.GetValue(imagesOption), parsed.GetValue(picturesOption), parsed.GetValue(tool.Json)));

static int Run(int images, int pictures, string? json)
{
    var rows = new List<LoaderRow>();
    Console.WriteLine($"{"",-50} {"loader/s",10} {"training/s",11} {"ratio",7} {"waiting",8}");

    ImageDataset fashion = DatasetCatalog.Load(DatasetCatalog.FashionMnist).Train;
    OnnxModel ConvNet() => Edge.Zoo.ConvNet.Build(new ZooOptions());
    Dataset Fashion(params IAugmentation[] augmentations) => fashion.Prepare(Normalization.Unit(1), augmentations).Take(images);
    Measure("fashion-mnist, as it is; convnet", Fashion(), ConvNet(), 128);
    Measure("fashion-mnist, flip, crop, erasing; convnet", Fashion(new RandomFlip(), new RandomCrop(), new RandomErasing()), ConvNet(), 128);
    Measure("fashion-mnist, affine, blur, noise; convnet", Fashion(new RandomAffine(), new GaussianBlur(), new GaussianNoise()), ConvNet(), 128);

    string folder = Directory.CreateTempSubdirectory("edge-bench").FullName;
    try
    {
        PictureFolder.Write(folder, pictures);
        OnnxModel Vww() => MobileNetV1.Build(new ZooOptions { Channels = 3, Height = 96, Width = 96, Classes = 2 });
        Dataset Folder(long cache, params IAugmentation[] augmentations) =>
            ImageFolder.Load(folder, new ImageFolderOptions { CacheBytes = cache }).Train.Prepare(Normalization.Unit(3), augmentations);
        IAugmentation[] usual = [new RandomResizedCrop(), new RandomFlip(), new ColorJitter()];
        Measure("640×480 JPEG to 96×96, decoded each time; vww", Folder(0), Vww(), 32);
        Measure("the same, resized crop, flip, color; vww", Folder(0, usual), Vww(), 32);
        Measure("the same, kept decoded; vww", Folder(1 << 30, usual), Vww(), 32);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
    if (json is not null)
    {
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new { processors = Environment.ProcessorCount, rows }, JsonSerializerOptions.Web) + "\n");
    }
    return ExitCode.Success;

    void Measure(string name, Dataset data, OnnxModel model, int batch)
    {
        using var loader = new BatchLoader(data, new LoaderOptions { BatchSize = batch, Shuffle = true });
        // The first pass warms up, and decodes what is kept.
        _ = Pass(loader, 0);
        double alone = data.Count / Pass(loader, 1);
        using var trainer = new Trainer(model, data, new TrainerOptions { Epochs = 2, BatchSize = batch, ValidationFraction = 0 });
        TrainingResult result = trainer.Run();
        double all = result.Profile.Phases.Sum(phase => phase.Value.TotalSeconds);
        double waiting = result.Profile.Phases.Where(phase => phase.Key == TrainingPhase.Data).Sum(phase => phase.Value.TotalSeconds);
        var row = new LoaderRow(name, alone, result.SamplesPerSecond, waiting / all);
        rows.Add(row);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-50} {row.LoaderPerSecond,10:F0} {row.TrainingPerSecond,11:F0} {row.Ratio,7:F1} {row.WaitShare,8:P1}"));
    }
}

static double Pass(BatchLoader loader, int epoch)
{
    long begin = Stopwatch.GetTimestamp();
    foreach (Batch batch in loader.Epoch(epoch))
    {
        _ = batch.Count;
    }
    return Stopwatch.GetElapsedTime(begin).TotalSeconds;
}
